package dev.sluice.dedup.process;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Shards;
import dev.sluice.dedup.store.Seen;
import dev.sluice.dedup.store.SeenStore;
import dev.sluice.dedup.store.StoreFullException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides for the keys of one shard. It takes one request after the other, so of any number of
 * callers that come at once one is first.
 *
 * <p>What has expired is swept between batches, a bounded number at a time, so that nobody waits
 * long for it.
 */
final class DedupShard implements Shards.Owner<See> {
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

  /** How many entries go in one sweep: more than a batch brings, about a millisecond's work. */
  static final int SWEEP_MOST = 1_000;

  private final SeenStore store;
  private final Clock clock;

  DedupShard(SeenStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public void handle(See request) {
    request.reply().complete(decide(request));
  }

  @Override
  public @Nullable Duration tick() {
    if (store.sweep(clock.nanos(), SWEEP_MOST)) {
      return Duration.ZERO; // after the requests that have come meanwhile
    }
    return store.size() == 0 ? null : SWEEP_EVERY;
  }

  @Override
  public boolean isIdle() {
    return true;
  }

  private Decision decide(See request) {
    try {
      Seen seen = store.see(request.key(), request.ttl(), clock.nanos(), clock.instant());
      return new Decision.Sighting(
          seen.times() == 1, seen.times(), seen.firstSeenAt(), seen.expiresAt());
    } catch (StoreFullException full) {
      return new Decision.StoreFull(String.valueOf(full.getMessage()), full.roomIn());
    }
  }
}
