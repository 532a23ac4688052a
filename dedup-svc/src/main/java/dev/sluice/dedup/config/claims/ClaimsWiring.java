package dev.sluice.dedup.config.claims;

import dev.sluice.dedup.config.DedupConfig;
import dev.sluice.dedup.config.SqliteStore;
import dev.sluice.dedup.config.StoreWiring;
import dev.sluice.dedup.process.claims.ClaimAsk;
import dev.sluice.dedup.process.claims.ClaimSettings;
import dev.sluice.dedup.process.claims.Claims;
import dev.sluice.dedup.store.RedisStores;
import dev.sluice.dedup.store.SeenStore;
import dev.sluice.dedup.store.claims.ClaimStore;
import dev.sluice.dedup.store.claims.MemoryClaimStore;
import dev.sluice.service.Durations;
import dev.sluice.service.life.ServiceLife;
import dev.sluice.store.Fingerprint;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts idempotency claims together. */
@Singleton
public class ClaimsWiring {
  private static final String PREFIX = "sluice.dedup.claims.";

  /**
   * Where the shards keep the claims.
   *
   * @param engine the seen keys' stores, whose engine keeps the claims too
   */
  @Produces
  @Singleton
  ClaimStore.Factory claimStores(
      DedupConfig dedup, ClaimsConfig config, SqliteStore sqlite, SeenStore.Factory engine) {
    if (sqlite.engine().isPresent()) {
      return sqlite
          .engine()
          .get()
          .claimStores(config.maxEntries(), config.maxBytes().asLongValue());
    }
    if (engine instanceof RedisStores redis) {
      return (_, wake) -> redis.openClaims(dedup.redis().lookAgain(), wake);
    }
    int shards = shards(config);
    return (shard, _) ->
        new MemoryClaimStore(
            (int) StoreWiring.share(config.maxEntries(), shard, shards),
            StoreWiring.share(config.maxBytes().asLongValue(), shard, shards));
  }

  /** Starts their processes. */
  @Produces
  @Singleton
  @Startup
  Claims claims(
      ServiceLife life,
      DedupConfig dedup,
      ClaimsConfig config,
      ClaimStore.Factory stores,
      Fingerprint.Secret secret)
      throws InterruptedException {
    Claims claims =
        Claims.start(life.scope(), life.monitor(), settings(dedup, config, secret), stores);
    life.onDrain(claims::close);
    return claims;
  }

  private static ClaimSettings settings(
      DedupConfig dedup, ClaimsConfig config, Fingerprint.Secret secret) {
    try {
      return new ClaimSettings(
          shards(config),
          dedup.inbox(),
          config.maxWaiters(),
          config.maxWait(),
          config.maxLease(),
          config.maxTtl(),
          config.maxResponse().asLongValue(),
          config.drain(),
          secret);
    } catch (ClaimAsk.Invalid wrong) {
      throw new ConfigurationException(
          PREFIX
              + wrong.field()
              + " is "
              + Durations.format(wrong.value())
              + ", must be from "
              + Durations.format(wrong.least())
              + " to "
              + Durations.format(wrong.most()));
    }
  }

  /** How many processes share the keys; each keeps one at least. */
  public static int shards(ClaimsConfig config) {
    return StoreWiring.shards(config.shards(), config.maxEntries());
  }
}
