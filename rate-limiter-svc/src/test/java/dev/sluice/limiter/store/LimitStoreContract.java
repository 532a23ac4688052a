package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What every engine must do. Limits are so slow that no time passes, whatever clock the engine goes
 * by.
 */
abstract class LimitStoreContract {
  private static final Limit BUCKET = new Limit.TokenBucket(10, Duration.ofDays(100), 10);
  private static final Limit SLIDING = new Limit.SlidingWindow(10, Duration.ofDays(300));
  private static final Limit FIXED = new Limit.FixedWindow(10, CalendarUnit.YEAR);
  private static final Fingerprint.Secret SECRET = Fingerprint.Secret.random();

  private final String key = "user:" + UUID.randomUUID();

  /** The store under test. */
  abstract LimitStore store();

  /** Now, in nanoseconds since 1970. */
  abstract long now();

  /** Waits until all answers have come, calling {@link LimitStore#collect}. */
  abstract void awaitAnswers();

  @Test
  void grantsWhatIsThereAndNothingMore() {
    for (Limit limit : List.of(BUCKET, SLIDING, FIXED)) {
      assertEquals(7, done(limit, Kind.ACQUIRE, 3).remaining());
      Outcome.Done refused = done(limit, Kind.ACQUIRE, 8);
      assertEquals(0, refused.permits());
      assertEquals(7, refused.remaining());
      assertEquals(true, refused.retryAfter() > 0, limit.toString());
      assertEquals(7, done(limit, Kind.ACQUIRE, 7).permits());
      assertEquals(0, done(limit, Kind.PEEK, 1).remaining());
    }
  }

  @Test
  void peekTakesNothingAndLooksBeyondTheLimit() {
    for (Limit limit : List.of(BUCKET, SLIDING, FIXED)) {
      assertEquals(0, done(limit, Kind.PEEK, 10).retryAfter());
      long eleven = done(limit, Kind.PEEK, 11).retryAfter();
      assertEquals(true, eleven > 0, limit.toString());
      assertEquals(true, done(limit, Kind.PEEK, 31).retryAfter() > eleven, limit.toString());
      assertEquals(10, done(limit, Kind.PEEK, 1).remaining());
    }
  }

  @Test
  void givesBackWhatWasTakenAtMost() {
    for (Limit limit : List.of(BUCKET, SLIDING, FIXED)) {
      done(limit, Kind.ACQUIRE, 6);
      assertEquals(2, done(limit, Kind.RELEASE, 2).permits());
      assertEquals(4, done(limit, Kind.RELEASE, 9).permits());
      assertEquals(0, done(limit, Kind.RELEASE, 1).permits());
      assertEquals(10, done(limit, Kind.PEEK, 1).remaining());
    }
  }

  @Test
  void resetMakesAllPermitsBeThere() {
    for (Limit limit : List.of(BUCKET, SLIDING, FIXED)) {
      done(limit, Kind.ACQUIRE, 10);
      assertEquals(10, done(limit, Kind.RESET, 1).remaining());
      assertEquals(10, done(limit, Kind.ACQUIRE, 10).permits());
    }
  }

  @Test
  void limitsAndPoliciesOfOneKeyAreCountedApart() {
    done(BUCKET, Kind.ACQUIRE, 10);

    assertEquals(
        1, done(new Limit.TokenBucket(10, Duration.ofDays(99), 10), Kind.ACQUIRE, 1).permits());
    assertEquals(1, outcome(key("other", BUCKET), Kind.ACQUIRE, 1).permits());
  }

  @Test
  void aBatchIsCarriedOutInItsOrder() {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      store().submit(new Operation(key(null, BUCKET), Kind.ACQUIRE, 1), now(), outcomes::add);
    }
    store().flush();
    awaitAnswers();

    assertEquals(
        List.of(1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 0L, 0L),
        outcomes.stream()
            .map(each -> assertInstanceOf(Outcome.Done.class, each).permits())
            .toList());
  }

  final Outcome.Done done(Limit limit, Kind kind, long permits) {
    return outcome(key(null, limit), kind, permits);
  }

  private Outcome.Done outcome(LimitKey of, Kind kind, long permits) {
    List<Outcome> outcomes = new ArrayList<>();
    store().submit(new Operation(of, kind, permits), now(), outcomes::add);
    store().flush();
    awaitAnswers();
    assertEquals(1, outcomes.size());
    return assertInstanceOf(Outcome.Done.class, outcomes.getFirst());
  }

  private LimitKey key(String policy, Limit limit) {
    return LimitKey.of(policy, key, limit, Fingerprint.of(SECRET, policy, key));
  }
}
