-- Counts hits in one window of one counter.
--
-- KEYS[1]  the counter, and the window
-- ARGV[1]  the hits; negative ones are taken off, down to zero
-- ARGV[2]  for how many seconds to keep the count: as long as the window is
-- ARGV[3]  the most that is counted, below 2^53, so that Lua's doubles hold every count exactly
-- answers  {before, after}
local before = tonumber(redis.call('GET', KEYS[1]) or 0)
local after = math.max(0, math.min(before + ARGV[1], tonumber(ARGV[3])))
if after ~= before then
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'EX', ARGV[2])
end
return {before, after}
