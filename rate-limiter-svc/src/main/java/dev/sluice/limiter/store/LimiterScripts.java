package dev.sluice.limiter.store;

import dev.sluice.store.redis.RedisScript;
import java.util.List;

/**
 * The Lua scripts: one an algorithm and one for leases, each of which is one decision, and one that
 * counts hits.
 */
final class LimiterScripts {
  static final RedisScript TOKEN_BUCKET = read("token_bucket.lua");
  static final RedisScript SLIDING_WINDOW = read("sliding_window.lua");
  static final RedisScript FIXED_WINDOW = read("fixed_window.lua");
  static final RedisScript COUNT = read("count.lua");
  static final RedisScript LEASES = read("leases.lua");
  static final List<RedisScript> ALL =
      List.of(TOKEN_BUCKET, SLIDING_WINDOW, FIXED_WINDOW, COUNT, LEASES);

  private LimiterScripts() {}

  private static RedisScript read(String file) {
    return RedisScript.beside(LimiterScripts.class, file);
  }
}
