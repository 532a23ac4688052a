package dev.sluice.dedup.store.claims;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.dedup.store.claims.ClaimOperation.Abort;
import dev.sluice.dedup.store.claims.ClaimOperation.Claim;
import dev.sluice.dedup.store.claims.ClaimOperation.Complete;
import dev.sluice.dedup.store.claims.ClaimOperation.Renew;
import dev.sluice.dedup.store.claims.ClaimOutcome.Aborted;
import dev.sluice.dedup.store.claims.ClaimOutcome.Claimed;
import dev.sluice.dedup.store.claims.ClaimOutcome.Completed;
import dev.sluice.dedup.store.claims.ClaimOutcome.InProgress;
import dev.sluice.dedup.store.claims.ClaimOutcome.Lost;
import dev.sluice.dedup.store.claims.ClaimOutcome.OtherRequest;
import dev.sluice.store.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every engine must do with claims, whatever clock it goes by. */
public abstract class ClaimStoreContract {
  /** Longer than any test. */
  protected static final long LONG = Duration.ofHours(1).toNanos();

  /** So short that a test can wait for its end. */
  protected static final long SHORT = Duration.ofMillis(30).toNanos();

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Fingerprint.Secret SECRET = new Fingerprint.Secret(1, 2);
  private static final StoredResponse OK = response(200, "{\"id\":7}");

  private final ClaimKey key = key("payments", "pay-" + UUID.randomUUID());
  private final ClaimToken token = ClaimToken.draw(RANDOM);

  /** The store under test. */
  protected abstract ClaimStore store();

  /** Now, in nanoseconds since 1970, by the shard's clock. */
  protected abstract long now();

  /** Waits until all answers have come, calling {@link ClaimStore#collect}. */
  protected abstract void awaitAnswers();

  /** Returns when the engine's clock stands at an instant, or after it. */
  protected abstract void awaitInstant(long nanos);

  /** By how much the engine may err when it tells an instant of its clock by the shard's. */
  protected long translation() {
    return 0;
  }

  @Test
  void theFirstHasItAndTheOthersAreToldUntilWhen() {
    Claimed claimed = claimed(claim(token, LONG, 2 * LONG));
    assertEquals(LONG, claimed.expiresAt() - claimed.leaseEnds());

    assertInProgress(claimed.leaseEnds(), claim(LONG));
  }

  @Test
  void whatIsCompletedIsReplayedAsItCame() {
    Claimed claimed = claimed(claim(token, LONG, 2 * LONG));
    byte[] every = new byte[256];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) i;
    }
    var response =
        new StoredResponse(
            599,
            List.of(
                new StoredResponse.Header("X-Two", "b"),
                new StoredResponse.Header("Content-Type", "image/png; name=\"ünï\t🦀\""),
                new StoredResponse.Header("x-two", ""),
                new StoredResponse.Header("X-Two", "a")),
            every,
            false);

    assertEquals(new Completed(response, claimed.expiresAt()), complete(token, response));

    Completed replay = assertInstanceOf(Completed.class, claim(LONG));
    assertEquals(response.headers(), replay.response().headers());
    assertArrayEquals(every, replay.response().body());
    assertEquals(new Completed(response, claimed.expiresAt()), replay);
  }

  @Test
  void anEmptyResponseIsOneToo() {
    claimed(claim(LONG, token));
    var empty = new StoredResponse(204, List.of(), new byte[0], true);
    complete(token, empty);
    assertEquals(empty, assertInstanceOf(Completed.class, claim(LONG)).response());
  }

  @Test
  void aLargeResponseIsKept() {
    claimed(claim(LONG, token));
    var large = response(200, "é🦀x".repeat(30_000));
    complete(token, large);
    assertEquals(large, assertInstanceOf(Completed.class, claim(LONG)).response());
  }

  @Test
  void toCompleteOnceMoreWithTheSameChangesNothingAndSucceeds() {
    claimed(claim(LONG, token));
    ClaimOutcome first = complete(token, OK);

    assertEquals(first, complete(token, response(200, "{\"id\":7}")));
    assertEquals(new Lost(), complete(token, response(200, "{\"id\":8}")));
    assertEquals(new Lost(), complete(token, response(201, "{\"id\":7}")));
    assertEquals(new Lost(), complete(ClaimToken.draw(RANDOM), OK));
    assertEquals(first, claim(LONG));
  }

  @Test
  void whatIsDoneWithIsNeitherAbortedNorRenewed() {
    claimed(claim(LONG, token));
    ClaimOutcome completed = complete(token, OK);

    assertEquals(new Lost(), ask(new Abort(key, token)));
    assertEquals(new Lost(), ask(new Renew(key, token, LONG)));
    assertEquals(completed, claim(LONG));
  }

  @Test
  void whatIsAbortedIsNobodys() {
    claimed(claim(LONG, token));

    assertEquals(new Aborted(), ask(new Abort(key, token)));
    assertEquals(new Lost(), ask(new Abort(key, token)));
    assertEquals(new Lost(), complete(token, OK));
    assertEquals(new Lost(), ask(new Renew(key, token, LONG)));
    claimed(claim(LONG));
  }

  @Test
  void ofAKeyThatNobodyHasNothingIsKnown() {
    assertEquals(new Lost(), complete(token, OK));
    assertEquals(new Lost(), ask(new Abort(key, token)));
    assertEquals(new Lost(), ask(new Renew(key, token, LONG)));
    claimed(claim(LONG));
  }

  @Test
  void onlyTheTokenOfThePresentClaimOwnsTheKey() {
    claimed(claim(LONG, token));
    var similar = new ClaimToken(token.high(), token.low() ^ 1);

    assertEquals(new Lost(), complete(similar, OK));
    assertEquals(new Lost(), ask(new Abort(key, similar)));
    assertEquals(new Lost(), ask(new Renew(key, similar, LONG)));
    assertInstanceOf(Completed.class, complete(token, OK));
  }

  @Test
  void anOwnerWhoseLeaseHasRunOutIsFencedOutAlsoWhenNobodyHasComeSince() {
    Claimed claimed = claimed(claim(SHORT, token));
    awaitInstant(claimed.leaseEnds());

    assertEquals(new Lost(), complete(token, OK));
    assertEquals(new Lost(), ask(new Renew(key, token, LONG)));
    assertEquals(new Lost(), ask(new Abort(key, token)));
  }

  @Test
  void theNextOwnerIsNotDisturbedByTheOneBefore() {
    Claimed before = claimed(claim(SHORT, token));
    awaitInstant(before.leaseEnds());
    ClaimToken next = ClaimToken.draw(RANDOM);
    Claimed after = claimed(claim(next, LONG, LONG));
    assertTrue(after.fence() > before.fence());

    assertEquals(new Lost(), complete(token, OK));
    assertEquals(new Lost(), ask(new Abort(key, token)));
    assertEquals(new Lost(), ask(new Renew(key, token, LONG)));
    assertInProgress(after.leaseEnds(), claim(LONG));
    assertInstanceOf(Completed.class, complete(next, OK));
  }

  @Test
  void aRenewedClaimLastsFromThenOn() {
    Claimed claimed = claimed(claim(token, LONG, 3 * LONG));
    awaitInstant(claimed.leaseEnds() - LONG + 1_000_000);

    Claimed renewed = claimed(ask(new Renew(key, token, 2 * LONG)));

    assertEquals(claimed.fence(), renewed.fence());
    assertEquals(claimed.expiresAt(), renewed.expiresAt());
    assertTrue(renewed.leaseEnds() > claimed.leaseEnds() + LONG, renewed + " after " + claimed);
    assertInProgress(renewed.leaseEnds(), claim(LONG));
  }

  @Test
  void oneRenewedForLongerThanItsTtlIsRememberedAsLong() {
    claimed(claim(token, LONG, LONG));
    Claimed renewed = claimed(ask(new Renew(key, token, 2 * LONG)));
    assertEquals(renewed.leaseEnds(), renewed.expiresAt());
    assertEquals(new Completed(OK, renewed.expiresAt()), complete(token, OK));
  }

  @Test
  void oneRenewedForAShorterTimeEndsThen() {
    claimed(claim(LONG, token));
    Claimed renewed = claimed(ask(new Renew(key, token, SHORT)));
    awaitInstant(renewed.leaseEnds());
    claimed(claim(LONG));
  }

  @Test
  void aResponseIsForgottenWhenItsTtlHasPassed() {
    Claimed claimed = claimed(claim(token, SHORT, SHORT));
    while (!(complete(token, OK) instanceof Completed)) { // a slow machine: once more
      claimed = claimed(claim(token, SHORT, SHORT));
    }
    awaitInstant(claimed.expiresAt());

    Claimed again = claimed(claim(LONG));
    assertTrue(again.fence() > claimed.fence());
  }

  @Test
  void aResponseOutlivesTheLeaseItWasMadeUnder() {
    Claimed claimed = claimed(claim(token, SHORT, LONG));
    while (!(complete(token, OK) instanceof Completed)) { // a slow machine: once more
      claimed = claimed(claim(token, SHORT, LONG));
    }
    awaitInstant(claimed.leaseEnds());
    store().sweep(now());

    assertEquals(new Completed(OK, claimed.expiresAt()), claim(LONG));
  }

  @Test
  void theSameKeyWithAnotherRequestIsToldSo() {
    claimed(ask(new Claim(key, token, LONG, LONG, "sha-256:a")));

    assertEquals(new OtherRequest(), claimFor("sha-256:b"));
    assertInstanceOf(InProgress.class, claimFor("sha-256:a"));
    assertInstanceOf(InProgress.class, claimFor(null));

    complete(token, OK);
    assertEquals(new OtherRequest(), claimFor("sha-256:b"));
    assertEquals(new OtherRequest(), claimFor("sha-256:A"));
    assertInstanceOf(Completed.class, claimFor("sha-256:a"));
    assertInstanceOf(Completed.class, claimFor(null));
  }

  @Test
  void aClaimThatSaysNothingOfItsRequestTakesAny() {
    claimed(claim(LONG, token));
    assertInstanceOf(InProgress.class, claimFor("sha-256:b"));
    complete(token, OK);
    assertInstanceOf(Completed.class, claimFor("sha-256:b"));
  }

  @Test
  void afterAnAbortAnotherRequestMayHaveTheKey() {
    claimed(ask(new Claim(key, token, LONG, LONG, "a")));
    ask(new Abort(key, token));
    claimed(claimFor("b"));
  }

  @Test
  void fencesGrowAlsoWhenTheKeyHasBeenForgotten() {
    long last = 0;
    for (int i = 0; i < 12; i++) {
      ClaimToken owner = ClaimToken.draw(RANDOM);
      Claimed claimed = claimed(claim(owner, LONG, LONG));
      assertTrue(claimed.fence() > last, claimed.fence() + " after " + last);
      assertTrue(claimed.fence() < 1L << 53, "more than a double can tell: " + claimed.fence());
      last = claimed.fence();
      if (i % 3 != 0) {
        assertEquals(new Aborted(), ask(new Abort(key, owner)));
      } else {
        awaitInstant(claimed(ask(new Renew(key, owner, SHORT))).leaseEnds());
        store().sweep(now());
      }
    }
  }

  @Test
  void keysAndNamespacesAreClaimedApart() {
    claimed(claim(LONG, token));
    claimed(ask(new Claim(key("orders", key.key()), token, LONG, LONG, null)));
    claimed(ask(new Claim(key("payments", key.key() + "}"), token, LONG, LONG, null)));
    claimed(ask(new Claim(key("payments", "ü{🦀}" + key.key()), token, LONG, LONG, null)));
  }

  @Test
  void aBatchIsCarriedOutInItsOrder() {
    List<ClaimOutcome> outcomes = new ArrayList<>();
    ClaimToken next = ClaimToken.draw(RANDOM);
    for (ClaimOperation each :
        List.of(
            new Claim(key, token, LONG, LONG, null),
            new Claim(key, next, LONG, LONG, null),
            new Abort(key, token),
            new Claim(key, next, LONG, LONG, null),
            new Complete(key, token, OK),
            new Complete(key, next, OK),
            new Claim(key, token, LONG, LONG, null))) {
      store().submit(each, now(), outcomes::add);
    }
    store().flush();
    awaitAnswers();

    assertEquals(
        List.of("Claimed", "InProgress", "Aborted", "Claimed", "Lost", "Completed", "Completed"),
        outcomes.stream().map(each -> each.getClass().getSimpleName()).toList());
  }

  @Test
  void anAnswerMayAskAgain() {
    List<ClaimOutcome> outcomes = new ArrayList<>();
    store()
        .submit(
            new Claim(key, token, LONG, LONG, null),
            now(),
            first -> {
              outcomes.add(first);
              store().submit(new Abort(key, token), now(), outcomes::add);
            });
    store().flush();
    awaitAnswers();
    assertInstanceOf(Claimed.class, outcomes.getFirst());
    assertEquals(new Aborted(), outcomes.getLast());
    assertEquals(2, outcomes.size());
  }

  private ClaimOutcome claim(long lease) {
    return claim(lease, ClaimToken.draw(RANDOM));
  }

  private ClaimOutcome claim(long lease, ClaimToken as) {
    return claim(as, lease, LONG);
  }

  private ClaimOutcome claim(ClaimToken as, long lease, long ttl) {
    return ask(new Claim(key, as, lease, ttl, null));
  }

  private ClaimOutcome claimFor(String request) {
    return ask(new Claim(key, ClaimToken.draw(RANDOM), LONG, LONG, request));
  }

  private ClaimOutcome complete(ClaimToken as, StoredResponse response) {
    return ask(new Complete(key, as, response));
  }

  /** Asks, and waits for the answer. */
  protected final ClaimOutcome ask(ClaimOperation operation) {
    List<ClaimOutcome> outcomes = new ArrayList<>();
    store().submit(operation, now(), outcomes::add);
    store().flush();
    awaitAnswers();
    assertEquals(1, outcomes.size());
    return outcomes.getFirst();
  }

  /** Somebody has it, until an instant of the shard's clock. */
  protected final void assertInProgress(long leaseEnds, ClaimOutcome outcome) {
    long told = assertInstanceOf(InProgress.class, outcome).leaseEnds();
    assertTrue(Math.abs(told - leaseEnds) <= translation(), told + " instead of " + leaseEnds);
  }

  /** The key under a secret that is always the same. */
  protected static ClaimKey key(String namespace, String key) {
    return new ClaimKey(namespace, key, Fingerprint.of(SECRET, namespace, key));
  }

  /** A response of text with two headers. */
  protected static StoredResponse response(int status, String body) {
    return new StoredResponse(
        status,
        List.of(
            new StoredResponse.Header("Content-Type", "application/json"),
            new StoredResponse.Header("Location", "/payments/7")),
        body.getBytes(StandardCharsets.UTF_8),
        true);
  }

  /** The claim, if it is one. */
  protected static Claimed claimed(ClaimOutcome outcome) {
    return assertInstanceOf(Claimed.class, outcome);
  }
}
