package dev.sluice.limiter.config;

import dev.sluice.csp.Reply;
import dev.sluice.limiter.process.Limiter;
import dev.sluice.limiter.process.envoy.EnvoyLimiter;
import dev.sluice.store.StoreStatus;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** Asks every process that counts how it finds its engine. */
@Singleton
class Engines {
  private final Limiter limiter;
  private final Optional<EnvoyLimiter> envoy;

  @Inject
  Engines(Limiter limiter, Optional<EnvoyLimiter> envoy) {
    this.limiter = limiter;
    this.envoy = envoy;
  }

  /** The answers to come, by the shard's number, and that of Envoy's side by {@code envoy}. */
  SequencedMap<String, Reply<StoreStatus>> ask() {
    var asked = new LinkedHashMap<String, Reply<StoreStatus>>();
    List<Reply<StoreStatus>> shards = limiter.stores();
    for (int shard = 0; shard < shards.size(); shard++) {
      asked.put(Integer.toString(shard), shards.get(shard));
    }
    envoy.ifPresent(side -> asked.put("envoy", side.store()));
    return asked;
  }
}
