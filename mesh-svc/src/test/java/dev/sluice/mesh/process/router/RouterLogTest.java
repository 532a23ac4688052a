package dev.sluice.mesh.process.router;

import static dev.sluice.mesh.process.router.RouterRig.GROUP;
import static dev.sluice.mesh.process.router.RouterRig.HEARTBEAT;
import static dev.sluice.mesh.process.router.RouterRig.WAIT;
import static dev.sluice.mesh.process.router.RouterRig.told;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.mesh.model.Group;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.Result;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.ToWorker.Delivery;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.process.Told;
import dev.sluice.mesh.process.router.RouterRig.WorkerEnd;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Durable requests: the log is moved by the test, and told of late. */
class RouterLogTest {
  private static final int WINDOW = 10;
  private static final WorkerId W0 = new WorkerId("worker-0", 1);
  private static final StoreFailure AWAY =
      new StoreFailure.Unavailable("the disk is gone", Duration.ofSeconds(1));
  private static final StoreFailure BUSY = new StoreFailure.Busy("too much waits");

  private final RouterRig rig = new RouterRig(1, RouterRig.settings(20, 10, 1_000, 2, 4, 10_000));
  private WorkerEnd worker;

  @BeforeEach
  void join() {
    rig.welcome("echo");
    worker = rig.link(W0, WINDOW);
    rig.route(0, W0, 1);
    rig.log.isPrompt = false;
  }

  @Test
  void isDeliveredWhenTheLogHasKeptItAndItsOutcomeIsKeptToo() {
    var reply = ask("r-1", "1");
    assertEquals(List.of(), worker.deliveries());
    assertEquals(0, rig.counts().accepted());

    commit();
    var deliveries = worker.deliveries();
    assertEquals(List.of("r-1"), ids(deliveries));
    assertEquals(1, rig.counts().logged());
    worker.reply(deliveries, "one");
    assertEquals(done("one"), told(reply));
    commit();
    assertEquals(outcome("one"), rig.log.row("r-1").outcome());
    assertEquals(0, rig.counts().logged());
  }

  @Test
  void holdsBackWhatStandsBehindOneThatIsNotKeptYet() {
    ask("r-1", "1");
    askVolatile("r-2", "2");
    ask("r-3", "3");
    assertEquals(List.of(), worker.deliveries());
    commit();
    assertEquals(List.of("r-1", "r-2", "r-3"), ids(worker.deliveries()));
    assertEquals(
        List.of("accept r-1", "accept r-2", "accept r-3"),
        rig.steps.stream().filter(step -> step.startsWith("accept")).toList());
  }

  @Test
  void whatTheLogDoesNotTakeIsNotAcceptedAndHoldsNobodyBack() {
    rig.log.failure = BUSY;
    var busy = ask("r-1", "1");
    var behind = askVolatile("r-2", "2");
    commit();
    assertEquals(new Told.LogFailed("too much waits", true), told(busy));
    worker.reply(worker.deliveries(), "2");
    assertEquals(done("2"), told(behind));
    rig.log.failure = AWAY;
    var unknown = ask("r-3", "3");
    commit();
    assertEquals(new Told.LogFailed("the disk is gone", false), told(unknown));
    assertEquals(0, rig.counts().inFlight());
  }

  @Test
  void whatTheLogHadKeptAlthoughItFailedIsDeliveredWhenItIsAskedAgain() {
    rig.log.failure = AWAY;
    rig.log.keepsWhatItFails = true;
    ask("r-1", "1");
    commit();
    rig.log.failure = null;
    var again = ask("r-1", "1");
    commit();
    worker.reply(worker.deliveries(), "one");
    assertEquals(done("one"), told(again));
  }

  @Test
  void aCallerIsToldLateOnlyOfWhatIsAccepted() {
    var hasty = rig.ask(request("r-1", "1"), Duration.ZERO);
    var waiting = ask("r-2", "2");
    rig.pass(WAIT);
    assertFalse(hasty.isDone());
    assertFalse(waiting.isDone());
    commit();
    assertEquals(new Told.NotInTime(0), told(hasty));
    assertEquals(new Told.NotInTime(0), told(waiting));
    assertEquals(2, rig.counts().inFlight());
  }

  @Test
  void aWaitOfZeroIsToldAtOnceWhenThereIsNoLogToWaitFor() {
    var reply = rig.ask(new Request("r-1", "a", "echo", "1", false), Duration.ZERO);
    assertEquals(new Told.NotInTime(0), told(reply));
    assertEquals(1, worker.deliveries().size());
  }

  @Test
  void aRestartedRouterDeliversAgainWhatIsUnansweredInItsOrderBeforeAnythingNew() {
    ask("r-1", "1");
    ask("r-2", "2");
    ask("r-3", "3");
    commit();
    worker.answer(worker.deliveries().getFirst(), new Result.Replied("one"));
    commit();
    ask("r-4", "never committed");
    askVolatile("r-5", "5");
    rig.steps.clear();

    rig.restart();
    rig.log.isPrompt = true;
    assertEquals(2, rig.counts().recovered());
    assertTrue(rig.joins.getLast().hasHistory());
    rig.welcome("echo");
    ask("r-6", "6");
    rig.route(0, W0, 1);
    var again = rig.link(W0, WINDOW);
    var deliveries = again.deliveries();
    assertEquals(List.of("r-2", "r-3", "r-6"), ids(deliveries));
    assertEquals("restart", rig.steps.getFirst());
    assertEquals(
        List.of("accept r-6"),
        rig.steps.stream().filter(step -> step.startsWith("accept")).toList());

    again.reply(deliveries, "again");
    assertEquals(outcome("one"), rig.log.row("r-1").outcome());
    assertEquals(outcome("again"), rig.log.row("r-2").outcome());
    assertEquals(0, rig.counts().inFlight());
  }

  @Test
  void aRepetitionJoinsWhatWasRecovered() {
    ask("r-1", "1");
    commit();
    rig.restart();
    rig.welcome("echo");
    var again = ask("r-1", "1");
    var other = ask("r-1", "something else");
    rig.route(0, W0, 1);
    var link = rig.link(W0, WINDOW);
    link.reply(link.deliveries(), "one");
    assertEquals(done("one"), told(again));
    assertEquals(new Told.Done(new Outcome.Conflict()), told(other));
  }

  @Test
  void recoveredRequestsAreNotRefusedByBoundsThatNewOnesAre() {
    for (int i = 0; i < 10; i++) {
      ask("r-" + i, "x".repeat(90));
    }
    commit();
    rig.restart();
    rig.welcome("echo");
    assertEquals(10, rig.counts().inFlight());
    assertEquals(
        new Told.Overloaded("shard 0 has 10 requests in flight, which is the most"),
        told(ask("r-x", "1")));
    rig.route(0, W0, 1);
    assertEquals(10, rig.link(W0, WINDOW).deliveries().size());
  }

  @Test
  void recoveredRequestsOfAnOperationThatNobodyServesYetWait() {
    rig.order(groups("echo", "later"));
    var request = new Request("r-1", "a", "later", "1", true);
    rig.ask(request);
    commit();
    rig.restart();
    rig.welcome("echo");
    assertEquals(1, rig.counts().inFlight());
    rig.order(groups("echo", "later"));
    rig.route(0, W0, 1);
    assertEquals(List.of("r-1"), ids(rig.link(W0, WINDOW).deliveries()));
  }

  private static RouterOrder groups(String... ops) {
    return new RouterOrder.Groups(List.of(new Group(GROUP, new TreeSet<>(List.of(ops)))));
  }

  @Test
  void anIdThatTheLogKnowsIsAnsweredTheSameOrIsAConflict() {
    ask("r-1", "1");
    commit();
    worker.reply(worker.deliveries(), "one");
    commit();
    rig.restart();
    rig.welcome("echo");
    var again = ask("r-1", "1");
    commit();
    assertEquals(done("one"), told(again));
    assertEquals(done("one"), told(ask("r-1", "1")), "now from memory");

    rig.restart();
    rig.welcome("echo");
    var other = ask("r-1", "other");
    commit();
    assertEquals(new Told.Done(new Outcome.Conflict()), told(other));
    assertEquals(0, rig.counts().inFlight());
  }

  @Test
  void findsWhatIsInFlightRememberedOrLogged() {
    ask("r-1", "1");
    commit();
    assertEquals(new Told.Found("a", "echo", null), rig.find("r-1"));
    worker.reply(worker.deliveries(), "one");
    assertEquals(new Told.Found("a", "echo", outcome("one")), rig.find("r-1"));

    commit();
    rig.log.isPrompt = true;
    rig.restart();
    assertEquals(new Told.Found("a", "echo", outcome("one")), rig.find("r-1"));
    assertEquals(new Told.Unknown(), rig.find("r-2"));
    rig.log.failure = AWAY;
    assertEquals(new Told.LogFailed("the disk is gone", false), rig.find("r-1"));
  }

  @Test
  void whatAnotherRouterHasAcceptedIsWaitedForAndAnsweredByItsOutcome() {
    rig.log.isPrompt = true;
    rig.log.acceptElsewhere(request("r-1", "1"));
    var reply = rig.ask(request("r-1", "1"), Duration.ofMinutes(1));
    ask("r-2", "2");
    rig.pass(HEARTBEAT);
    assertFalse(reply.isDone());
    assertEquals(List.of("r-2"), ids(worker.deliveries()));
    assertEquals(new Told.Found("a", "echo", null), rig.find("r-1"));
    rig.log.finishElsewhere("r-1", outcome("one"));
    rig.pass(HEARTBEAT);
    rig.round();
    assertEquals(done("one"), told(reply));
    assertEquals(1, rig.counts().inFlight(), "the one that is this router's");
  }

  @Test
  void whoWaitsForAnotherRoutersAnswerIsToldLateAndForgotten() {
    rig.log.isPrompt = true;
    rig.log.acceptElsewhere(request("r-1", "1"));
    var reply = ask("r-1", "1");
    rig.pass(WAIT);
    rig.pass(HEARTBEAT);
    assertEquals(new Told.NotInTime(0), told(reply));
    assertEquals(0, rig.counts().inFlight());
    assertEquals(List.of(), worker.deliveries());
  }

  @Test
  void requestsOfADeadRouterAreAdoptedWithThoseWhoWaitForThem() {
    rig.log.isPrompt = true;
    rig.log.acceptElsewhere(request("r-1", "1"));
    rig.log.acceptElsewhere(request("r-2", "2"));
    var reply = rig.ask(request("r-1", "1"), Duration.ofMinutes(1));
    rig.round();
    rig.log.adopt();
    rig.round();
    var deliveries = worker.deliveries();
    assertEquals(List.of("r-1", "r-2"), ids(deliveries));
    worker.reply(deliveries, "adopted");
    assertEquals(done("adopted"), told(reply));
    assertEquals(outcome("adopted"), rig.log.row("r-2").outcome());
  }

  @Test
  void aRequestThatIsAdoptedWhileTheLogIsAskedForItIsDeliveredOnce() {
    rig.log.acceptElsewhere(request("r-1", "1"));
    rig.log.acceptElsewhere(request("r-2", "2"));
    var same = ask("r-1", "1");
    var other = ask("r-2", "something else");
    rig.log.adopt();
    rig.round();
    assertEquals(new Told.Done(new Outcome.Conflict()), told(other));
    commit();
    var deliveries = worker.deliveries();
    assertEquals(List.of("r-1", "r-2"), ids(deliveries));
    worker.reply(deliveries, "once");
    assertEquals(done("once"), told(same));
    assertEquals(0, rig.counts().inFlight());
  }

  @Test
  void whatIsKeptWhenItsGroupIsOutOfServiceIsGivenUp() {
    var reply = ask("r-1", "1");
    rig.order(new RouterOrder.GiveUp(GROUP));
    assertFalse(reply.isDone());
    commit();
    assertEquals(new Told.Done(new Outcome.OutOfService(0)), told(reply));
    commit();
    assertEquals(new Outcome.OutOfService(0), rig.log.row("r-1").outcome());
  }

  private void commit() {
    rig.log.commit();
    rig.round();
  }

  private Reply<Told> ask(String id, String payload) {
    return rig.ask(request(id, payload));
  }

  private static Request request(String id, String payload) {
    return new Request(id, "a", "echo", payload, true);
  }

  private Reply<Told> askVolatile(String id, String payload) {
    return rig.ask(new Request(id, "a", "echo", payload, false));
  }

  private static List<String> ids(List<Delivery> deliveries) {
    return deliveries.stream().map(each -> each.request().id()).toList();
  }

  private static Outcome outcome(String reply) {
    return new Outcome.Replied(0, "worker-0", 1, reply);
  }

  private static Told done(String reply) {
    return new Told.Done(outcome(reply));
  }
}
