-- One operation on one seen key. Times are microseconds, instants since 1970; all numbers are below 2^53, which Lua's
-- doubles hold exactly.
--
-- KEYS[1]  the key: "first end times width", the window's first instant, the first one after it, how often it was
--          seen, and the width of the bucket it is counted in
-- KEYS[2]  a hash that counts the windows of the keys around this one by when they end: "width:n" is how many do so
--          from n * 2^width on, and before (n + 1) * 2^width
-- ARGV[1]  SEE, PEEK or FORGET
--
-- SEE      ttl, width, whether to extend (1) or not (0)
--
-- answers  {} the key is not within a window
--          {times, first, end}, by FORGET what they were
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local key, counts = KEYS[1], KEYS[2]

local function whole(number)
  return string.format('%d', number)
end

-- The first millisecond at which none of the instants before is left.
local function millis(instant)
  return math.ceil(instant / 1000)
end

local function bucket(finish, width)
  return width .. ':' .. whole(math.floor(finish / 2 ^ width))
end

local function finishOf(field)
  local width, n = string.match(field, '^(%d+):(%d+)$')
  return (n + 1) * 2 ^ width
end

-- Buckets that are over count nothing any more. There are about a hundred that are not for each magnitude of ttl.
local function tidy(latest)
  for _, each in ipairs(redis.call('HKEYS', counts)) do
    local finish = finishOf(each)
    if finish <= now then
      redis.call('HDEL', counts, each)
    else
      latest = math.max(latest, finish)
    end
  end
  redis.call('PEXPIREAT', counts, whole(millis(latest)))
end

local function add(field)
  if redis.call('HINCRBY', counts, field, 1) == 1 then
    tidy(finishOf(field))
  end
end

local function take(field)
  if redis.call('HINCRBY', counts, field, -1) < 1 then
    redis.call('HDEL', counts, field)
  end
end

local first, finish, times, width
local kept = redis.call('GET', key)
if kept then
  first, finish, times, width = string.match(kept, '^(%d+) (%d+) (%d+) (%d+)$')
  first, finish, times = tonumber(first), tonumber(finish), tonumber(times)
end
local within = kept and finish > now

if ARGV[1] == 'PEEK' then
  return within and {times, first, finish} or {}
elseif ARGV[1] == 'FORGET' then
  if not within then
    return {}
  end
  redis.call('DEL', key)
  take(bucket(finish, width))
  return {times, first, finish}
end

-- SEE
local before = kept and bucket(finish, width)
local ends = now + ARGV[2]
if not within then
  first, finish, times, width = now, ends, 0, ARGV[3]
elseif ARGV[4] == '1' and ends > finish then
  finish, width = ends, ARGV[3]
end
times = times + 1
if kept then
  redis.call('DEL', key) -- what takes the place of another is not refused by a server that is full
end
local text = whole(first) .. ' ' .. whole(finish) .. ' ' .. whole(times) .. ' ' .. width
redis.call('SET', key, text, 'PXAT', whole(millis(finish)))
local after = bucket(finish, width)
if after ~= before then
  add(after)
  if before then
    take(before)
  end
end
return {times, first, finish}
