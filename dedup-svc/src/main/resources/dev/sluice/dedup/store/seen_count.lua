-- Counts the windows that have not ended, and those that end within a bucket which is not over.
--
-- KEYS[1]  a hash as in seen.lua
-- answers  {count}
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local count = 0
local kept = redis.call('HGETALL', KEYS[1])
for i = 1, #kept, 2 do
  local width, n = string.match(kept[i], '^(%d+):(%d+)$')
  if (n + 1) * 2 ^ width > now then
    count = count + kept[i + 1]
  end
end
return {count}
