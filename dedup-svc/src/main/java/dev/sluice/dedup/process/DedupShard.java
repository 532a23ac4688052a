package dev.sluice.dedup.process;

import dev.sluice.csp.Shards;
import dev.sluice.dedup.process.DedupMessage.GetStore;
import dev.sluice.dedup.process.DedupMessage.Request;
import dev.sluice.dedup.process.DedupMessage.Requests;
import dev.sluice.dedup.process.DedupMessage.Wake;
import dev.sluice.dedup.store.SeenStore;
import dev.sluice.store.EpochClock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides for the keys of one shard. It takes one request after the other, so of any number of
 * callers that come at once one is first. The store may answer later ({@link SeenStore}).
 *
 * <p>What has expired is swept between batches, a bounded number at a time, so that nobody waits
 * long for it.
 */
final class DedupShard implements Shards.Owner<DedupMessage> {
  private final SeenStore store;
  private final EpochClock clock;
  private long nextSweep;

  DedupShard(SeenStore store, EpochClock clock) {
    this.store = store;
    this.clock = clock;
    this.nextSweep = clock.nanos();
  }

  @Override
  public void handle(DedupMessage message) {
    switch (message) {
      case Request(var operation, var reply) ->
          store.submit(operation, clock.nanos(), outcome -> reply.complete(Decision.of(outcome)));
      case Requests requests -> seeAll(requests);
      case GetStore(var reply) -> reply.complete(store.status());
      case Wake() -> store.collect();
    }
  }

  @Override
  public @Nullable Duration tick() {
    store.collect();
    long now = clock.nanos();
    if (now >= nextSweep) {
      long pause = store.sweep(now);
      nextSweep = pause == Long.MAX_VALUE ? Long.MAX_VALUE : now + pause;
    }
    store.flush();
    return nextSweep == Long.MAX_VALUE ? null : Duration.ofNanos(Math.max(0, nextSweep - now));
  }

  @Override
  public boolean isIdle() {
    return !store.isWaiting();
  }

  private void seeAll(Requests requests) {
    int size = requests.all().size();
    var decisions = new Decision[size];
    int[] open = {size}; // owned by this process, as all answers come on it
    for (int i = 0; i < size; i++) {
      int place = i;
      store.submit(
          requests.all().get(i),
          clock.nanos(),
          outcome -> {
            decisions[place] = Decision.of(outcome);
            if (--open[0] == 0) {
              requests.reply().complete(List.of(decisions));
            }
          });
    }
  }
}
