package dev.sluice.limiter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.limiter.process.LimiterMessage.Request;
import dev.sluice.limiter.store.MemoryLimitStore;
import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimiterShardTest {
  private static final Terms TEN_A_SECOND = Terms.tokenBucket(10, Duration.ofSeconds(1), 10);
  private static final Quota QUOTA = new Quota("inline", 10, Duration.ofSeconds(1));
  private static final Fingerprint.Secret SECRET = new Fingerprint.Secret(1, 2);
  private static final Duration PERMIT = Duration.ofMillis(100); // what a permit takes to come back

  private final VirtualClock clock = new VirtualClock();
  private final MemoryLimitStore store = new MemoryLimitStore(2);
  private final List<String> counted = new ArrayList<>();
  private final LimiterShard shard =
      new LimiterShard(
          store,
          3,
          Policies.of(
              List.of(
                  new Policy(
                      "shadow", TEN_A_SECOND, null, true, null, Policy.WhenEngineFails.CLOSED),
                  new Policy(
                      "users",
                      TEN_A_SECOND,
                      Duration.ofMillis(50),
                      false,
                      new KeyPattern("user:*"),
                      Policy.WhenEngineFails.CLOSED))),
          new EpochClock(clock),
          (policy, result, permits) -> counted.add(policy + " " + result + " " + permits));

  @Test
  void grantsTheBurstThenRefusesWithTheTimeToTryAgain() {
    for (int left = 9; left >= 0; left--) {
      assertEquals(left, granted(acquire("k", 1, Duration.ZERO)).remaining());
    }
    assertEquals(refused(0, PERMIT), decided(acquire("k", 1, Duration.ZERO)));
  }

  @Test
  void tellsWhatItDecides() {
    acquire("k", 9, Duration.ZERO);
    acquire("k", 2, Duration.ZERO);
    var shadow = new Ask.Under.Policy("shadow");
    request(new Ask("s", 10, shadow), Kind.ACQUIRE);
    request(new Ask("s", 10, shadow), Kind.ACQUIRE);
    request(new Ask("s", 1, shadow), Kind.PEEK);
    acquire("l", 1, Duration.ZERO);
    acquire("m", 1, Duration.ZERO); // there is room for two keys
    request(new Ask("k", 1, new Ask.Under.Policy("nosuch")), Kind.ACQUIRE);

    assertEquals(
        List.of(
            "inline GRANTED 9",
            "inline REFUSED 2",
            "shadow GRANTED 10",
            "shadow SHADOW 10",
            "inline UNDECIDED 1",
            "inline UNDECIDED 1"),
        counted);
  }

  @Test
  void keysDoNotDisturbEachOther() {
    acquire("a", 10, Duration.ZERO);

    assertEquals(9, granted(acquire("b", 1, Duration.ZERO)).remaining());
  }

  @Test
  void servesWaitersFirstComeFirstServedEachAtItsInstant() {
    acquire("k", 10, Duration.ZERO);
    var three = acquire("k", 3, Duration.ofSeconds(1));
    var one = acquire("k", 1, Duration.ofSeconds(1));

    advance(PERMIT.multipliedBy(3).minusNanos(1));
    assertFalse(three.isDone());
    assertFalse(one.isDone(), "one permit was there, but it does not overtake");

    advance(Duration.ofNanos(1));
    assertEquals(PERMIT.multipliedBy(3), granted(three).waited());
    assertFalse(one.isDone());

    advance(PERMIT);
    assertEquals(PERMIT.multipliedBy(4), granted(one).waited());
  }

  @Test
  void aNewcomerDoesNotOvertakeAWaiter() {
    acquire("k", 10, Duration.ZERO);
    var waiter = acquire("k", 5, Duration.ofSeconds(1));
    advance(PERMIT.multipliedBy(2));

    assertEquals(refused(2, PERMIT.multipliedBy(4)), decided(acquire("k", 1, Duration.ZERO)));

    advance(PERMIT.multipliedBy(3));
    assertTrue(waiter.isDone());
  }

  @Test
  void refusesAtOnceWhatCannotBeMetWithinTheWait() {
    acquire("k", 10, Duration.ZERO);

    assertEquals(refused(0, PERMIT), decided(acquire("k", 1, PERMIT.minusNanos(1))));
    assertFalse(acquire("k", 1, PERMIT).isDone());
  }

  @Test
  void refusesMoreWaitersThanTheLineHolds() {
    acquire("k", 10, Duration.ZERO);
    for (int i = 0; i < 3; i++) {
      assertFalse(acquire("k", 1, Duration.ofMinutes(1)).isDone());
    }
    assertEquals(
        refused(0, PERMIT.multipliedBy(4)), decided(acquire("k", 1, Duration.ofMinutes(1))));
  }

  @Test
  void whoGoesAwayTakesNoPermitsAndThoseBehindMoveUp() {
    acquire("k", 10, Duration.ZERO);
    var gone = ask("k", 5, Duration.ofSeconds(1));
    var alsoGone = ask("k", 2, Duration.ofSeconds(1));
    var staying = ask("k", 1, Duration.ofSeconds(1));

    goAway(alsoGone);
    goAway(gone);

    assertEquals(refused(0, PERMIT.multipliedBy(2)), decided(acquire("k", 1, Duration.ZERO)));
    advance(PERMIT);
    assertEquals(PERMIT, granted(staying.reply()).waited());
    assertTrue(shard.isIdle());
    advance(PERMIT.multipliedBy(10));
    assertEquals(9, granted(acquire("k", 1, Duration.ZERO)).remaining());
  }

  @Test
  void whoGoesAwayMakesRoomInTheLine() {
    acquire("k", 10, Duration.ZERO);
    ask("k", 1, Duration.ofMinutes(1));
    var gone = ask("k", 1, Duration.ofMinutes(1));
    ask("k", 1, Duration.ofMinutes(1));
    assertTrue(acquire("k", 1, Duration.ofMinutes(1)).isDone());

    goAway(gone);

    assertFalse(acquire("k", 1, Duration.ofMinutes(1)).isDone());
    assertTrue(acquire("k", 1, Duration.ofMinutes(1)).isDone());
  }

  @Test
  void theLastWhoGoesAwayLeavesNoLine() {
    acquire("k", 10, Duration.ZERO);
    goAway(ask("k", 5, Duration.ofSeconds(1)));

    assertTrue(shard.isIdle());
    advance(PERMIT);
    assertEquals(0, granted(acquire("k", 1, Duration.ZERO)).remaining());
  }

  @Test
  void whoHasGoneAwayUnheardIsPassedOverAtItsTurn() {
    acquire("k", 10, Duration.ZERO);
    var gone = acquire("k", 5, Duration.ofSeconds(1));
    var staying = acquire("k", 2, Duration.ofSeconds(1));
    gone.abandon();

    advance(PERMIT.multipliedBy(5));

    assertEquals(3, granted(staying).remaining());
    assertEquals(2, granted(acquire("k", 1, Duration.ZERO)).remaining());
  }

  @Test
  void whoHasGoneAwayBeforeItsTurnInTheInboxTakesNothing() {
    var reply = new Reply<Decision>();
    reply.abandon();
    var ask = new Ask("k", 4, new Ask.Under.Inline(TEN_A_SECOND));
    shard.handle(new Request(Fingerprint.of(SECRET, null, "k"), ask, Kind.ACQUIRE, reply));

    assertEquals(9, granted(acquire("k", 1, Duration.ZERO)).remaining());
  }

  @Test
  void whoGoesAwayWhenItIsAnsweredChangesNothing() {
    var served = ask("k", 4, Duration.ofSeconds(1));
    goAway(served);
    acquire("k", 6, Duration.ZERO);
    assertFalse(acquire("k", 3, Duration.ofSeconds(1)).isDone());
    goAway(served);

    assertEquals(refused(0, PERMIT.multipliedBy(4)), decided(acquire("k", 1, Duration.ZERO)));
  }

  @Test
  void isIdleOnlyWhenNobodyWaits() {
    acquire("k", 10, Duration.ZERO);
    assertTrue(shard.isIdle());
    acquire("k", 1, Duration.ofSeconds(1));
    assertFalse(shard.isIdle());
    advance(PERMIT);
    assertTrue(shard.isIdle());
  }

  @Test
  void forgetsKeysThatHaveAllTheirPermitsAndKeepsTheOthers() {
    acquire("short", 1, Duration.ZERO);
    acquire("long", 10, Duration.ZERO);
    shard.tick();
    advance(Duration.ofMillis(50));
    assertEquals(
        new Decision.StoreFull("all 2 entries of this shard are in use", Duration.ofMillis(950)),
        decided(acquire("third", 1, Duration.ZERO)));

    advance(Duration.ofMillis(950));
    assertEquals(1, store.size());
    assertEquals(9, granted(acquire("third", 1, Duration.ZERO)).remaining());
    advance(Duration.ofMillis(1_000));
    assertEquals(0, store.size());
  }

  @Test
  void peekSaysWhatTheNextOneWouldMeet() {
    acquire("k", 10, Duration.ZERO);
    acquire("k", 3, Duration.ofSeconds(1));

    assertEquals(
        new Decision.Balance(QUOTA, 0, 0, PERMIT.multipliedBy(5), Duration.ofSeconds(1), false),
        decided(ask(Kind.PEEK, "k", 2, Duration.ZERO).reply()));
    assertEquals(
        new Decision.Balance(QUOTA, 0, 10, Duration.ZERO, Duration.ZERO, false),
        decided(ask(Kind.PEEK, "other", 10, Duration.ZERO).reply()));
  }

  @Test
  void whatIsGivenBackGoesToThoseWhoWait() {
    acquire("k", 10, Duration.ZERO);
    var waiter = acquire("k", 3, Duration.ofSeconds(1));

    var released = decided(ask(Kind.RELEASE, "k", 20, Duration.ZERO).reply());
    assertInstanceOf(Decision.NotPossible.class, released);
    assertFalse(waiter.isDone());
    ask(Kind.RELEASE, "k", 4, Duration.ZERO);
    shard.tick();

    assertEquals(1, granted(waiter).remaining());
  }

  @Test
  void aResetLetsThoseWhoWaitGo() {
    acquire("k", 10, Duration.ZERO);
    var waiter = acquire("k", 3, Duration.ofSeconds(1));

    ask(Kind.RESET, "k", 1, Duration.ZERO);
    shard.tick();

    assertEquals(7, granted(waiter).remaining());
  }

  @Test
  void aShadowDecidesAndNeverRefuses() {
    var shadow = new Ask.Under.Policy("shadow");
    assertEquals(
        Decision.Why.COUNTED,
        granted(request(new Ask("k", 10, shadow), Kind.ACQUIRE).reply()).why());
    assertEquals(
        Decision.Why.SHADOW,
        granted(request(new Ask("k", 1, shadow, Duration.ofSeconds(1)), Kind.ACQUIRE).reply())
            .why());
  }

  @Test
  void aPolicySaysWhichKeysAndWaitsItTakes() {
    var users = new Ask.Under.Policy("users");

    assertEquals(
        new Decision.NotPossible("key", "k", "policy users takes keys like user:*"),
        decided(request(new Ask("k", 1, users), Kind.ACQUIRE).reply()));
    assertEquals(
        new Decision.NotPossible("wait", Duration.ofMillis(51), "policy users allows at most 50ms"),
        decided(request(new Ask("user:1", 1, users, Duration.ofMillis(51)), Kind.ACQUIRE).reply()));
    assertEquals(
        new Decision.NotPossible("policy", "nosuch", "must be one of [shadow, users]"),
        decided(request(new Ask("k", 1, new Ask.Under.Policy("nosuch")), Kind.ACQUIRE).reply()));
    assertEquals(
        9, granted(request(new Ask("user:1", 1, users), Kind.ACQUIRE).reply()).remaining());

    shard.handle(
        new LimiterMessage.NewPolicies(
            Policies.of(
                List.of(Policy.of("users", Terms.slidingWindow(3, Duration.ofSeconds(1)))))));
    assertEquals(2, granted(request(new Ask("k", 1, users), Kind.ACQUIRE).reply()).remaining());
  }

  @Test
  void waitersOfAWindowAreServedWhenItOpensAndRefusedWhenTheirWaitEnds() {
    var inTwos = new Ask.Under.Inline(Terms.fixedWindow(2, "second"));
    var second = Duration.ofSeconds(1);
    granted(request(new Ask("k", 2, inTwos), Kind.ACQUIRE).reply());
    var one = request(new Ask("k", 1, inTwos, second), Kind.ACQUIRE).reply();
    var two = request(new Ask("k", 2, inTwos, second.multipliedBy(2)), Kind.ACQUIRE).reply();
    var three = request(new Ask("k", 1, inTwos, second.multipliedBy(2)), Kind.ACQUIRE).reply();

    advance(second);
    assertEquals(1, granted(one).remaining());
    assertFalse(two.isDone());
    advance(second);
    assertEquals(0, granted(two).remaining());
    // By the sum of permits its turn would have come; the windows are filled less well.
    assertEquals(new Decision.Refused(new Quota("inline", 2, second), 0, second), decided(three));
    assertTrue(shard.isIdle());
  }

  private Reply<Decision> acquire(String key, long permits, Duration wait) {
    return ask(key, permits, wait).reply();
  }

  private Request ask(String key, long permits, Duration wait) {
    return ask(Kind.ACQUIRE, key, permits, wait);
  }

  private Request ask(Kind kind, String key, long permits, Duration wait) {
    return request(new Ask(key, permits, new Ask.Under.Inline(TEN_A_SECOND), wait), kind);
  }

  private Request request(Ask ask, Kind kind) {
    var request = new Request(Fingerprint.of(SECRET, null, ask.key()), ask, kind, new Reply<>());
    shard.handle(request);
    return request;
  }

  private void goAway(Request request) {
    request.reply().abandon();
    shard.handle(new LimiterMessage.Abandoned(request));
  }

  private static Decision refused(long remaining, Duration retryAfter) {
    return new Decision.Refused(QUOTA, remaining, retryAfter);
  }

  private void advance(Duration by) {
    clock.advance(by);
    shard.tick();
  }

  private static Decision.Granted granted(Reply<Decision> reply) {
    return assertInstanceOf(Decision.Granted.class, decided(reply));
  }

  private static Decision decided(Reply<Decision> reply) {
    assertTrue(reply.isDone());
    return reply.stage().toCompletableFuture().join();
  }
}
