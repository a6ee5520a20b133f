-- One call under one or several rate limits: counted under all of them, or, where one says no, under none. KEYS: who and
-- what, for each limit. ARGV, two for each: microseconds for one call, microseconds of the window.
-- Answers two numbers for each: the microseconds to wait (0: this limit allows it) and those until nothing is owed any more.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local answer, after, allowed = {}, {}, true
for number, key in ipairs(KEYS) do
  local interval, window = tonumber(ARGV[2 * number - 1]), tonumber(ARGV[2 * number])
  local due = math.max(tonumber(redis.call('GET', key) or '0'), now)
  local next_due = due + interval
  local wait = math.max(next_due - now - window, 0)
  allowed = allowed and wait == 0
  after[number] = next_due
  answer[2 * number - 1] = wait
  answer[2 * number] = (wait == 0 and next_due or due) - now
end
if allowed then
  for number, key in ipairs(KEYS) do
    local owed = math.ceil((after[number] - now) / 1000)
    redis.call('SET', key, string.format('%.0f', after[number]), 'PX', owed)
  end
end
-- Where another limit said no, nothing is owed for this call.
if not allowed then
  for number in ipairs(KEYS) do
    if answer[2 * number - 1] == 0 then
      answer[2 * number] = answer[2 * number] - tonumber(ARGV[2 * number - 1])
    end
  end
end
return answer
