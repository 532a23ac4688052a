package dev.sluice.limiter.store;

import dev.sluice.store.redis.RedisAnswer;
import dev.sluice.store.redis.RedisRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation on leases as it is put to Redis, which counts microseconds: what it is told is
 * rounded up to them.
 *
 * @param operation what is to be done
 */
record RedisLeaseOperation(LeaseOperation operation) {
  private static final long MICRO = 1000;

  String key() {
    return "sluice:leases:" + tag();
  }

  private String tag() {
    return RedisOperation.tag(operation.key().policy(), operation.key().key());
  }

  RedisRequest.Call call(boolean whole) {
    return new RedisRequest.Call(
        LimiterScripts.LEASES, whole, List.of(key(), "sluice:lease:" + tag()), arguments());
  }

  private List<String> arguments() {
    return switch (operation) {
      case LeaseOperation.Acquire acquire ->
          List.of(
              "ACQUIRE",
              acquire.id().text(),
              Long.toString(acquire.permits()),
              Long.toString(acquire.limit()),
              micros(acquire.ttl()),
              acquire.holder() == null ? "" : acquire.holder());
      case LeaseOperation.Renew renew ->
          List.of("RENEW", renew.id().text(), renew.ttl() == null ? "0" : micros(renew.ttl()));
      case LeaseOperation.Release(_, LeaseId id) -> List.of("RELEASE", id.text());
      case LeaseOperation.Look(_, int most) -> List.of("LOOK", Integer.toString(most));
    };
  }

  private static String micros(Duration ttl) {
    return Long.toString(Math.ceilDiv(ttl.toNanos(), MICRO));
  }

  /** How many leases the script has found run out. */
  static long expired(RedisAnswer answer) {
    return answer.number(1);
  }

  /** Reads what the script has answered. */
  LeaseOutcome outcome(RedisAnswer answer) {
    var parts = new Parts(answer);
    long now = parts.next();
    parts.next(); // how many have run out
    boolean done = parts.next() == 1;
    long out = parts.next();
    return switch (operation) {
      case LeaseOperation.Acquire acquire when done ->
          new LeaseOutcome.Granted(granted(acquire, now, parts.next()), out);
      case LeaseOperation.Acquire _ -> new LeaseOutcome.Refused(out, nanosUntil(parts.next(), now));
      case LeaseOperation.Renew _ when done -> new LeaseOutcome.Renewed(renewed(parts, now));
      case LeaseOperation.Release _ when done -> new LeaseOutcome.Released(parts.next());
      case LeaseOperation.Renew _, LeaseOperation.Release _ -> new LeaseOutcome.Unknown();
      case LeaseOperation.Look _ -> held(parts, now, out);
    };
  }

  private static Lease granted(LeaseOperation.Acquire acquire, long now, long fence) {
    long ttl = Math.ceilDiv(acquire.ttl().toNanos(), MICRO);
    return lease(acquire.permits(), ttl, now, fence, now + ttl, acquire.holder());
  }

  private static Lease renewed(Parts parts, long now) {
    long permits = parts.next();
    long ttl = parts.next();
    return lease(permits, ttl, parts.next(), parts.next(), now + ttl, parts.text());
  }

  private static LeaseOutcome held(Parts parts, long now, long out) {
    long count = parts.next();
    long retryAfter = nanosUntil(parts.next(), now);
    List<Lease> first = new ArrayList<>();
    while (parts.hasNext()) {
      first.add(
          lease(
              parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.text()));
    }
    return new LeaseOutcome.Held(out, count, retryAfter, List.copyOf(first));
  }

  private static Lease lease(
      long permits, long ttl, long since, long fence, long expiresAt, @Nullable String holder) {
    return new Lease(
        permits, holder, fence, Duration.ofNanos(ttl * MICRO), since * MICRO, expiresAt * MICRO);
  }

  private static long nanosUntil(long expiry, long now) {
    return expiry == 0 ? 0 : (expiry - now) * MICRO;
  }

  /** An answer as it is read, part by part. */
  private static final class Parts {
    private final RedisAnswer of;
    private int at;

    Parts(RedisAnswer of) {
      this.of = of;
    }

    boolean hasNext() {
      return at < of.size();
    }

    long next() {
      return of.number(at++);
    }

    /** Null when it is empty. */
    @Nullable String text() {
      String text = of.text(at++);
      return text.isEmpty() ? null : text;
    }
  }
}
