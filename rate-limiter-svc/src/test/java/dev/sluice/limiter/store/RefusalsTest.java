package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.store.Fingerprint;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefusalsTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long ENGINE =
      1_000 * SECOND; // the clocks have nothing to do with each other
  private static final long HERE = 5 * SECOND;
  private static final Fingerprint KEY = new Fingerprint(1, 1);

  private final Algorithm oneASecond =
      Algorithm.of(new Limit.TokenBucket(1, Duration.ofSeconds(1), 10));
  private final Cell cell = new Cell(1);
  private final Refusals refusals = new Refusals(Duration.ofSeconds(10), 2);

  @Test
  void refusesUntilThePermitsAreThereAgain() {
    oneASecond.take(cell, 8, ENGINE);
    refusals.remember(KEY, oneASecond, cell, ENGINE, HERE);

    assertNull(refusals.refuse(KEY, 2, HERE));
    assertEquals(new Outcome.Done(0, 2, SECOND, 8 * SECOND), refusals.refuse(KEY, 3, HERE));
    assertEquals(
        new Outcome.Done(0, 2, 1, 7 * SECOND + 1), refusals.refuse(KEY, 3, HERE + SECOND - 1));
    assertNull(refusals.refuse(KEY, 3, HERE + SECOND));
    assertEquals(SECOND, refusals.refuse(KEY, 4, HERE + SECOND).retryAfter());
  }

  @Test
  void isForgottenWithAgeAndWhenTold() {
    oneASecond.take(cell, 10, ENGINE);
    refusals.remember(KEY, oneASecond, cell, ENGINE, HERE);
    assertEquals(10 * SECOND, refusals.refuse(KEY, 10, HERE).retryAfter());
    assertNull(refusals.refuse(KEY, 10, HERE + 10 * SECOND));

    refusals.forget(KEY);
    assertNull(refusals.refuse(KEY, 1, HERE));
  }

  @Test
  void remembersNoMoreThanItMay() {
    oneASecond.take(cell, 10, ENGINE);
    for (int i = 1; i <= 3; i++) {
      refusals.remember(new Fingerprint(i, i), oneASecond, cell, ENGINE, HERE);
    }
    assertNull(refusals.refuse(new Fingerprint(1, 1), 1, HERE));
    assertEquals(SECOND, refusals.refuse(new Fingerprint(2, 2), 1, HERE).retryAfter());
    refusals.sweep(HERE + 10 * SECOND);
    assertNull(refusals.refuse(new Fingerprint(2, 2), 1, HERE));
  }
}
