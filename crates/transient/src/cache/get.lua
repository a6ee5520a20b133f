-- A cached value. KEYS: its key, then the turns of its surrogate keys. ARGV: seconds that a turn is remembered.
-- Answers the value (false: none), then the turns it has to be kept under.
local turns = {}
for number = 2, #KEYS do
  turns[number - 1] = redis.call('GET', KEYS[number]) or '0'
end
local answer = {redis.call('GET', KEYS[1] .. ':' .. table.concat(turns, ':')), table.concat(turns, ':')}
return answer
