-- One decision on one fixed window.
--
-- The window is what FixedWindow keeps: when the unit of the calendar that is counted ends, in seconds since 1970,
-- and the count.
--
-- KEYS[1]  the window
-- ARGV[1]  ACQUIRE, PEEK, RELEASE or RESET
-- ARGV[2]  permits
-- ARGV[3]  the limit
-- ARGV[4]  SECOND, MINUTE, HOUR, DAY, WEEK, MONTH or YEAR
-- answers  {now} in microseconds, and with it {ends, count} as they were if there was a window
local time = redis.call('TIME')
local second = tonumber(time[1])
local now = second * 1000000 + time[2]
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

local DAY = 86400
local LENGTH = {SECOND = 1, MINUTE = 60, HOUR = 3600, DAY = DAY, WEEK = 7 * DAY}
local FIRST_MONDAY = 4 * DAY

-- Days from 1970-01-01 to the first of a month; the year begins in March, month 0, so that its leap day is its last.
-- (Howard Hinnant, chrono-compatible low-level date algorithms.)
local function firstOf(year, month)
  local era = math.floor(year / 400)
  local ofEra = year - era * 400
  local day = math.floor((153 * month + 2) / 5)
  return era * 146097 + ofEra * 365 + math.floor(ofEra / 4) - math.floor(ofEra / 100) + day - 719468
end

local function endOf(unit)
  local length = LENGTH[unit]
  if length then
    local origin = unit == 'WEEK' and FIRST_MONDAY or 0
    return second - math.fmod(second - origin, length) + length
  end
  local today = math.floor(second / DAY)
  local year = math.floor((today + 719468) / 365.2425)
  if firstOf(year, 0) > today then
    year = year - 1
  elseif firstOf(year + 1, 0) <= today then
    year = year + 1
  end
  if unit == 'YEAR' then -- ends with December, month 9
    local january = firstOf(year, 10)
    return (january > today and january or firstOf(year + 1, 10)) * DAY
  end
  local month = 1
  while firstOf(year, month) <= today and month < 12 do
    month = month + 1
  end
  return (month < 12 and firstOf(year, month) or firstOf(year + 1, 0)) * DAY
end

local permits, limit = tonumber(ARGV[2]), tonumber(ARGV[3])
local ends, count = before[2], before[3]
if not kept or second >= ends then
  ends, count = nil, 0
end

local function keep()
  ends = ends or endOf(ARGV[4])
  local millis = ends * 1000 - math.floor(now / 1000) + 1
  redis.call('SET', KEYS[1], string.format('%d %d', ends, count), 'PX', string.format('%d', millis))
end

if operation == 'ACQUIRE' then
  if count + permits <= limit then
    count = count + permits
    keep()
  end
elseif permits >= count then -- RELEASE of all there is
  redis.call('DEL', KEYS[1])
else
  count = count - permits
  keep()
end
return before
