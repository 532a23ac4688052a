package dev.sluice.dedup.config;

import dev.sluice.csp.Reply;
import dev.sluice.dedup.process.Deduplicator;
import dev.sluice.dedup.process.claims.Claims;
import dev.sluice.store.StoreStatus;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Asks every process that keeps something how it finds its engine. */
@Singleton
class Engines {
  private final Deduplicator deduplicator;
  private final Claims claims;

  @Inject
  Engines(Deduplicator deduplicator, Claims claims) {
    this.deduplicator = deduplicator;
    this.claims = claims;
  }

  /** The answers to come, by the shard's number; of claims {@code claims-} and the number. */
  SequencedMap<String, Reply<StoreStatus>> ask() {
    var asked = new LinkedHashMap<String, Reply<StoreStatus>>();
    add("", deduplicator.stores(), asked);
    add("claims-", claims.stores(), asked);
    return asked;
  }

  private static void add(
      String prefix, List<Reply<StoreStatus>> shards, Map<String, Reply<StoreStatus>> asked) {
    for (int shard = 0; shard < shards.size(); shard++) {
      asked.put(prefix + shard, shards.get(shard));
    }
  }
}
