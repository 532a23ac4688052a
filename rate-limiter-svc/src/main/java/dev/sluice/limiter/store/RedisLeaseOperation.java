package dev.sluice.limiter.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
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
        RedisScript.LEASES, whole, List.of(key(), "sluice:lease:" + tag()), arguments());
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
  static long expired(List<Long> answer) {
    return answer.get(1);
  }

  /** Reads what the script has answered. */
  LeaseOutcome outcome(List<Long> answer) {
    var numbers = new Numbers(answer.iterator());
    long now = numbers.next();
    numbers.next(); // how many have run out
    boolean done = numbers.next() == 1;
    long out = numbers.next();
    return switch (operation) {
      case LeaseOperation.Acquire acquire when done ->
          new LeaseOutcome.Granted(granted(acquire, now, numbers.next()), out);
      case LeaseOperation.Acquire _ ->
          new LeaseOutcome.Refused(out, nanosUntil(numbers.next(), now));
      case LeaseOperation.Renew _ when done -> new LeaseOutcome.Renewed(renewed(numbers, now));
      case LeaseOperation.Release _ when done -> new LeaseOutcome.Released(numbers.next());
      case LeaseOperation.Renew _, LeaseOperation.Release _ -> new LeaseOutcome.Unknown();
      case LeaseOperation.Look _ -> held(numbers, now, out);
    };
  }

  private static Lease granted(LeaseOperation.Acquire acquire, long now, long fence) {
    long ttl = Math.ceilDiv(acquire.ttl().toNanos(), MICRO);
    return lease(acquire.permits(), ttl, now, fence, now + ttl, acquire.holder());
  }

  private static Lease renewed(Numbers numbers, long now) {
    long permits = numbers.next();
    long ttl = numbers.next();
    return lease(permits, ttl, numbers.next(), numbers.next(), now + ttl, numbers.text());
  }

  private static LeaseOutcome held(Numbers numbers, long now, long out) {
    long count = numbers.next();
    long retryAfter = nanosUntil(numbers.next(), now);
    List<Lease> first = new ArrayList<>();
    while (numbers.of.hasNext()) {
      first.add(
          lease(
              numbers.next(),
              numbers.next(),
              numbers.next(),
              numbers.next(),
              numbers.next(),
              numbers.text()));
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

  /** An answer as it is read, number by number ({@link RedisNumbers}). */
  private record Numbers(Iterator<Long> of) {
    long next() {
      return of.next();
    }

    /** Null when it is empty. */
    @Nullable String text() {
      byte[] bytes = new byte[Math.toIntExact(next())];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = of.next().byteValue();
      }
      return bytes.length == 0 ? null : new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
