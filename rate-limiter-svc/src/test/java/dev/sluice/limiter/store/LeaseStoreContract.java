package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.store.Fingerprint;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every engine must do with leases, whatever clock it goes by. */
abstract class LeaseStoreContract {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(30);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Fingerprint.Secret SECRET = Fingerprint.Secret.random();

  private final LeaseKey key = key(null, "db:" + UUID.randomUUID());

  /** The store under test. */
  abstract LeaseStore store();

  /** Now, in nanoseconds since 1970, by the shard's clock. */
  abstract long now();

  /** Waits until all answers have come, calling {@link LeaseStore#collect}. */
  abstract void awaitAnswers();

  /** Returns when the engine's clock stands at an instant, or after it. */
  abstract void awaitInstant(long nanos);

  @Test
  void grantsAsManyAsTheLimitAndRefusesWithTheNextExpiry() {
    assertEquals(2, granted(acquire(2, 3, LONG)).out());
    var second = granted(acquire(1, 3, LONG.multipliedBy(2)));
    assertEquals(3, second.out());
    assertEquals(1, second.lease().permits());
    assertEquals(
        LONG.multipliedBy(2).toNanos(), second.lease().expiresAt() - second.lease().since());

    var refused = assertInstanceOf(LeaseOutcome.Refused.class, acquire(1, 3, LONG));
    assertEquals(3, refused.out());
    assertTrue(
        refused.retryAfter() > 0 && refused.retryAfter() <= LONG.toNanos(), refused.toString());
  }

  @Test
  void theLimitIsThatOfTheCall() {
    granted(acquire(2, 2, LONG));
    assertInstanceOf(LeaseOutcome.Refused.class, acquire(1, 2, LONG));
    assertEquals(3, granted(acquire(1, 3, LONG)).out());
    assertInstanceOf(LeaseOutcome.Refused.class, acquire(1, 1, LONG));
  }

  @Test
  void whatIsReleasedIsThereAgainAndOnlyOnce() {
    LeaseId id = LeaseId.random(RANDOM);
    granted(acquire(key, id, 2, 2, LONG, null));

    assertEquals(new LeaseOutcome.Released(2), ask(new LeaseOperation.Release(key, id)));
    assertEquals(new LeaseOutcome.Unknown(), ask(new LeaseOperation.Release(key, id)));
    assertEquals(2, granted(acquire(2, 2, LONG)).out());
  }

  @Test
  void knowsNoLeaseThatItHasNotGranted() {
    granted(acquire(1, 2, LONG));
    LeaseId other = LeaseId.random(RANDOM);

    assertEquals(new LeaseOutcome.Unknown(), ask(new LeaseOperation.Release(key, other)));
    assertEquals(new LeaseOutcome.Unknown(), ask(new LeaseOperation.Renew(key, other, LONG)));
    assertEquals(1, held(0).out());
  }

  @Test
  void aRenewedLeaseLastsFromThenOn() {
    LeaseId id = LeaseId.random(RANDOM);
    Lease lease = granted(acquire(key, id, 3, 5, LONG, "worker 7")).lease();
    awaitInstant(lease.since() + 1000);

    Lease asBefore = renewed(id, null);
    assertEquals(
        new Lease(3, "worker 7", lease.fence(), LONG, lease.since(), asBefore.expiresAt()),
        asBefore);
    assertTrue(asBefore.expiresAt() > lease.expiresAt(), asBefore + " after " + lease);

    Lease longer = renewed(id, LONG.multipliedBy(3));
    assertEquals(LONG.multipliedBy(3), longer.ttl());
    assertTrue(longer.expiresAt() > lease.expiresAt() + LONG.toNanos(), longer.toString());
    assertEquals(List.of(longer), held(5).first());
  }

  @Test
  void aLeaseThatHasRunOutIsNoneAndNeverComesBack() {
    LeaseId id = LeaseId.random(RANDOM);
    granted(acquire(1, 3, LONG));
    long expired = store().expired();
    Lease lease = granted(acquire(key, id, 2, 3, SHORT, null)).lease();
    awaitInstant(lease.expiresAt());

    assertEquals(1, held(0).out());
    assertEquals(expired + 1, store().expired());
    assertEquals(new LeaseOutcome.Unknown(), ask(new LeaseOperation.Renew(key, id, LONG)));
    assertEquals(new LeaseOutcome.Unknown(), ask(new LeaseOperation.Release(key, id)));
    assertEquals(3, granted(acquire(2, 3, LONG)).out());
  }

  @Test
  void oneThatHasBeenRenewedDoesNotRunOutWhenItWouldHave() {
    LeaseId id = LeaseId.random(RANDOM);
    Lease lease = granted(acquire(key, id, 2, 2, SHORT, null)).lease();
    LeaseOutcome outcome = ask(new LeaseOperation.Renew(key, id, LONG));
    while (outcome instanceof LeaseOutcome.Unknown) { // a slow machine: once more
      lease = granted(acquire(key, id, 2, 2, SHORT, null)).lease();
      outcome = ask(new LeaseOperation.Renew(key, id, LONG));
    }
    awaitInstant(lease.expiresAt());

    assertInstanceOf(LeaseOutcome.Refused.class, acquire(1, 2, LONG));
  }

  @Test
  void fencesGrowAlsoWhenTheKeyHasBeenForgotten() {
    long last = 0;
    for (int i = 0; i < 20; i++) {
      LeaseId id = LeaseId.random(RANDOM);
      long fence = granted(acquire(key, id, 1, 2, LONG, null)).lease().fence();
      assertTrue(fence > last, fence + " after " + last);
      assertTrue(fence < 1L << 53, "more than a double can tell: " + fence);
      last = fence;
      if (i % 3 != 0) {
        ask(new LeaseOperation.Release(key, id));
      } else if (i % 2 == 0) {
        ask(new LeaseOperation.Renew(key, id, SHORT));
        awaitInstant(renewedOrNow(id));
      } else {
        ask(new LeaseOperation.Release(key, id));
      }
    }
  }

  @Test
  void tellsWhoHasLeasesThoseThatRunOutNextFirst() {
    Lease third = granted(acquire(key, LeaseId.random(RANDOM), 1, 9, LONG, null)).lease();
    Lease first =
        granted(acquire(key, LeaseId.random(RANDOM), 2, 9, LONG.dividedBy(4), "ünïcode 🦀 x"))
            .lease();
    Lease second =
        granted(acquire(key, LeaseId.random(RANDOM), 3, 9, LONG.dividedBy(2), "b")).lease();

    LeaseOutcome.Held all = held(10);
    assertEquals(List.of(first, second, third), all.first());
    assertEquals(6, all.out());
    assertEquals(3, all.leases());
    assertTrue(all.retryAfter() > 0 && all.retryAfter() <= LONG.dividedBy(4).toNanos());
    assertEquals(List.of(first, second), held(2).first());
    assertEquals(List.of(), held(0).first());
  }

  @Test
  void nothingIsOutOfAKeyThatNobodyHasAskedFor() {
    assertEquals(new LeaseOutcome.Held(0, 0, 0, List.of()), held(10));
  }

  @Test
  void keysAndPoliciesAreCountedApart() {
    granted(acquire(1, 1, LONG));

    LeaseKey other = key(null, key.key() + "}");
    LeaseKey named = key("p", key.key());
    assertEquals(1, granted(acquire(other, LeaseId.random(RANDOM), 1, 1, LONG, null)).out());
    assertEquals(1, granted(acquire(named, LeaseId.random(RANDOM), 1, 1, LONG, null)).out());
  }

  @Test
  void countsAsManyAsALimitMayHave() {
    long most = Limit.MAX_PERMITS;
    assertEquals(most, granted(acquire(most, most, LONG)).out());
    assertEquals(most, assertInstanceOf(LeaseOutcome.Refused.class, acquire(1, most, LONG)).out());
  }

  @Test
  void aBatchIsCarriedOutInItsOrder() {
    List<LeaseOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      LeaseId id = LeaseId.random(RANDOM);
      store().submit(new LeaseOperation.Acquire(key, id, 1, 3, LONG, null), now(), outcomes::add);
      if (i == 3) {
        store().submit(new LeaseOperation.Look(key, 0), now(), outcomes::add);
      }
    }
    store().flush();
    awaitAnswers();

    assertEquals(
        List.of("Granted", "Granted", "Granted", "Refused", "Held", "Refused"),
        outcomes.stream().map(each -> each.getClass().getSimpleName()).toList());
  }

  private long renewedOrNow(LeaseId id) {
    return ask(new LeaseOperation.Renew(key, id, SHORT)) instanceof LeaseOutcome.Renewed(Lease last)
        ? last.expiresAt()
        : 0;
  }

  private LeaseOutcome acquire(long permits, long limit, Duration ttl) {
    return acquire(key, LeaseId.random(RANDOM), permits, limit, ttl, null);
  }

  private LeaseOutcome acquire(
      LeaseKey of, LeaseId id, long permits, long limit, Duration ttl, String holder) {
    return ask(new LeaseOperation.Acquire(of, id, permits, limit, ttl, holder));
  }

  private Lease renewed(LeaseId id, Duration ttl) {
    return assertInstanceOf(LeaseOutcome.Renewed.class, ask(new LeaseOperation.Renew(key, id, ttl)))
        .lease();
  }

  private LeaseOutcome.Held held(int most) {
    return assertInstanceOf(LeaseOutcome.Held.class, ask(new LeaseOperation.Look(key, most)));
  }

  final LeaseOutcome ask(LeaseOperation operation) {
    List<LeaseOutcome> outcomes = new ArrayList<>();
    store().submit(operation, now(), outcomes::add);
    store().flush();
    awaitAnswers();
    assertEquals(1, outcomes.size());
    return outcomes.getFirst();
  }

  static LeaseKey key(String policy, String key) {
    return new LeaseKey(policy, key, Fingerprint.of(SECRET, policy, key));
  }

  private static LeaseOutcome.Granted granted(LeaseOutcome outcome) {
    return assertInstanceOf(LeaseOutcome.Granted.class, outcome);
  }
}
