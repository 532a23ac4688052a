package dev.sluice.limiter.process;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Shards;
import dev.sluice.limiter.store.BucketKey;
import dev.sluice.limiter.store.BucketStore;
import dev.sluice.limiter.store.StoreFullException;
import dev.sluice.limiter.store.TokenBucket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Decides for the keys of one shard. Who cannot be served at once but within the wait asked for
 * stands in the queue of the bucket; the queue is served first come, first served, each at the
 * exact instant its permits are there. Nobody overtakes a queue, and nobody is let wait in vain.
 */
final class LimiterShard implements Shards.Owner<Acquire> {
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

  private final BucketStore store;
  private final int maxWaiters;
  private final Clock clock;
  private final Map<BucketKey, WaitingLine> lines = new HashMap<>();
  private final PriorityQueue<WaitingLine> byDue =
      new PriorityQueue<>(Comparator.comparingLong(line -> line.due));
  private long nextSweep;

  LimiterShard(BucketStore store, int maxWaiters, Clock clock) {
    this.store = store;
    this.maxWaiters = maxWaiters;
    this.clock = clock;
    this.nextSweep = clock.nanos() + SWEEP_EVERY.toNanos();
  }

  @Override
  public void handle(Acquire request) {
    long now = clock.nanos();
    grantDue(now);
    WaitingLine line = lines.get(request.bucket());
    TokenBucket bucket;
    try {
      bucket = line == null ? store.bucket(request.bucket(), now) : line.bucket;
    } catch (StoreFullException full) {
      request.reply().complete(new Decision.NoRoom(String.valueOf(full.getMessage())));
      return;
    }
    long wait = (line == null ? bucket : line.afterAll).nanosUntil(request.permits(), now);
    if (line == null && wait == 0) {
      bucket.take(request.permits(), now);
      grant(request, bucket, now, now);
    } else if (Duration.ofNanos(wait).compareTo(request.maxWait()) <= 0
        && (line == null || line.size() < maxWaiters)) {
      enqueue(request, line == null ? openLine(request.bucket(), bucket) : line, now);
    } else {
      request
          .reply()
          .complete(
              new Decision.Refused(
                  Quota.of(request.bucket()), bucket.remaining(now), Duration.ofNanos(wait)));
    }
  }

  @Override
  public @Nullable Duration tick() {
    long now = clock.nanos();
    grantDue(now);
    if (now - nextSweep >= 0) {
      store.sweep(now);
      nextSweep = now + SWEEP_EVERY.toNanos();
    }
    long next = byDue.isEmpty() ? nextSweep : Math.min(byDue.peek().due, nextSweep);
    return Duration.ofNanos(next - now);
  }

  @Override
  public boolean isIdle() {
    return byDue.isEmpty();
  }

  private void grantDue(long now) {
    for (WaitingLine line = byDue.peek();
        line != null && line.due - now <= 0;
        line = byDue.peek()) {
      byDue.remove();
      line.grantFirst(now);
      if (line.size() == 0) {
        lines.remove(line.key);
      } else {
        line.plan(now);
        byDue.add(line);
      }
    }
  }

  private WaitingLine openLine(BucketKey key, TokenBucket bucket) {
    var line = new WaitingLine(key, bucket);
    lines.put(key, line);
    return line;
  }

  private void enqueue(Acquire request, WaitingLine line, long now) {
    line.add(request, now);
    if (line.size() == 1) {
      line.plan(now);
      byDue.add(line);
    }
  }

  private static void grant(Acquire request, TokenBucket bucket, long since, long now) {
    request
        .reply()
        .complete(
            new Decision.Granted(
                Quota.of(request.bucket()),
                bucket.remaining(now),
                Duration.ofNanos(now - since),
                Duration.ofNanos(bucket.nanosUntilFull(now))));
  }

  /** Those who wait for one bucket. */
  private static final class WaitingLine {
    private record Place(Acquire request, long since) {}

    final BucketKey key;
    final TokenBucket bucket;

    /** What the bucket will be when all of the line have been served. */
    final TokenBucket afterAll;

    private final Queue<Place> places = new ArrayDeque<>();

    /** When the first one's permits are there. */
    long due;

    WaitingLine(BucketKey key, TokenBucket bucket) {
      this.key = key;
      this.bucket = bucket;
      this.afterAll = bucket.copy();
    }

    int size() {
      return places.size();
    }

    void add(Acquire request, long now) {
      afterAll.take(request.permits(), now);
      places.add(new Place(request, now));
    }

    void plan(long now) {
      due = now + bucket.nanosUntil(places.element().request.permits(), now);
    }

    void grantFirst(long now) {
      Place first = places.remove();
      bucket.take(first.request.permits(), now);
      grant(first.request, bucket, first.since, now);
    }
  }
}
