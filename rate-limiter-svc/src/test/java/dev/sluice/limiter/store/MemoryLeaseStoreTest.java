package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryLeaseStoreTest extends LeaseStoreContract {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final MemoryLeaseStore store = new MemoryLeaseStore(5);
  private long now = Duration.ofDays(20_000).toNanos();

  @Override
  LeaseStore store() {
    return store;
  }

  @Override
  long now() {
    return now;
  }

  @Override
  void awaitAnswers() {}

  @Override
  void awaitInstant(long nanos) {
    now = Math.max(now, nanos);
  }

  @Test
  void aLeaseRunsOutAtItsInstantAndNotBefore() {
    LeaseKey key = key(null, "k");
    Lease lease = granted(key, 1);

    now = lease.expiresAt() - 1;
    assertEquals(1, store.sweep(now));
    assertEquals(OptionalLong.of(1), store.out());
    now = lease.expiresAt();
    assertEquals(Long.MAX_VALUE, store.sweep(now));
    assertEquals(OptionalLong.of(0), store.out());
    assertEquals(1, store.expired());
  }

  @Test
  void refusesALeaseTooManyUntilOthersHaveEnded() {
    for (int i = 0; i < 5; i++) {
      granted(key(null, "k" + i), i + 1);
    }
    assertEquals(
        new Outcome.Full("all 5 leases of this shard are out"), acquire(key(null, "k5"), 1));

    now += MINUTE.toNanos();

    granted(key(null, "k5"), 1);
    assertEquals(OptionalLong.of(2 + 3 + 4 + 5 + 1), store.out());
  }

  private Lease granted(LeaseKey key, int minutes) {
    return assertInstanceOf(LeaseOutcome.Granted.class, acquire(key, minutes)).lease();
  }

  private LeaseOutcome acquire(LeaseKey key, int minutes) {
    return ask(
        new LeaseOperation.Acquire(
            key, new LeaseId(minutes, now), minutes, 10, MINUTE.multipliedBy(minutes), null));
  }
}
