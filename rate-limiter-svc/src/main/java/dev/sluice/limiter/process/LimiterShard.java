package dev.sluice.limiter.process;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.csp.patterns.Gcra;
import dev.sluice.limiter.store.BucketKey;
import dev.sluice.limiter.store.BucketStore;
import dev.sluice.limiter.store.StoreFullException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides for the keys of one shard. Who cannot be served at once but within the wait asked for
 * stands in the queue of the bucket; the queue is served first come, first served, each at the
 * exact instant its permits are there. Nobody overtakes a queue, and nobody is let wait in vain.
 * Whoever goes away while waiting takes no permits, and those behind move up.
 */
final class LimiterShard implements Shards.Owner<LimiterMessage> {
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

  private final BucketStore store;
  private final int maxWaiters;
  private final Clock clock;
  private final Map<BucketKey, WaitingLine> lines = new HashMap<>();
  private final TreeSet<WaitingLine> byDue =
      new TreeSet<>(
          Comparator.<WaitingLine>comparingLong(line -> line.due)
              .thenComparingLong(line -> line.number));
  private long linesOpened;
  private long nextSweep;

  LimiterShard(BucketStore store, int maxWaiters, Clock clock) {
    this.store = store;
    this.maxWaiters = maxWaiters;
    this.clock = clock;
    this.nextSweep = clock.nanos() + SWEEP_EVERY.toNanos();
  }

  @Override
  public void handle(LimiterMessage message) {
    long now = clock.nanos();
    grantDue(now);
    switch (message) {
      case Acquire request -> decide(request, now);
      case Abandoned(Acquire request) -> leave(request, now);
    }
  }

  private void decide(Acquire request, long now) {
    if (request.reply().isAbandoned()) {
      return;
    }
    WaitingLine line = lines.get(request.bucket());
    Gcra bucket;
    try {
      bucket = line == null ? store.bucket(request.bucket(), now) : line.bucket;
    } catch (StoreFullException full) {
      request
          .reply()
          .complete(
              new Decision.StoreFull(
                  String.valueOf(full.getMessage()),
                  Duration.ofNanos(Math.max(0, nextSweep - now))));
      return;
    }
    long wait = (line == null ? bucket : line.afterAll).nanosUntil(request.permits(), now);
    if (line == null && wait == 0) {
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
    long next = byDue.isEmpty() ? nextSweep : Math.min(byDue.first().due, nextSweep);
    return Duration.ofNanos(next - now);
  }

  @Override
  public boolean isIdle() {
    return byDue.isEmpty();
  }

  private void grantDue(long now) {
    while (!byDue.isEmpty() && byDue.first().due - now <= 0) {
      WaitingLine line = byDue.removeFirst();
      line.serveFirst(now);
      plan(line, now);
    }
  }

  private void leave(Acquire request, long now) {
    WaitingLine line = lines.get(request.bucket());
    if (line == null) {
      return;
    }
    boolean first = line.isFirst(request);
    line.remove(request);
    if (first) {
      byDue.remove(line);
      plan(line, now);
    }
  }

  private WaitingLine openLine(BucketKey key, Gcra bucket) {
    var line = new WaitingLine(key, bucket, linesOpened++);
    lines.put(key, line);
    return line;
  }

  private void enqueue(Acquire request, WaitingLine line, long now) {
    line.add(request, now);
    if (line.size() == 1) {
      plan(line, now);
    }
  }

  /** The line has another first one, or nobody any more. */
  private void plan(WaitingLine line, long now) {
    if (line.size() == 0) {
      lines.remove(line.key);
    } else {
      line.plan(now);
      byDue.add(line);
    }
  }

  /**
   * Takes the permits and answers.
   *
   * @return false when nobody is there any more to have them; then they are not taken
   */
  private static boolean grant(Acquire request, Gcra bucket, long since, long now) {
    bucket.take(request.permits(), now);
    boolean wanted =
        request
            .reply()
            .complete(
                new Decision.Granted(
                    Quota.of(request.bucket()),
                    bucket.remaining(now),
                    Duration.ofNanos(now - since),
                    Duration.ofNanos(bucket.nanosUntilFull(now))));
    if (!wanted) {
      bucket.giveBack(request.permits());
    }
    return wanted;
  }

  /** Those who wait for one bucket. */
  private static final class WaitingLine {
    private record Place(Acquire request, long since) {}

    final BucketKey key;
    final Gcra bucket;

    /** Of all lines ever opened: tells apart those that are due at the same instant. */
    final long number;

    /** What the bucket will be when all of the line have been served. */
    final Gcra afterAll;

    /** By the reply, which is only equal to itself; first come, first. */
    private final SequencedMap<Reply<Decision>, Place> places = new LinkedHashMap<>();

    /** When the first one's permits are there; changed only while the line is not in the order. */
    long due;

    WaitingLine(BucketKey key, Gcra bucket, long number) {
      this.key = key;
      this.bucket = bucket;
      this.number = number;
      this.afterAll = bucket.copy();
    }

    int size() {
      return places.size();
    }

    boolean isFirst(Acquire request) {
      return places.firstEntry().getKey() == request.reply();
    }

    void add(Acquire request, long now) {
      afterAll.take(request.permits(), now);
      places.put(request.reply(), new Place(request, now));
    }

    void remove(Acquire request) {
      if (places.remove(request.reply()) != null) {
        afterAll.giveBack(request.permits());
      }
    }

    void plan(long now) {
      due = now + bucket.nanosUntil(places.firstEntry().getValue().request.permits(), now);
    }

    void serveFirst(long now) {
      Place first = places.pollFirstEntry().getValue();
      if (!grant(first.request, bucket, first.since, now)) {
        afterAll.giveBack(first.request.permits());
      }
    }
  }
}
