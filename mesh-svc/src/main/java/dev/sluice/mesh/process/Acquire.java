package dev.sluice.mesh.process;

import dev.sluice.csp.patterns.Gcra;
import dev.sluice.csp.patterns.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes permits from the key's token bucket, if they are there. The payload says the terms, and so
 * can change them: what is in the bucket then stays in it, as far as it has room.
 *
 * <pre>
 *   {"rate":10, "per":"1s", "burst":20, "permits":1}   burst: as rate, permits: 1, unless said
 *   {"allowed":true, "remaining":19, "retryAfter":"0s"}
 * </pre>
 *
 * <p>A bucket that is full is not kept. In a shard that was lost, one that is not kept started as
 * the {@link Caution} says: empty as of the loss, it has never granted more than it would have if
 * nothing had been lost.
 */
final class Acquire implements Operation {
  private static final List<String> FIELDS = List.of("rate", "per", "burst", "permits");
  private static final Duration MIN_PER = Duration.ofMillis(1);
  private static final long NANOS = 1_000_000_000;
  private static final long MILLI = 1_000_000;

  private final DurationText text;
  private final Caution caution;

  Acquire(DurationText text, Caution caution) {
    this.text = text;
    this.caution = caution;
  }

  @Override
  public String name() {
    return "acquire";
  }

  @Override
  public Ran run(Call call) {
    var payload = Payload.read(call.payload(), FIELDS);
    long rate = payload.whole("rate", null, 1, RateLimit.MAX_PERMITS);
    Duration per = payload.duration("per", text, MIN_PER, RateLimit.MAX_PER);
    long burst = payload.whole("burst", rate, 1, RateLimit.MAX_PERMITS);
    long permits = payload.whole("permits", 1L, 1, burst);
    return take(call, new RateLimit(rate, per, burst), permits);
  }

  private Ran take(Call call, RateLimit limit, long permits) {
    long now = nanos(call.now());
    Gcra bucket = bucket(call, limit, now);
    boolean isAllowed = bucket.tryTake(permits, now);
    long wait = isAllowed ? 0 : bucket.nanosUntil(permits, now);
    String reply =
        "{\"allowed\":"
            + isAllowed
            + ",\"remaining\":"
            + bucket.remaining(now)
            + ",\"retryAfter\":\""
            + text.format().apply(Duration.ofMillis(Math.ceilDiv(wait, MILLI)))
            + "\"}";
    return isAllowed
        ? new Ran(reply, write(bucket), call.now().plusNanos(bucket.nanosUntilFull(now)))
        : new Ran(reply, null);
  }

  private Gcra bucket(Call call, RateLimit limit, long now) {
    String state = call.state();
    if (state != null) {
      return under(limit, read(state), now);
    }
    Instant lostAt = call.lostAt();
    var fresh = new Gcra(limit, now);
    if (lostAt != null && caution == Caution.EMPTY) {
      fresh = new Gcra(limit, nanos(lostAt));
      fresh.take(limit.burst(), nanos(lostAt));
    }
    return fresh;
  }

  /** The bucket under these terms, which may be others than before. */
  private static Gcra under(RateLimit limit, Gcra bucket, long now) {
    if (bucket.limit().equals(limit)) {
      return bucket;
    }
    var next = new Gcra(limit, now);
    long missing = limit.burst() - Math.min(limit.burst(), bucket.remaining(now));
    if (missing > 0) {
      next.take(missing, now);
    }
    return next;
  }

  private static String write(Gcra bucket) {
    RateLimit limit = bucket.limit();
    return limit.rate()
        + " "
        + limit.per().toNanos()
        + " "
        + limit.burst()
        + " "
        + bucket.fullAt()
        + " "
        + bucket.fraction();
  }

  private static Gcra read(String state) {
    @Nullable String[] parts = state.split(" ", -1);
    try {
      var limit =
          new RateLimit(number(parts[0]), Duration.ofNanos(number(parts[1])), number(parts[2]));
      return new Gcra(limit, number(parts[3]), number(parts[4]));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalStateException("a bucket's state is no state: " + state, e);
    }
  }

  private static long number(@Nullable String text) {
    return Long.parseLong(String.valueOf(text));
  }

  private static long nanos(Instant instant) {
    return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
  }
}
