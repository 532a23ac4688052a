-- One operation on the leases of one key. Times are microseconds, instants since 1970; all numbers are below 2^53, which
-- Lua's doubles hold exactly.
--
-- KEYS[1]  a sorted set: each lease's id, by the instant at which it runs out
-- KEYS[2]  a hash: each lease's id with "permits ttl since fence holder", and beside them "out", how many permits are
--          out, and "fence", the last one
-- ARGV[1]  ACQUIRE, RENEW, RELEASE or LOOK
--
-- ACQUIRE  id, permits, limit, ttl, holder
-- RENEW    id, ttl (0: as before)
-- RELEASE  id
-- LOOK     how many leases to tell of
--
-- answers  {now, how many leases have been found run out, done (1) or not (0), out, ...}, and with it
--          ACQUIRE  done: fence; not: when the next lease runs out (0: there is none)
--          RENEW    done: permits, ttl, since, fence, holder
--          RELEASE  done: permits
--          LOOK     how many leases, when the next one runs out, and of each permits, ttl, since, fence, when it runs
--                   out, holder
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local byExpiry, byId = KEYS[1], KEYS[2]
local operation, id = ARGV[1], ARGV[2]

local function whole(number)
  return string.format('%d', number)
end

-- permits, ttl, since, fence, holder; nothing if there is no such lease
local function lease(of)
  local kept = redis.call('HGET', byId, of)
  if kept then
    local permits, ttl, since, fence, holder = string.match(kept, '^(%d+) (%d+) (%d+) (%d+) (.*)$')
    return tonumber(permits), tonumber(ttl), tonumber(since), tonumber(fence), holder
  end
end

local out = tonumber(redis.call('HGET', byId, 'out') or 0)

local function remove(of, permits)
  redis.call('ZREM', byExpiry, of)
  redis.call('HDEL', byId, of)
  out = out - permits
end

local function keep()
  if out == 0 then
    redis.call('DEL', byExpiry, byId)
  else
    local last = redis.call('ZRANGE', byExpiry, -1, -1, 'WITHSCORES')
    local millis = whole(math.ceil((last[2] - now) / 1000) + 1)
    redis.call('HSET', byId, 'out', whole(out))
    redis.call('PEXPIRE', byExpiry, millis)
    redis.call('PEXPIRE', byId, millis)
  end
end

local over = redis.call('ZRANGEBYSCORE', byExpiry, '-inf', whole(now))
for _, each in ipairs(over) do
  remove(each, (lease(each)))
end
if #over > 0 then
  keep()
end

local function nextExpiry()
  return tonumber(redis.call('ZRANGE', byExpiry, 0, 0, 'WITHSCORES')[2] or 0)
end

local function put(permits, ttl, since, fence, holder)
  local text = string.format('%d %d %d %d %s', permits, ttl, since, fence, holder)
  redis.call('HSET', byId, id, text)
  redis.call('ZADD', byExpiry, whole(now + ttl), id)
  keep()
end

if operation == 'ACQUIRE' then
  local permits = tonumber(ARGV[3])
  if out + permits > tonumber(ARGV[4]) then
    return {now, #over, 0, out, nextExpiry()}
  end
  local fence = math.max(now, 1 + (redis.call('HGET', byId, 'fence') or 0))
  out = out + permits
  redis.call('HSET', byId, 'fence', whole(fence))
  put(permits, tonumber(ARGV[5]), now, fence, ARGV[6])
  return {now, #over, 1, out, fence}
elseif operation == 'RENEW' then
  local permits, ttl, since, fence, holder = lease(id)
  if not permits then
    return {now, #over, 0, out}
  end
  local asked = tonumber(ARGV[3])
  if asked > 0 then
    ttl = asked
  end
  put(permits, ttl, since, fence, holder)
  return {now, #over, 1, out, permits, ttl, since, fence, holder}
elseif operation == 'RELEASE' then
  local permits = lease(id)
  if not permits then
    return {now, #over, 0, out}
  end
  remove(id, permits)
  keep()
  return {now, #over, 1, out, permits}
end

-- LOOK
local answer = {now, #over, 1, out, redis.call('ZCARD', byExpiry), nextExpiry()}
local most = tonumber(ARGV[2])
if most > 0 then
  local found = redis.call('ZRANGE', byExpiry, 0, whole(most - 1), 'WITHSCORES')
  for i = 1, #found, 2 do
    local permits, ttl, since, fence, holder = lease(found[i])
    for _, each in ipairs({permits, ttl, since, fence, tonumber(found[i + 1]), holder}) do
      table.insert(answer, each)
    end
  end
end
return answer
