-- One call under a rate limit. KEYS[1]: who and what. ARGV: microseconds for one call, microseconds of the window.
-- Answers the microseconds to wait (0: allowed and counted) and those until nothing is owed any more.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local interval, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local next_due = due + interval
local wait = next_due - now - window
if wait > 0 then
  return {wait, due - now}
end
redis.call('SET', KEYS[1], string.format('%.0f', next_due), 'PX', math.ceil((next_due - now) / 1000))
return {0, next_due - now}
