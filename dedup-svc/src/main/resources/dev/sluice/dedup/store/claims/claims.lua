-- One operation on the claim of one key. Times are microseconds, instants since 1970; all numbers are below 2^53, which
-- Lua's doubles hold exactly.
--
-- KEYS[1]  a hash: "fence", the last one; "end", until when the key is remembered; and of the present claim, or of how
--          it ended, "token", "lease", when it runs out, "request", as below, and if it is completed "response". What
--          is aborted leaves the fence.
-- ARGV[1]  CLAIM, COMPLETE, ABORT or RENEW
-- ARGV[2]  the token
--
-- CLAIM     lease, ttl, request: empty when it is not said
-- COMPLETE  response
-- ABORT     -
-- RENEW     lease
--
-- answers   {what became of it, ...}, and with it
--           1 claimed        fence, when the lease runs out, until when the key is remembered
--           2 in progress    how long until the lease runs out
--           3 completed      until when, and to CLAIM the response
--           4 other request  -
--           5 aborted        -
--           6 lost           -
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local key, operation, token = KEYS[1], ARGV[1], ARGV[2]

local kept = redis.call('HMGET', key, 'token', 'fence', 'lease', 'end', 'request', 'response')
local owner, fence, request, response = kept[1], tonumber(kept[2] or 0), kept[5], kept[6]
local lease, finish = tonumber(kept[3] or 0), tonumber(kept[4] or 0)
local completed = response and finish > now
local inProgress = owner and not response and lease > now

local function whole(number)
  return string.format('%d', number)
end

-- Gone once the millisecond is over in which it ends.
local function keepUntil(instant)
  redis.call('PEXPIREAT', key, whole(math.ceil(instant / 1000)))
end

if operation == 'CLAIM' then
  if completed or inProgress then
    if request ~= '' and ARGV[5] ~= '' and request ~= ARGV[5] then
      return {4}
    elseif completed then
      return {3, finish, response}
    end
    return {2, lease - now}
  end
  fence = math.max(now, fence + 1)
  lease, finish = now + ARGV[3], now + ARGV[4]
  redis.call('HSET', key, 'token', token, 'fence', whole(fence), 'lease', whole(lease), 'end', whole(finish),
    'request', ARGV[5])
  redis.call('HDEL', key, 'response')
  keepUntil(finish)
  return {1, fence, lease, finish}
end

if operation == 'COMPLETE' and completed and owner == token and response == ARGV[3] then
  return {3, finish}
elseif not inProgress or owner ~= token then
  return {6}
elseif operation == 'COMPLETE' then
  redis.call('HSET', key, 'response', ARGV[3])
  return {3, finish}
elseif operation == 'ABORT' then
  redis.call('HDEL', key, 'token', 'lease', 'request')
  return {5}
end

-- RENEW
lease = now + ARGV[3]
finish = math.max(finish, lease)
keepUntil(finish) -- writes, so that a server that is full carries out what follows
redis.call('HSET', key, 'lease', whole(lease), 'end', whole(finish))
return {1, fence, lease, finish}
