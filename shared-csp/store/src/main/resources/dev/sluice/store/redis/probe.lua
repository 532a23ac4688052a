-- Finds out whether the server would carry out a script that writes; changes nothing.
--
-- KEYS[1]  a key that nobody uses
-- answers  {}
redis.call('DEL', KEYS[1])
return {}
