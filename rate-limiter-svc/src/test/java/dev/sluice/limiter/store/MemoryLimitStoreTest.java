package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryLimitStoreTest extends LimitStoreContract {
  private static final Limit ONE_A_SECOND = new Limit.TokenBucket(1, Duration.ofSeconds(1), 1);

  private final MemoryLimitStore store = new MemoryLimitStore(4);
  private long now = Duration.ofDays(20_000).toNanos();

  @Override
  LimitStore store() {
    return store;
  }

  @Override
  long now() {
    return now;
  }

  @Override
  void awaitAnswers() {}

  @Test
  void aKeyWithAllItsPermitsIsForgotten() {
    acquire("a");
    assertEquals(1, store.size());
    now += Duration.ofSeconds(1).toNanos();
    store.sweep(now);
    assertEquals(1, store.size()); // it was the same as none from this very nanosecond on

    store.sweep(now + 1);

    assertEquals(0, store.size());
  }

  @Test
  void refusesAKeyTooManyUntilOthersAreTheSameAsNone() {
    List.of("a", "b", "c", "d").forEach(this::acquire);
    assertEquals(new Outcome.Full("all 4 entries of this shard are in use"), acquire("e"));
    assertEquals(new Outcome.Done(0, 0, 1_000_000_000, 1_000_000_000), acquire("a"));

    now += Duration.ofSeconds(1).toNanos() + 1;

    assertEquals(new Outcome.Done(1, 0, 0, 1_000_000_000), acquire("e"));
  }

  private Outcome acquire(String key) {
    List<Outcome> outcomes = new ArrayList<>();
    var print = Fingerprint.of(new Fingerprint.Secret(1, 2), null, key);
    store.submit(
        new Operation(LimitKey.of(null, key, ONE_A_SECOND, print), Kind.ACQUIRE, 1),
        now,
        outcomes::add);
    return outcomes.getFirst();
  }
}
