package dev.sluice.limiter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.limiter.process.Decision.Why;
import dev.sluice.limiter.process.LimiterMessage.Request;
import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.limiter.store.Outcome;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A shard whose engine answers later, or dies with operations under way. */
class LateAnswersTest {
  private static final Terms TEN_A_SECOND = Terms.tokenBucket(10, Duration.ofSeconds(1), 10);
  private static final Duration PERMIT = Duration.ofMillis(100); // what a permit takes to come back
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Fingerprint.Secret SECRET = new Fingerprint.Secret(1, 2);
  private static final Outcome.Unavailable DEAD =
      new Outcome.Unavailable("dead", Duration.ofMillis(200));
  private static final Decision TURNED_AWAY =
      new Decision.StoreUnavailable("dead", Duration.ofMillis(200));

  private final VirtualClock clock = new VirtualClock();
  private final LateStore store = new LateStore();
  private final List<String> counted = new ArrayList<>();
  private final LimiterShard shard =
      new LimiterShard(
          store,
          10,
          Policies.of(
              List.of(
                  policy("closed", false, Policy.WhenEngineFails.CLOSED),
                  policy("open", false, Policy.WhenEngineFails.OPEN),
                  policy("shadow", true, Policy.WhenEngineFails.CLOSED))),
          new EpochClock(clock),
          (policy, result, _) -> counted.add(policy + " " + result));

  @Test
  void decidesWhenTheAnswerComes() {
    var asked = acquire("closed", 4, Duration.ZERO);
    var another = acquire("closed", 7, Duration.ZERO);
    assertFalse(shard.isIdle());
    shard.tick();
    assertFalse(asked.isDone());

    arrive();

    assertEquals(6, granted(asked).remaining());
    assertInstanceOf(Decision.Refused.class, decided(another));
    assertTrue(shard.isIdle());
  }

  @Test
  void thoseWhoAskAtOnceStandInLineInTheirOrder() {
    var first = acquire("closed", 10, SECOND);
    var second = acquire("closed", 2, SECOND);
    var third = acquire("closed", 1, SECOND);
    arrive();
    assertEquals(0, granted(first).remaining());

    advance(PERMIT); // the second is looked at in vain: it is the third for whom it is enough
    assertFalse(third.isDone());
    advance(PERMIT);
    assertEquals(PERMIT.multipliedBy(2), granted(second).waited());
    assertFalse(third.isDone());
    advance(PERMIT);
    assertEquals(PERMIT.multipliedBy(3), granted(third).waited());
  }

  @Test
  void whoAskedBehindALineThatHasGoneMeanwhileAsksAnew() {
    drain("closed");
    var waiter = acquire("closed", 1, SECOND);
    arrive();
    clock.advance(PERMIT);
    var newcomer = acquire("closed", 1, SECOND);
    assertEquals(List.of(Kind.ACQUIRE, Kind.PEEK), store.underWay());
    store.arrive();
    shard.tick();

    assertTrue(waiter.isDone());
    assertEquals(List.of(Kind.ACQUIRE), store.underWay());
    arrive();
    advance(PERMIT);
    assertEquals(0, granted(newcomer).remaining());
  }

  @Test
  void permitsThatComeForOneWhoHasGoneAreGivenBack() {
    var gone = acquire("closed", 10, Duration.ZERO);
    gone.abandon();
    arrive();
    assertEquals(List.of(Kind.RELEASE), store.underWay());
    arrive();

    var next = acquire("closed", 10, Duration.ZERO);
    arrive();
    assertEquals(0, granted(next).remaining());
  }

  @Test
  void whoIsBeingAskedForWhenItsWaitEndsGetsTheAnswer() {
    drain("closed");
    var waiter = acquire("closed", 1, PERMIT);
    arrive();
    clock.advance(PERMIT);
    shard.tick();
    clock.advance(PERMIT);
    shard.tick();
    assertFalse(waiter.isDone());
    arrive();

    assertEquals(0, granted(waiter).remaining());
  }

  @Test
  void whenTheEngineDiesThoseUnderWayGetWhatTheirPolicySays() {
    var closed = acquire("closed", 1, SECOND);
    var open = acquire("open", 1, SECOND);
    var shadow = acquire("shadow", 1, SECOND);
    die();

    assertEquals(TURNED_AWAY, decided(closed));
    assertEquals(Why.FAIL_OPEN, granted(open).why());
    assertEquals(Why.FAIL_OPEN, granted(shadow).why());
    assertEquals(List.of("closed UNDECIDED", "open FAIL_OPEN", "shadow FAIL_OPEN"), counted);
    assertTrue(shard.isIdle());
  }

  @Test
  void whenTheEngineDiesThoseInLineAreTurnedAwayAtTheirTurn() {
    assertEquals(List.of(TURNED_AWAY, TURNED_AWAY, TURNED_AWAY), lineWhenTheEngineDies("closed"));
  }

  @Test
  void orGrantedIfThePolicySaysSo() {
    for (Decision each : lineWhenTheEngineDies("open")) {
      assertEquals(Why.FAIL_OPEN, assertInstanceOf(Decision.Granted.class, each).why());
    }
  }

  private List<Decision> lineWhenTheEngineDies(String policy) {
    drain(policy);
    var waiters = Stream.of(1, 2, 3).map(permits -> acquire(policy, permits, SECOND)).toList();
    arrive();
    advance(PERMIT.minusNanos(1));
    assertFalse(waiters.getFirst().isDone());

    clock.advance(Duration.ofNanos(1));
    for (Reply<Decision> ignored : waiters) {
      shard.tick();
      die();
    }

    assertTrue(shard.isIdle());
    return waiters.stream().map(LateAnswersTest::decided).toList();
  }

  @Test
  void whoseWaitEndsWhileTheEngineIsDeadIsToldSo() {
    drain("closed");
    var first = acquire("closed", 10, SECOND);
    var behind = acquire("closed", 1, SECOND.plus(PERMIT));
    arrive();
    clock.advance(SECOND.plus(PERMIT));
    shard.tick();
    while (store.isWaiting()) {
      die();
    }

    assertEquals(TURNED_AWAY, decided(first));
    assertEquals(TURNED_AWAY, decided(behind));
    assertTrue(shard.isIdle());
  }

  @Test
  void whenTheEngineIsBackTheLineGoesOn() {
    drain("closed");
    var lost = acquire("closed", 1, SECOND);
    var next = acquire("closed", 1, SECOND);
    arrive();
    clock.advance(PERMIT);
    shard.tick();
    die();
    assertEquals(TURNED_AWAY, decided(lost));

    shard.tick();
    arrive();
    assertEquals(PERMIT, granted(next).waited());
  }

  @Test
  void noPolicyMakesUpABalance() {
    for (Kind kind : List.of(Kind.PEEK, Kind.RELEASE, Kind.RESET)) {
      var asked = ask(kind, "open", 1, Duration.ZERO);
      die();
      assertEquals(TURNED_AWAY, decided(asked), kind.name());
    }
  }

  private static Policy policy(String name, boolean shadow, Policy.WhenEngineFails whenItFails) {
    return new Policy(name, TEN_A_SECOND, null, shadow, null, whenItFails);
  }

  /** Takes all permits of the policy's key. */
  private void drain(String policy) {
    var all = acquire(policy, 10, Duration.ZERO);
    arrive();
    assertEquals(0, granted(all).remaining());
  }

  private Reply<Decision> acquire(String policy, long permits, Duration wait) {
    return ask(Kind.ACQUIRE, policy, permits, wait);
  }

  private Reply<Decision> ask(Kind kind, String policy, long permits, Duration wait) {
    var ask = new Ask("k", permits, new Ask.Under.Policy(policy), wait);
    var reply = new Reply<Decision>();
    shard.handle(new Request(Fingerprint.of(SECRET, policy, "k"), ask, kind, reply));
    return reply;
  }

  private void arrive() {
    store.arrive();
    shard.handle(new LimiterMessage.Wake());
  }

  private void die() {
    store.die(DEAD);
    shard.handle(new LimiterMessage.Wake());
  }

  /** Lets time pass, and what is due then arrive. */
  private void advance(Duration by) {
    clock.advance(by);
    shard.tick();
    arrive();
  }

  private static Decision.Granted granted(Reply<Decision> reply) {
    return assertInstanceOf(Decision.Granted.class, decided(reply));
  }

  private static Decision decided(Reply<Decision> reply) {
    assertTrue(reply.isDone());
    return reply.stage().toCompletableFuture().join();
  }
}
