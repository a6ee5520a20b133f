-- Keeps a value under the turns that were seen before it was made: where one has moved on since, nobody will find it.
-- KEYS: its key. ARGV: the turns, the value, milliseconds it is good for.
redis.call('SET', KEYS[1] .. ':' .. ARGV[1], ARGV[2], 'PX', ARGV[3])
return 1
