package dev.sluice.dedup.store;

import dev.sluice.store.redis.RedisScript;

/** The Lua scripts of seen keys. */
final class SeenScripts {
  static final RedisScript SEEN = RedisScript.beside(SeenScripts.class, "seen.lua");
  static final RedisScript COUNT = RedisScript.beside(SeenScripts.class, "seen_count.lua");

  private SeenScripts() {}
}
