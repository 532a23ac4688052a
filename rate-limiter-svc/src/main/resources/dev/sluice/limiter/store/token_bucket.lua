-- One decision on one token bucket.
--
-- The bucket is what TokenBucket keeps, the instant at which it will be full, in two integers: the whole
-- microseconds since 1970, and the rest in units of 1/rate nanosecond, of which a microsecond has 1000 * rate
-- (the radix). Both stay below 2^53, so Lua's doubles hold them exactly, and nothing is done to them but to add,
-- subtract and compare. What has to be multiplied or divided comes so already, or is left to the caller.
--
-- KEYS[1]       the bucket
-- ARGV[1]       ACQUIRE, PEEK, RELEASE or RESET
-- ARGV[2]       the radix
-- ARGV[3], [4]  what the permits are worth in time: microseconds, rest
-- ARGV[5], [6]  ACQUIRE: what the permits beside them are worth, of all that the bucket holds
--               RELEASE: what one permit fewer is worth
-- answers       {now} in microseconds, and with it {at, rest} as they were if there was a bucket
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local operation = ARGV[1]

if operation == 'RESET' then
  redis.call('DEL', KEYS[1])
  return {now}
end

local kept = redis.call('GET', KEYS[1])
local at, rest = now, 0
if kept then
  at, rest = string.match(kept, '^(%d+) (%d+)$')
  at, rest = tonumber(at), tonumber(rest)
end
local before = kept and {now, at, rest} or {now}
if operation == 'PEEK' then
  return before
end

local radix, worth, part = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local otherWorth, otherPart = tonumber(ARGV[5]), tonumber(ARGV[6])

local function isAfter(a, aRest, b, bRest)
  return a > b or (a == b and aRest > bRest)
end

local function keep()
  if isAfter(at, rest, now, 0) then
    local millis = math.ceil((at + 1 - now) / 1000) + 1
    redis.call('SET', KEYS[1], string.format('%d %d', at, rest), 'PX', string.format('%d', millis))
  elseif kept then
    redis.call('DEL', KEYS[1])
  end
end

if operation == 'ACQUIRE' then
  if at < now then
    at, rest = now, 0
  end
  -- The permits are there when what is missing fits into what they leave.
  if not isAfter(at, rest, now + otherWorth, otherPart) then
    at, rest = at + worth, rest + part
    if rest >= radix then
      at, rest = at + 1, rest - radix
    end
    keep()
  end
elseif isAfter(at, rest, now + otherWorth, otherPart) then -- RELEASE, and all of them are missing
  at, rest = at - worth, rest - part
  if rest < 0 then
    at, rest = at - 1, rest + radix
  end
  keep()
elseif kept then -- RELEASE of more than are missing: it is full
  redis.call('DEL', KEYS[1])
end
return before
