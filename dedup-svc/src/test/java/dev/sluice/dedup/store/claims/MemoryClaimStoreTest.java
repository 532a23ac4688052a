package dev.sluice.dedup.store.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.dedup.store.claims.ClaimOperation.Abort;
import dev.sluice.dedup.store.claims.ClaimOperation.Claim;
import dev.sluice.dedup.store.claims.ClaimOperation.Complete;
import dev.sluice.dedup.store.claims.ClaimOutcome.Claimed;
import dev.sluice.dedup.store.claims.ClaimOutcome.Completed;
import dev.sluice.dedup.store.claims.ClaimOutcome.Failed;
import dev.sluice.dedup.store.claims.ClaimOutcome.Lost;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryClaimStoreTest extends ClaimStoreContract {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final MemoryClaimStore store = new MemoryClaimStore(5, 1_000_000);
  private long now = Duration.ofDays(20_000).toNanos();

  @Override
  protected ClaimStore store() {
    return store;
  }

  @Override
  protected long now() {
    return now;
  }

  @Override
  protected void awaitAnswers() {}

  @Override
  protected void awaitInstant(long nanos) {
    now = Math.max(now, nanos);
  }

  @Test
  void aLeaseRunsOutAtItsInstantAndNotBefore() {
    Claimed claimed = claimed(claim(0, MINUTE));

    now = claimed.leaseEnds() - 1;
    assertEquals(1, store.sweep(now));
    assertEquals(OptionalLong.of(1), store.entries());
    assertEquals(claimed.leaseEnds(), inProgressUntil(claim(0, MINUTE)));
    now = claimed.leaseEnds();
    assertEquals(new Lost(), complete(0, "late"));
    assertEquals(OptionalLong.of(0), store.entries());
    assertEquals(Long.MAX_VALUE, store.sweep(now));
  }

  @Test
  void refusesAClaimTooManyUntilOthersHaveEnded() {
    for (int i = 0; i < 5; i++) {
      claimed(claim(i, (i + 1) * MINUTE));
    }
    assertEquals(
        new Failed(
            new StoreFailure.Full(
                "all 5 claims of this shard are in use", Duration.ofNanos(MINUTE))),
        claim(5, MINUTE));

    now += MINUTE;

    claimed(claim(5, MINUTE));
    assertEquals(OptionalLong.of(5), store.entries());
    assertEquals(OptionalLong.of(5), store.inProgress());
    assertInstanceOf(Completed.class, complete(1, "x"));
    assertEquals(OptionalLong.of(4), store.inProgress());
    ask(new Abort(name(5), token(5)));
    assertEquals(OptionalLong.of(3), store.inProgress());
    assertEquals(OptionalLong.of(4), store.entries());
  }

  @Test
  void refusesAResponseTooManyAndTheClaimGoesOn() {
    claimed(claim(0, LONG));
    claimed(claim(1, LONG));
    String most = "x".repeat(1_000_000 - (int) response(200, "").size());
    assertInstanceOf(Completed.class, complete(0, most));
    assertEquals(OptionalLong.of(1_000_000), store.bytes());

    Failed full = assertInstanceOf(Failed.class, complete(1, "y"));
    assertEquals(
        new StoreFailure.Full(
            "the responses of this shard have 1000000 of 1000000 bytes", Duration.ofNanos(LONG)),
        full.why());

    now += LONG - 1;
    claimed(ask(new ClaimOperation.Renew(name(1), token(1), LONG)));
    now += 1; // the ttl of the first
    assertInstanceOf(Completed.class, complete(1, "y"));
    assertEquals(OptionalLong.of(response(200, "y").size()), store.bytes());
  }

  @Test
  void sweepsABoundedNumberAtATime() {
    var many = new MemoryClaimStore(3 * MemoryClaimStore.SWEEP_MOST, 0);
    int size = 2 * MemoryClaimStore.SWEEP_MOST + 1;
    for (int i = 0; i < size; i++) {
      many.submit(new Claim(name(i), token(i), MINUTE, MINUTE, null), now, _ -> {});
    }
    now += MINUTE;
    assertEquals(0, many.sweep(now));
    assertEquals(OptionalLong.of(size - MemoryClaimStore.SWEEP_MOST), many.entries());
    assertEquals(0, many.sweep(now));
    assertEquals(Long.MAX_VALUE, many.sweep(now));
    assertEquals(OptionalLong.of(0), many.entries());
  }

  private static long inProgressUntil(ClaimOutcome outcome) {
    return assertInstanceOf(ClaimOutcome.InProgress.class, outcome).leaseEnds();
  }

  private ClaimOutcome claim(int number, long lease) {
    return ask(new Claim(name(number), token(number), lease, LONG, null));
  }

  private ClaimOutcome complete(int number, String body) {
    return ask(new Complete(name(number), token(number), response(200, body)));
  }

  private static ClaimKey name(int number) {
    return key("payments", "k" + number);
  }

  private static ClaimToken token(int number) {
    return new ClaimToken(number, number);
  }
}
