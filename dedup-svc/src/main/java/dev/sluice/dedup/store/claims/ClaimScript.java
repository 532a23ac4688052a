package dev.sluice.dedup.store.claims;

import dev.sluice.store.redis.RedisScript;

/** The Lua script of claims. */
public final class ClaimScript {
  /** Carries out one operation on one claim. */
  public static final RedisScript CLAIMS = RedisScript.beside(ClaimScript.class, "claims.lua");

  private ClaimScript() {}
}
