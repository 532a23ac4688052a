package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.RestartLimitExceededException;
import dev.sluice.csp.patterns.RestartPolicy;
import dev.sluice.csp.patterns.Supervisor;
import dev.sluice.csp.patterns.Supervisor.Child;
import dev.sluice.csp.patterns.Supervisor.Event;
import dev.sluice.csp.patterns.Supervisor.Restart;
import dev.sluice.csp.patterns.Supervisor.Settings;
import dev.sluice.csp.patterns.Supervisor.State;
import dev.sluice.csp.patterns.Supervisor.Status;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

@NoLeaks
@Timeout(60)
class SupervisionTest {
  private static final Duration BEAT = Duration.ofMinutes(1);
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Settings SETTINGS =
      new Settings(
          BEAT, GRACE, new RestartPolicy(3, Duration.ofHours(1), PAUSE, PAUSE.multipliedBy(3)));

  private final VirtualClock clock = new VirtualClock();
  private final Scope scope = Scope.open("test", clock);
  private final Channel<Event> events = Channel.buffered(64);
  private final Channel<String> never = Channel.rendezvous();

  @AfterEach
  void noTimerIsLeft() {
    scope.close();
    assertEquals(0, clock.alarms());
  }

  @Test
  void theProgramStartsWhoFailsAndWhoHangsAgain() throws Exception {
    List<String> printed = Printed.by(Supervision::run);

    assertTrue(printed.toString().contains("Stuck[child=hangs, incarnation=1"), printed.toString());
  }

  // Heartbeats

  @Test
  void twoMissedBeatsMakeAChildStuckAndItIsCancelledAndStartedAgain() throws Exception {
    var beaten = new Reply<Boolean>();
    var cancelled = new Reply<Boolean>();
    var supervisor =
        supervise(
            new Child(
                "child",
                Restart.TRANSIENT,
                heart -> {
                  heart.beat();
                  beaten.complete(true);
                  try {
                    never.receive();
                  } catch (InterruptedException stuck) {
                    cancelled.complete(true);
                    throw stuck;
                  }
                }));
    assertEquals(new Event.Started("child", 1), events.receive());
    beaten.await();
    assertEquals(Duration.ZERO, only(supervisor).sinceLastBeat());

    clock.advance(BEAT.multipliedBy(2).minusNanos(1));
    assertEquals(State.RUNNING, only(supervisor).state());
    clock.advance(Duration.ofNanos(1));

    assertEquals(new Event.Stuck("child", 1, BEAT.multipliedBy(2)), events.receive());
    assertTrue(cancelled.await());
    assertEquals(new Event.Ended("child", 1, null, PAUSE), events.receive());
    awaitPlan();
    clock.advance(PAUSE);
    assertEquals(new Event.Started("child", 2), events.receive());
  }

  @Test
  void aHealthyChildRaisesNoFalseAlarmInAMillionBeats() throws InterruptedException {
    var self = new Reply<Supervisor>();
    var supervisor =
        supervise(new Child("child", Restart.TRANSIENT, heart -> beatAMillionTimes(heart, self)));
    self.complete(supervisor);

    scope.join();

    assertEquals(new Event.Started("child", 1), events.receive());
    assertEquals(new Event.Ended("child", 1, null, null), events.receive());
    assertNull(events.tryReceive(), "no false alarm");
    assertEquals(
        VirtualClock.EPOCH.plus(BEAT.multipliedBy(100_000)), clock.instant(), "the time of it");
  }

  /** Ten beats an interval; in each interval the supervisor has looked. */
  private void beatAMillionTimes(Heartbeat heart, Reply<Supervisor> self)
      throws InterruptedException {
    var supervisor = self.await();
    for (int interval = 0; interval < 100_000; interval++) {
      for (int beat = 0; beat < 10; beat++) {
        clock.advance(BEAT.dividedBy(10));
        heart.beat();
      }
      supervisor.children().await();
    }
  }

  @Test
  void whoEndsWithinTheGracePeriodIsNotOverdue() throws Exception {
    var supervisor = supervise(new Child("child", Restart.TRANSIENT, _ -> never.receive()));
    supervisor.children().await();
    clock.advance(BEAT.multipliedBy(2));
    skipTo(Event.Ended.class);
    awaitPlan();

    clock.advance(GRACE);

    assertEquals(new Event.Started("child", 2), events.receive());
  }

  @Test
  void whoDoesNotEndWithinTheGracePeriodIsOverdueAndHasNoSecondLifeBeforeItHasEnded()
      throws Exception {
    Channel<Boolean> release = Channel.rendezvous();
    var supervisor =
        supervise(new Child("child", Restart.TRANSIENT, _ -> receiveStubbornly(release)));
    supervisor.children().await();
    clock.advance(BEAT.multipliedBy(2));
    skipTo(Event.Stuck.class);
    awaitPlan();

    clock.advance(GRACE);

    assertEquals(new Event.Overdue("child", 1), events.receive());
    assertEquals(State.ENDING, only(supervisor).state());
    clock.advance(Duration.ofHours(1));
    assertEquals(1, only(supervisor).incarnation());
    release.send(true);
    assertEquals(new Event.Ended("child", 1, null, PAUSE), events.receive());
    awaitPlan();
    clock.advance(PAUSE);
    assertEquals(new Event.Started("child", 2), events.receive());
    release.send(true);
    scope.join();
  }

  // Restarts

  @Test
  void onlyWhoFailsIsStartedAgain() throws Exception {
    Channel<Boolean> orders = Channel.rendezvous();
    var supervisor =
        supervise(
            new Child("well", Restart.PERMANENT, _ -> never.receive()),
            new Child("ill", Restart.PERMANENT, _ -> failWhenTold(orders)),
            new Child("fine", Restart.PERMANENT, _ -> never.receive()));
    orders.send(true);
    skipTo(Event.Ended.class);
    assertEquals(
        List.of(State.RUNNING, State.PAUSING, State.RUNNING),
        supervisor.children().await().stream().map(Status::state).toList());
    awaitPlan();
    clock.advance(PAUSE);

    assertEquals(new Event.Started("ill", 2), events.receive());
    assertEquals(
        List.of(1, 2, 1), supervisor.children().await().stream().map(Status::incarnation).toList());
  }

  @Test
  void thePauseDoublesUpToTheLongestAndThenItGivesUpAndEndsTheOthers() throws Exception {
    var failure = new IOException("no route");
    var otherEnded = new Reply<Boolean>();
    supervise(
        new Child(
            "other",
            Restart.PERMANENT,
            _ -> {
              try {
                never.receive();
              } finally {
                otherEnded.complete(true);
              }
            }),
        new Child(
            "ill",
            Restart.PERMANENT,
            _ -> {
              throw failure;
            }));
    assertEquals(new Event.Started("other", 1), events.receive());
    for (int life = 1; life <= 3; life++) {
      Duration pause = PAUSE.multipliedBy(life); // 4 would be the third
      assertEquals(new Event.Started("ill", life), events.receive());
      assertEquals(new Event.Ended("ill", life, failure, pause), events.receive());
      awaitPlan();
      clock.advance(pause);
    }
    assertEquals(new Event.Started("ill", 4), events.receive());
    assertEquals(new Event.Ended("ill", 4, failure, null), events.receive());

    var gaveUp = assertThrows(RestartLimitExceededException.class, scope::join);
    assertEquals("child ill failed after 3 restarts within PT1H", gaveUp.getMessage());
    assertSame(failure, gaveUp.getCause());
    assertTrue(otherEnded.isDone());
  }

  @Test
  void failuresThatAreLongAgoAreForgotten() throws Exception {
    Channel<Boolean> orders = Channel.rendezvous();
    supervise(
        settings(new RestartPolicy(1, BEAT, PAUSE, PAUSE)),
        new Child("child", Restart.PERMANENT, heart -> failWhenTold(orders)));
    for (int life = 1; life <= 5; life++) {
      assertEquals(new Event.Started("child", life), events.receive());
      orders.send(true);
      assertEquals(PAUSE, assertInstanceOf(Event.Ended.class, events.receive()).restartIn());
      awaitPlan();
      clock.advance(BEAT);
    }
  }

  @Test
  void aLimitOfZeroIsNoRestart() {
    supervise(
        settings(new RestartPolicy(0, BEAT, PAUSE, PAUSE)),
        new Child("child", Restart.PERMANENT, _ -> {}));
    assertEquals(
        "child child ended after 0 restarts within PT1M",
        assertThrows(RestartLimitExceededException.class, scope::join).getMessage());
  }

  @Test
  void aPermanentChildIsStartedAgainWhenItReturns() throws Exception {
    supervise(new Child("child", Restart.PERMANENT, _ -> {}));
    assertEquals(new Event.Started("child", 1), events.receive());
    assertEquals(new Event.Ended("child", 1, null, PAUSE), events.receive());
    awaitPlan();
    clock.advance(PAUSE);
    assertEquals(new Event.Started("child", 2), events.receive());
  }

  @Test
  void aTemporaryChildIsNotStartedAgainWhenItFails() throws Exception {
    var failure = new AssertionError("bad");
    supervise(
        new Child(
            "child",
            Restart.TEMPORARY,
            _ -> {
              throw failure;
            }));
    scope.join();
    assertEquals(new Event.Started("child", 1), events.receive());
    assertEquals(new Event.Ended("child", 1, failure, null), events.receive());
  }

  // The end

  @Test
  void itEndsWhenAllHaveFinished() throws InterruptedException {
    var supervisor =
        supervise(
            new Child("a", Restart.TRANSIENT, _ -> {}), new Child("b", Restart.TRANSIENT, _ -> {}));
    scope.join();
    var refused = assertThrows(IllegalStateException.class, () -> supervisor.children().await());
    assertEquals("the supervisor supervisor has ended", refused.getMessage());
  }

  @Test
  void itEndsAtOnceWithoutChildren() throws InterruptedException {
    supervise();
    scope.join();
    assertNull(events.tryReceive());
  }

  @Test
  void cancellingEndsAllAndNobodyIsStartedAgain() throws Exception {
    supervise(
        new Child("a", Restart.PERMANENT, _ -> never.receive()),
        new Child("b", Restart.PERMANENT, _ -> never.receive()));
    assertEquals(new Event.Started("a", 1), events.receive());
    assertEquals(new Event.Started("b", 1), events.receive());
    Eventually.that(() -> never.stats().waitingReceivers() == 2);

    scope.cancel();
    scope.join();

    assertNull(events.tryReceive());
    assertEquals(0, never.stats().waitingReceivers());
    assertEquals(List.of(), scope.processes());
  }

  @Test
  void itDoesNotOutliveTheScopeOfItsChildren() throws Exception {
    supervise(new Child("child", Restart.PERMANENT, _ -> never.receive()));
    Eventually.that(() -> never.stats().waitingReceivers() == 1);

    scope.children().getFirst().cancel();

    assertEquals(
        "the children of supervisor have been cancelled",
        assertThrows(CancellationException.class, scope::join).getMessage());
  }

  @Test
  void aConsumerOfEventsThatFailsFailsTheSupervisor() {
    Supervisor.start(
        scope,
        "supervisor",
        SETTINGS,
        List.of(new Child("child", Restart.PERMANENT, _ -> never.receive())),
        _ -> {
          throw new IllegalStateException("no room");
        });
    assertEquals("no room", assertThrows(IllegalStateException.class, scope::join).getMessage());
  }

  // Its terms

  @Test
  void twoChildrenOfOneNameAreRefused() {
    var child = new Child("child", Restart.PERMANENT, _ -> {});
    assertEquals(
        "two children are named child, each must have a name of its own",
        assertThrows(IllegalArgumentException.class, () -> supervise(child, child)).getMessage());
  }

  @Test
  void thePauseOfEachRestart() {
    var policy = new RestartPolicy(5, BEAT, PAUSE, PAUSE.multipliedBy(5));
    assertEquals(PAUSE, policy.pause(1));
    assertEquals(PAUSE.multipliedBy(2), policy.pause(2));
    assertEquals(PAUSE.multipliedBy(4), policy.pause(3));
    assertEquals(PAUSE.multipliedBy(5), policy.pause(4));
    assertEquals(PAUSE.multipliedBy(5), policy.pause(1_000_000));
    assertThrows(IllegalArgumentException.class, () -> policy.pause(0));
  }

  @Test
  void theTermsAreCheckedByName() {
    assertMessage("limit is -1, must be 0 to 1000", -1, BEAT, PAUSE, PAUSE);
    assertMessage("limit is 1001, must be 0 to 1000", 1_001, BEAT, PAUSE, PAUSE);
    String positive = " is PT0S, must be more than 0 and at most 100 years";
    assertMessage("within" + positive, 1, Duration.ZERO, PAUSE, PAUSE);
    assertMessage("firstPause" + positive, 1, BEAT, Duration.ZERO, PAUSE);
    assertMessage("longestPause" + positive, 1, BEAT, PAUSE, Duration.ZERO);
    assertMessage(
        "longestPause is PT0.999S, must be at least firstPause, PT1S",
        1,
        BEAT,
        PAUSE,
        Duration.ofMillis(999));
    var policy = SETTINGS.restarts();
    assertThrows(IllegalArgumentException.class, () -> new Settings(Duration.ZERO, GRACE, policy));
    assertEquals(
        "heartbeat is PT0.000999999S, must be PT0.001S or more",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Settings(Duration.ofNanos(999_999), GRACE, policy))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Settings(BEAT, Duration.ZERO, policy));
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without NullAway may do
  void nullIsRefusedAtOnce() {
    Supervisor.Body body = _ -> {};
    for (Executable call :
        List.<Executable>of(
            () -> new Child(null, Restart.PERMANENT, body),
            () -> new Child("child", null, body),
            () -> new Child("child", Restart.PERMANENT, null),
            () -> new Settings(BEAT, GRACE, null),
            () -> Supervisor.start(scope, "other", null, List.of(), _ -> {}),
            () -> Supervisor.start(scope, "other", SETTINGS, List.of(), null))) {
      assertThrows(NullPointerException.class, call);
    }
    assertEquals(List.of(), scope.processes());
  }

  private static void assertMessage(
      String message, int limit, Duration within, Duration first, Duration longest) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> new RestartPolicy(limit, within, first, longest))
            .getMessage());
  }

  private Supervisor supervise(Child... children) {
    return supervise(SETTINGS, children);
  }

  private Supervisor supervise(Settings settings, Child... children) {
    return Supervisor.start(
        scope,
        "supervisor",
        settings,
        List.of(children),
        event -> assertTrue(events.trySend(event)));
  }

  private static Settings settings(RestartPolicy policy) {
    return new Settings(BEAT, GRACE, policy);
  }

  private static Status only(Supervisor supervisor) throws InterruptedException {
    return supervisor.children().await().getFirst();
  }

  /** Until the supervisor waits for what it has planned: beside the ticker of its monitor. */
  private void awaitPlan() throws InterruptedException {
    clock.awaitAlarms(2);
  }

  private void skipTo(Class<? extends Event> kind) throws InterruptedException {
    while (!kind.isInstance(events.receive())) {
      // another one
    }
  }

  private static void failWhenTold(Channel<Boolean> orders) throws Exception {
    orders.receive();
    throw new IOException("as told");
  }

  /** Code that ignores its interrupt. */
  private static void receiveStubbornly(Channel<Boolean> release) {
    while (true) {
      try {
        release.receive();
        return;
      } catch (InterruptedException ignored) {
        // and goes on
      }
    }
  }
}
