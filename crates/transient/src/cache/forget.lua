-- Moves the turns of surrogate keys on: what was kept under them is found no more, and goes when its time is over.
-- KEYS: the turns. ARGV: seconds that a turn is remembered, longer than anything is kept.
local time = redis.call('TIME')
for _, key in ipairs(KEYS) do
  redis.call('SET', key, time[1] .. string.format('%06d', tonumber(time[2])), 'EX', ARGV[1])
end
return 1
