package dev.sluice.dedup.config;

import dev.sluice.csp.Reply;
import dev.sluice.dedup.process.Deduplicator;
import dev.sluice.store.StoreStatus;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Asks every process that keeps something how it finds its engine. */
@Singleton
class Engines {
  private final Deduplicator deduplicator;

  @Inject
  Engines(Deduplicator deduplicator) {
    this.deduplicator = deduplicator;
  }

  /** The answers to come, by the shard's number. */
  SequencedMap<String, Reply<StoreStatus>> ask() {
    var asked = new LinkedHashMap<String, Reply<StoreStatus>>();
    List<Reply<StoreStatus>> shards = deduplicator.stores();
    for (int shard = 0; shard < shards.size(); shard++) {
      asked.put(Integer.toString(shard), shards.get(shard));
    }
    return asked;
  }
}
