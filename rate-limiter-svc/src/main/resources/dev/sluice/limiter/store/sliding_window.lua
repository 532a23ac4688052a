-- One decision on one sliding window.
--
-- The window is what SlidingWindow keeps: the number of the latest slice in which anything was taken, and the counts
-- of the eleven slices that end with it, the latest first. A slice is a whole number of microseconds. All numbers
-- stay below 2^53, so Lua's doubles hold them exactly.
--
-- KEYS[1]  the window
-- ARGV[1]  ACQUIRE, PEEK, RELEASE or RESET
-- ARGV[2]  permits
-- ARGV[3]  the limit
-- ARGV[4]  a slice in microseconds
-- answers  {now} in microseconds, and with it {latest, count, ...} as they were if there was a window
local COUNTS = 11

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local operation = ARGV[1]

if operation == 'RESET' then
  redis.call('DEL', KEYS[1])
  return {now}
end

local kept = redis.call('GET', KEYS[1])
local before = {now}
for number in string.gmatch(kept or '', '%d+') do
  table.insert(before, tonumber(number))
end
if operation == 'PEEK' then
  return before
end

local permits, limit, slice = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local current = (now - math.fmod(now, slice)) / slice
local latest = before[2] or current
if current < latest then -- the clock has gone back
  current = latest
end

-- The counts as of the current slice; those older than the window are left behind.
local counts, used = {}, 0
for i = 1, COUNTS do
  counts[i] = before[2 + i - (current - latest)]
  if i <= current - latest or not kept then
    counts[i] = 0
  end
  used = used + counts[i]
end

local function keep()
  local numbers = {string.format('%d', current)}
  for i = 1, COUNTS do
    table.insert(numbers, string.format('%d', counts[i]))
  end
  local millis = math.ceil(((current + COUNTS) * slice + 1 - now) / 1000) + 1
  redis.call('SET', KEYS[1], table.concat(numbers, ' '), 'PX', string.format('%d', millis))
end

if operation == 'ACQUIRE' then
  if used + permits <= limit then
    counts[1] = counts[1] + permits
    keep()
  end
elseif permits >= used then -- RELEASE of all there is
  redis.call('DEL', KEYS[1])
else -- RELEASE, those taken last first
  for i = 1, COUNTS do
    local part = math.min(permits, counts[i])
    counts[i] = counts[i] - part
    permits = permits - part
  end
  keep()
end
return before
