-- A cached value. KEYS: its key, then the turns of its surrogate keys. ARGV: seconds that a turn is remembered.
-- Answers the value (false: none), then the turns it has to be kept under. A turn that is not there, also because it was
-- evicted, begins anew with the time, so that it is never one of before.
local time = redis.call('TIME')
local turns = {}
for number = 2, #KEYS do
  local turn = redis.call('GET', KEYS[number])
  if not turn then
    turn = time[1] .. string.format('%06d', tonumber(time[2]))
    redis.call('SET', KEYS[number], turn, 'EX', ARGV[1])
  end
  turns[number - 1] = turn
end
local answer = {redis.call('GET', KEYS[1] .. ':' .. table.concat(turns, ':')), table.concat(turns, ':')}
return answer
