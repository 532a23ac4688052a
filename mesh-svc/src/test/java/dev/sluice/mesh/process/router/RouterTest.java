package dev.sluice.mesh.process.router;

import static dev.sluice.mesh.process.router.RouterRig.GROUP;
import static dev.sluice.mesh.process.router.RouterRig.HEARTBEAT;
import static dev.sluice.mesh.process.router.RouterRig.WAIT;
import static dev.sluice.mesh.process.router.RouterRig.told;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.Group;
import dev.sluice.mesh.model.KeyHash;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.Result;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.ToWorker.Delivery;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.process.Ask;
import dev.sluice.mesh.process.Told;
import dev.sluice.mesh.process.router.RouterRig.WorkerEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The router alone; the test plays workers, supervisor and edge. Keys A and B are of one shard. */
class RouterTest {
  private static final int WINDOW = 3;
  private static final int SHARDS = 2;
  private static final String A = "key-1";
  private static final String B = "key-2";
  private static final String OTHER = "key-0";
  private static final int SHARD = KeyHash.shard(A, SHARDS);
  private static final int OTHER_SHARD = 1 - SHARD;
  private static final WorkerId W0 = new WorkerId("worker-0", 1);
  private static final WorkerId W1 = new WorkerId("worker-1", 2);

  private final RouterRig rig =
      new RouterRig(SHARDS, RouterRig.settings(8, 6, 1_000, 2, 4, 10_000));
  private WorkerEnd first;
  private WorkerEnd second;

  @BeforeEach
  void join() {
    rig.welcome("echo", "count");
    first = rig.link(W0, WINDOW);
    second = rig.link(W1, WINDOW);
  }

  @Test
  void theKeysAreOfTheShardsThatTheTestsSay() {
    assertEquals(SHARD, KeyHash.shard(B, SHARDS));
    assertEquals(OTHER_SHARD, KeyHash.shard(OTHER, SHARDS));
  }

  @Test
  void deliversToTheOwnerAndAnswersTheCaller() {
    rig.route(SHARD, W0, 7);
    var reply = ask("r-1", A, "1");

    Delivery delivery = delivered(first);
    assertEquals(SHARD, delivery.shard());
    assertEquals(7, delivery.epoch());
    assertEquals("r-1", delivery.request().id());
    first.answer(delivery, new Result.Replied("1"));

    assertEquals(replied(W0, 7, "1"), told(reply));
    assertEquals(List.of(), second.deliveries());
  }

  @Test
  void requestsWaitUntilTheirShardHasAnOwner() {
    var reply = ask("r-1", A, "1");
    assertEquals(1, rig.counts().waiting());
    rig.route(SHARD, W1, 1);
    second.reply(second.deliveries(), "1");
    assertTrue(reply.isDone());
  }

  @Test
  void requestsWaitUntilTheOwnerIsLinked() {
    var third = new WorkerId("worker-2", 9);
    rig.route(SHARD, third, 1);
    var reply = ask("r-1", A, "1");
    var link = rig.link(third, WINDOW);
    link.reply(link.deliveries(), "1");
    assertEquals(replied(third, 1, "1"), told(reply));
  }

  @Test
  void whatOneRoundDeliversIsOneMessage() {
    rig.route(SHARD, W0, 1);
    for (int i = 1; i <= 3; i++) {
      rig.ports.ask(new Ask(volatileRequest("r-" + i, A, "1"), WAIT));
    }
    rig.round();
    var message = assertInstanceOf(ToWorker.Deliveries.class, first.message());
    assertEquals(List.of("r-1", "r-2", "r-3"), ids(message.deliveries()));
    assertNull(first.message());
  }

  @Test
  void neverDeliversMoreThanTheWindowAndGoesOnInTurnsOfTheShards() {
    rig.route(SHARD, W0, 1);
    rig.route(OTHER_SHARD, W0, 1);
    for (int i = 1; i <= 6; i++) {
      ask("r-" + i, A, "1");
    }
    ask("r-7", OTHER, "1");
    ask("r-8", OTHER, "1");
    var deliveries = first.deliveries();
    assertEquals(List.of("r-1", "r-2", "r-3"), ids(deliveries));

    first.reply(deliveries, "1");
    assertEquals(List.of("r-4", "r-7", "r-5"), ids(first.deliveries()));
  }

  @Test
  void aLineThatWaitedForRoomAtOneWorkerIsFedByTheNext() {
    rig.route(SHARD, W0, 1);
    rig.route(OTHER_SHARD, W1, 1);
    for (int i = 1; i <= WINDOW; i++) {
      ask("r-" + i, OTHER, "1"); // fills the window of worker-1
    }
    for (int i = 4; i <= 7; i++) {
      ask("r-" + i, A, "1"); // and that of worker-0: r-7 waits
    }
    rig.route(SHARD, W1, 2);
    var deliveries = second.deliveries();
    assertEquals(List.of("r-1", "r-2", "r-3"), ids(deliveries));

    second.answer(deliveries.getFirst(), new Result.Replied("1"));
    assertEquals(List.of("r-4"), ids(second.deliveries()));
  }

  @Test
  void redeliversToTheNextOwnerInOrderAndDropsTheAnswersOfTheOneBefore() {
    rig.route(SHARD, W0, 1);
    var one = ask("r-1", A, "1");
    var two = ask("r-2", B, "2");
    Delivery stale = first.deliveries().getFirst();

    rig.route(SHARD, W1, 2);
    first.answer(stale, new Result.Replied("from the past"));
    assertFalse(one.isDone());
    assertEquals(1, rig.counts().stale());

    var again = second.deliveries();
    assertEquals(List.of("r-1", "r-2"), ids(again));
    assertEquals(2, again.getFirst().epoch());
    second.reply(again, "now");
    assertEquals(replied(W1, 2, "now"), told(one));
    assertEquals(replied(W1, 2, "now"), told(two));
    assertEquals(2, rig.counts().redelivered());
  }

  @Test
  void ignoresARouteThatIsOlderThanTheOneItKnows() {
    rig.route(SHARD, W1, 5);
    rig.route(SHARD, W0, 4);
    ask("r-1", A, "1");
    assertEquals(5, delivered(second).epoch());
  }

  @Test
  void holdsBackAfterARefusalUntilTheNextEpoch() {
    rig.route(SHARD, W0, 1);
    ask("r-1", A, "1");
    ask("r-2", A, "2");
    first.deliveries().forEach(each -> first.answer(each, new Result.Stale()));
    ask("r-3", A, "3");
    assertEquals(3, rig.counts().waiting());
    assertEquals(List.of(), first.deliveries());

    rig.route(SHARD, W0, 3);
    assertEquals(List.of("r-1", "r-2", "r-3"), ids(first.deliveries()));
  }

  // Links

  @Test
  void whatALinkLosesIsDeliveredAgainInOrderOverTheNextOfTheSameProcess() {
    rig.route(SHARD, W0, 1);
    var one = ask("r-1", A, "1");
    var two = ask("r-2", A, "2");
    var deliveries = first.deliveries();
    first.cut();
    var three = ask("r-3", B, "3");
    assertEquals(3, rig.counts().waiting());
    assertFalse(rig.counts().workers().get("worker-0").isLinked());

    var again = rig.link(W0, 2);
    assertEquals(List.of("r-1", "r-2"), ids(again.deliveries()), "its window is 2");
    again.answer(1, 1, new Result.Replied("one"));
    again.answer(2, 1, new Result.Replied("two"));
    again.reply(again.deliveries(), "three");
    assertEquals(replied(W0, 1, "one"), told(one));
    assertEquals(replied(W0, 1, "two"), told(two));
    assertEquals(replied(W0, 1, "three"), told(three));
    assertEquals(2, deliveries.size());
  }

  @Test
  void aLinkThatBreaksOftenIsNobodysFailure() {
    rig.route(SHARD, W0, 1);
    var reply = ask("r-1", A, "1");
    WorkerEnd link = first;
    for (int i = 0; i < 10; i++) {
      link.cut();
      link = rig.link(W0, WINDOW);
    }
    assertFalse(reply.isDone());
    link.reply(link.deliveries(), "1");
    assertEquals(replied(W0, 1, "1"), told(reply));
  }

  @Test
  void aNewLinkOfAProcessReplacesTheOneBefore() {
    rig.route(SHARD, W0, 1);
    var reply = ask("r-1", A, "1");
    Delivery lost = delivered(first);
    var again = rig.link(W0, WINDOW);
    assertTrue(first.isCut());
    assertEquals("r-1", delivered(again).request().id());
    assertEquals(1, lost.number());
    assertFalse(reply.isDone());
  }

  @Test
  void aNewerProcessOfANameReplacesTheOlderAndNotTheOtherWayRound() {
    var newer = new WorkerId("worker-0", 5);
    var link = rig.link(newer, WINDOW);
    assertTrue(first.isCut());
    assertTrue(rig.link(W0, WINDOW).isCut());
    assertFalse(link.isCut());
  }

  @Test
  void whoAnswersWhatItWasNotAskedIsCutOff() {
    rig.route(SHARD, W0, 1);
    var reply = ask("r-1", A, "1");
    first.answer(77, 1, new Result.Replied("nonsense"));
    assertTrue(first.isCut());
    assertFalse(reply.isDone());
    assertEquals(1, rig.counts().waiting());
  }

  @Test
  void whoAnswersTwiceIsCutOff() {
    rig.route(SHARD, W0, 1);
    ask("r-1", A, "1");
    Delivery delivery = delivered(first);
    first.answer(delivery, new Result.Replied("1"));
    first.answer(delivery, new Result.Replied("1"));
    assertTrue(first.isCut());
  }

  @Test
  void anAnswerOfAnotherEpochThanItsDeliveryIsDropped() {
    rig.route(SHARD, W0, 3);
    var reply = ask("r-1", A, "1");
    first.answer(delivered(first).number(), 2, new Result.Replied("1"));
    assertFalse(reply.isDone());
    assertEquals(1, rig.counts().stale());
    var again = rig.link(W0, WINDOW);
    again.reply(again.deliveries(), "2");
    assertEquals(replied(W0, 3, "2"), told(reply));
  }

  @Test
  void answersMayComeInAnyOrder() {
    rig.route(SHARD, W0, 1);
    rig.route(OTHER_SHARD, W0, 1);
    var one = ask("r-1", A, "1");
    var two = ask("r-2", A, "2");
    var other = ask("r-3", OTHER, "3");
    var deliveries = first.deliveries();
    first.answer(deliveries.get(2), new Result.Replied("3"));
    assertTrue(other.isDone());
    first.answer(deliveries.get(1), new Result.Replied("2"));
    assertTrue(two.isDone());
    assertFalse(one.isDone());
    rig.route(SHARD, W1, 2);
    assertEquals(List.of("r-1"), ids(second.deliveries()));
  }

  @Test
  void aWindowThatIsNoneIsRefused() {
    assertTrue(rig.link(new WorkerId("worker-9", 1), 0).isCut());
    assertTrue(rig.link(new WorkerId("worker-9", 1), -1).isCut());
  }

  @Test
  void pingsWhenThereIsNothingElseToSay() {
    first.deliveries();
    rig.pass(HEARTBEAT);
    rig.pass(HEARTBEAT);
    assertEquals(new ToWorker.Ping(), first.message());
  }

  @Test
  void aWorkerOfWhomNothingIsHeardIsCutOffAndOneThatPingsIsNot() {
    for (int i = 0; i < 5; i++) {
      second.say(new FromWorker.Ping());
      rig.pass(HEARTBEAT);
    }
    assertTrue(first.isCut());
    assertFalse(second.isCut());
  }

  @Test
  void silenceOfThreeHeartbeatsIsForgiven() {
    first.say(new FromWorker.Ping());
    for (int i = 0; i < 3; i++) {
      rig.pass(HEARTBEAT);
    }
    assertFalse(first.isCut());
  }

  @Test
  void aLinkThatHasNoRoomGetsTheRestLaterAndIsCutOffWhenItNeverHas() {
    var narrow = new WorkerId("worker-2", 3);
    var link = rig.narrowLink(narrow, 10, 1);
    rig.route(SHARD, narrow, 1);
    ask("r-1", A, "1");
    ask("r-2", A, "2");
    ask("r-3", A, "3");
    assertEquals(List.of("r-1"), ids(link.deliveries()));
    rig.round();
    var rest = new ArrayList<>(link.deliveries());
    rig.round();
    rest.addAll(link.deliveries());
    assertEquals(List.of("r-2", "r-3"), ids(rest));

    ask("r-4", A, "4");
    ask("r-5", A, "5");
    for (int i = 0; i < 3; i++) {
      rig.pass(HEARTBEAT);
      link.say(new FromWorker.Ping());
    }
    assertFalse(link.isCut());
    rig.pass(HEARTBEAT);
    assertTrue(link.isCut());
  }

  @Test
  void longPayloadsGoInSeveralMessages() {
    var big = new RouterRig(SHARDS, RouterRig.settings(100, 100, 10_000_000, 2, 4, 10));
    big.welcome("echo");
    var worker = big.link(W0, 50);
    big.route(SHARD, W0, 1);
    for (int i = 0; i < 4; i++) {
      var request = volatileRequest("r-" + i, A, "x".repeat(200_000));
      big.ports.ask(new Ask(request, WAIT));
    }
    big.round();
    assertEquals(
        2, assertInstanceOf(ToWorker.Deliveries.class, worker.message()).deliveries().size());
    assertEquals(2, worker.deliveries().size());
  }

  // Fences

  @Test
  void answersOfAFencedProcessAreDroppedAlsoWhenItsNameIsBack() {
    rig.route(SHARD, W0, 1);
    var reply = ask("r-1", A, "1");
    Delivery stale = delivered(first);
    var late = new Heard(rig.linkOf(first), List.of(answers(stale, "from the past")));
    rig.fence(W0);
    assertTrue(first.isCut());
    rig.ports.heard.trySend(late);
    rig.round();
    assertFalse(reply.isDone());
    assertEquals(1, rig.counts().stale());

    var next = new WorkerId("worker-0", 4);
    var back = rig.link(next, WINDOW);
    rig.route(SHARD, next, 2);
    back.reply(back.deliveries(), "now");
    assertTrue(reply.isDone());
  }

  private static FromWorker answers(Delivery delivery, String reply) {
    return new FromWorker.Answers(
        List.of(
            new FromWorker.Answer(delivery.number(), delivery.epoch(), new Result.Replied(reply))));
  }

  @Test
  void aFencedProcessIsNotLinkedAgain() {
    rig.fence(W0);
    assertTrue(rig.link(W0, WINDOW).isCut());
    assertFalse(second.isCut());
  }

  /** A supervisor that has started anew believes a process that the one before had fenced. */
  @Test
  void aFencedProcessThatIsGivenAShardAgainIsLinkedAgain() {
    rig.fence(W0);
    rig.route(SHARD, W0, 2);
    assertFalse(rig.link(W0, WINDOW).isCut());
    var asked = ask("r-1", A, "1");
    assertFalse(asked.isDone());
    assertEquals(1, rig.counts().workers().get("worker-0").inFlight());
  }

  @Test
  void givesUpWhatItsWorkersDoNotSurviveAndOnlyThat() {
    rig.route(SHARD, W0, 1);
    rig.route(OTHER_SHARD, W0, 1);
    var poison = ask("r-1", A, "1");
    var behind = ask("r-2", A, "2");
    var beside = ask("r-3", OTHER, "3");
    WorkerId worker = W0;
    for (int failed = 1; failed <= 3; failed++) {
      assertFalse(poison.isDone(), "delivered " + failed + " times");
      rig.fence(worker);
      worker = new WorkerId("worker-0", 10 + failed);
      rig.link(worker, WINDOW);
      rig.route(SHARD, worker, 1 + failed);
      rig.route(OTHER_SHARD, worker, 1 + failed);
    }
    assertEquals(done(new Outcome.GivenUp(SHARD, 3)), told(poison));
    assertFalse(behind.isDone());
    assertFalse(beside.isDone());
    assertEquals(2, rig.counts().inFlight());
    assertEquals(1, rig.counts().givenUp());
    assertTrue(rig.steps.contains("giveup r-1"));
  }

  @Test
  void whatAProcessWasRunningWhenItsLinkBrokeCountsWhenItIsFencedLater() {
    rig.route(SHARD, W0, 1);
    var poison = ask("r-1", A, "1");
    WorkerId worker = W0;
    WorkerEnd link = first;
    for (int failed = 1; failed <= 3; failed++) {
      assertFalse(poison.isDone());
      link.cut();
      rig.fence(worker);
      worker = new WorkerId("worker-0", 10 + failed);
      link = rig.link(worker, WINDOW);
      rig.route(SHARD, worker, 1 + failed);
    }
    assertEquals(done(new Outcome.GivenUp(SHARD, 3)), told(poison));
  }

  // Callers

  @Test
  void callersWaitAsLongAsTheySaidAndTheRequestStays() {
    rig.route(SHARD, W0, 1);
    var reply = ask("r-1", A, "1");
    rig.clock.advance(WAIT.minusNanos(1));
    assertEquals(Duration.ofNanos(1), rig.round());
    assertFalse(reply.isDone());

    rig.pass(Duration.ofNanos(1));
    assertEquals(new Told.NotInTime(SHARD), told(reply));
    assertEquals(1, rig.counts().inFlight());

    var again = ask("r-1", A, "1");
    first.reply(first.deliveries(), "1");
    assertEquals(replied(W0, 1, "1"), told(again));
    assertEquals(List.of(), first.deliveries(), "it was delivered once");
    assertEquals(1, rig.counts().notInTime());
  }

  @Test
  void whoHangsUpIsForgottenAndTheRequestStays() {
    rig.route(SHARD, W0, 1);
    var reply = ask("r-1", A, "1");
    reply.abandon();
    first.reply(first.deliveries(), "1");
    assertEquals(1, rig.counts().answered());

    Reply<Told> early = rig.ports.ask(new Ask(volatileRequest("r-2", A, "2"), WAIT));
    early.abandon();
    rig.round();
    assertEquals(1, rig.counts().accepted(), "that one had gone before it was taken in");
  }

  @Test
  void aRepetitionInFlightJoinsAndBothAreAnswered() {
    rig.route(SHARD, W0, 1);
    var one = ask("r-1", A, "1");
    var two = ask("r-1", A, "1");
    var deliveries = first.deliveries();
    assertEquals(1, deliveries.size());
    first.reply(deliveries, "1");
    assertEquals(told(one), told(two));
    assertEquals(1, rig.counts().accepted());
  }

  @Test
  void aRepetitionAfterTheAnswerIsAnsweredTheSameFromMemory() {
    rig.route(SHARD, W0, 1);
    ask("r-1", A, "1");
    first.reply(first.deliveries(), "one");
    assertEquals(replied(W0, 1, "one"), told(ask("r-1", A, "1")));
    assertEquals(List.of(), first.deliveries());
    assertEquals(1, rig.counts().accepted());
  }

  @Test
  void anIdThatStandsForSomethingElseIsAConflictInFlightAndAfterwards() {
    rig.route(SHARD, W0, 1);
    ask("r-1", A, "1");
    assertEquals(done(new Outcome.Conflict()), told(ask("r-1", OTHER, "1")));
    first.reply(first.deliveries(), "1");
    assertEquals(done(new Outcome.Conflict()), told(ask("r-1", OTHER, "1")));
    assertEquals(done(new Outcome.Conflict()), told(ask("r-1", A, "2")));
  }

  @Test
  void remembersTheLatestIdsOnly() {
    rig.route(SHARD, W0, 1);
    for (int i = 1; i <= 5; i++) {
      ask("r-" + i, A, "1");
      first.reply(first.deliveries(), "1");
    }
    assertFalse(ask("r-1", A, "2").isDone(), "the fifth has pushed it out");
    assertEquals(done(new Outcome.Conflict()), told(ask("r-5", A, "2")));
  }

  @Test
  void remembersOnlySoManyCharacters() {
    var small = new RouterRig(SHARDS, RouterRig.settings(8, 6, 1_000, 2, 100, 50));
    small.welcome("echo");
    var worker = small.link(W0, WINDOW);
    small.route(SHARD, W0, 1);
    small.ask(volatileRequest("r-1", A, "1"));
    worker.reply(worker.deliveries(), "x".repeat(30));
    assertEquals(new Told.Found(A, "echo", outcome(W0, 1, "x".repeat(30))), small.find("r-1"));
    small.ask(volatileRequest("r-2", A, "1"));
    worker.reply(worker.deliveries(), "y".repeat(30));
    assertEquals(new Told.Unknown(), small.find("r-1"));
    assertInstanceOf(Told.Found.class, small.find("r-2"));
  }

  @Test
  void refusesMoreThanTheRouterAndMoreThanAShardMayHaveInFlight() {
    for (int i = 1; i <= 6; i++) {
      ask("r-" + i, A, "1");
    }
    assertEquals(
        new Told.Overloaded("shard " + SHARD + " has 6 requests in flight, which is the most"),
        told(ask("r-7", A, "1")));
    ask("r-8", OTHER, "1");
    ask("r-9", OTHER, "1");
    assertEquals(
        new Told.Overloaded("the router has 8 requests in flight, which is the most"),
        told(ask("r-10", OTHER, "1")));
    assertEquals(2, rig.counts().overloaded());

    rig.route(SHARD, W0, 1);
    first.answer(first.deliveries().getFirst(), new Result.Replied("1"));
    assertFalse(ask("r-7", A, "1").isDone(), "there is room again");
  }

  @Test
  void refusesPayloadsThatTogetherAreTooLong() {
    ask("r-1", A, "x".repeat(900));
    assertEquals(
        new Told.Overloaded(
            "the payloads in flight have no room for another 101 characters, 1000 is the most"),
        told(ask("r-2", A, "x".repeat(101))));
    assertFalse(ask("r-3", A, "x".repeat(100)).isDone());
  }

  @Test
  void refusesTooManyCallersOfOneId() {
    for (int i = 0; i < 6; i++) {
      assertFalse(ask("r-1", A, "1").isDone());
    }
    assertEquals(
        new Told.Overloaded("6 callers wait for this id, which is the most"),
        told(ask("r-1", A, "1")));
    rig.pass(WAIT);
    assertFalse(ask("r-1", A, "1").isDone(), "those have gone");
  }

  @Test
  void refusesWhatFindsTheInboxFull() {
    for (int i = 0; i < 1_000; i++) {
      rig.ports.ask(new Ask(volatileRequest("r-" + i, A, "1"), WAIT));
    }
    var tooMuch = rig.ports.ask(new Ask(volatileRequest("r-x", A, "1"), WAIT));
    assertEquals(new Told.Overloaded("too many requests wait for the router"), told(tooMuch));
  }

  @Test
  void waitsOfAnyLengthArePossible() {
    assertFalse(
        rig.ask(volatileRequest("r-1", A, "1"), Duration.ofSeconds(Long.MAX_VALUE)).isDone());
    assertEquals(
        new Told.NotInTime(SHARD),
        told(rig.ask(volatileRequest("r-2", A, "1"), Duration.ofSeconds(-5))));
  }

  @Test
  void tellsWhatBecameOfAnOperation() {
    rig.route(SHARD, W0, 1);
    var failed = ask("r-1", A, "1");
    var full = ask("r-2", A, "1");
    var conflict = ask("r-3", A, "1");
    var deliveries = first.deliveries();
    first.answer(deliveries.get(0), new Result.Failed("broken"));
    first.answer(deliveries.get(1), new Result.Full("no room"));
    first.answer(deliveries.get(2), new Result.Conflicts());
    var faulty = ask("r-4", A, "1");
    first.answer(delivered(first), new Result.Faulty("for the log"));
    assertEquals(done(new Outcome.Failed(SHARD, "worker-0", 1, "broken")), told(failed));
    assertEquals(done(new Outcome.NoRoom(SHARD, "worker-0", 1, "no room")), told(full));
    assertEquals(done(new Outcome.Conflict()), told(conflict));
    assertEquals(done(new Outcome.Faulty(SHARD, "worker-0", 1)), told(faulty));
    assertEquals(0, rig.counts().inFlight());
    assertEquals(4, rig.counts().workers().get("worker-0").served());
  }

  // Groups and the supervisor

  @Test
  void anOperationOfNobodyIsRefusedWithThoseThatThereAre() {
    var reply = rig.ask(new Request("r-1", A, "nonsense", "1", false));
    assertEquals(new Told.UnknownOp(new TreeSet<>(List.of("count", "echo"))), told(reply));
  }

  @Test
  void beforeTheGroupsAreKnownNothingIsAccepted() {
    var alone = new RouterRig(SHARDS, RouterRig.settings(8, 6, 1_000, 2, 4, 10));
    assertEquals(new Told.NotJoined(), told(alone.ask(volatileRequest("r-1", A, "1"))));
    assertFalse(alone.look().isJoined());
    alone.welcome("echo");
    assertTrue(alone.look().isJoined());
  }

  @Test
  void eachGroupHasShardsOfItsOwn() {
    rig.order(
        new RouterOrder.Groups(
            List.of(
                new Group(GROUP, new TreeSet<>(List.of("echo"))),
                new Group("python", new TreeSet<>(List.of("reverse"))))));
    rig.order(new RouterOrder.Route(new Slice("python", SHARD), W1, 4));
    rig.route(SHARD, W0, 9);
    ask("r-1", A, "1");
    rig.ask(new Request("r-2", A, "reverse", "2", false));
    assertEquals(9, delivered(first).epoch());
    Delivery other = delivered(second);
    assertEquals("r-2", other.request().id());
    assertEquals(4, other.epoch());
  }

  @Test
  void whenAGroupIsOutOfServiceNobodyIsLetWait() {
    var waiting = ask("r-1", A, "1");
    rig.order(new RouterOrder.GiveUp(GROUP));
    assertEquals(done(new Outcome.OutOfService(SHARD)), told(waiting));
    assertEquals(done(new Outcome.OutOfService(OTHER_SHARD)), told(ask("r-2", OTHER, "1")));
    assertEquals(0, rig.counts().inFlight());

    rig.route(OTHER_SHARD, W0, 5);
    assertFalse(ask("r-3", OTHER, "1").isDone(), "it is back");
  }

  @Test
  void goesOnByItsLastTableWhileTheSupervisorIsAwayAndJoinsAgainWithWhatItKnows() {
    rig.route(SHARD, W0, 7);
    rig.dialer.cut(link -> link.to().equals("supervisor"), true);
    rig.dialer.listen(null);
    rig.round();
    assertFalse(rig.isSupervised());
    var reply = ask("r-1", A, "1");
    first.reply(first.deliveries(), "1");
    assertEquals(replied(W0, 7, "1"), told(reply));
    for (int i = 0; i < 10; i++) {
      rig.pass(HEARTBEAT);
      first.say(new FromWorker.Ping());
    }

    rig.dialer.listen(rig);
    rig.pass(HEARTBEAT);
    rig.round();
    assertEquals(Map.of(new Slice(GROUP, SHARD), 7L), rig.joins.getLast().epochs());
    rig.order(new RouterOrder.Welcome(HEARTBEAT, SHARDS));
    rig.order(new RouterOrder.Groups(List.of())); // it does not know them yet
    assertTrue(rig.isSupervised());
    assertFalse(ask("r-2", A, "2").isDone());
    assertEquals(1, first.deliveries().size());
  }

  @Test
  void beatsOnALinkOfItsOwnAndTellsItsCounts() {
    assertEquals(1, rig.beats.size());
    rig.pass(HEARTBEAT);
    rig.pass(HEARTBEAT);
    assertEquals(List.of(1L, 2L, 3L), rig.beats.stream().map(beat -> beat.number()).toList());
    assertEquals("router-0", rig.beats.getFirst().member());
    assertEquals(3, rig.reports().stream().filter(RouterReport.Counts.class::isInstance).count());
  }

  @Test
  void aSupervisorThatDoesNotAcknowledgeIsDialledAgain() {
    rig.acknowledges = false;
    for (int i = 0; i < 6; i++) {
      rig.pass(HEARTBEAT);
    }
    rig.pass(HEARTBEAT);
    assertEquals(2, rig.joins.size());
  }

  @Test
  void aSupervisorThatAcknowledgesIsNotDialledAgain() {
    for (int i = 0; i < 20; i++) {
      rig.pass(HEARTBEAT);
    }
    assertEquals(1, rig.joins.size());
  }

  @Test
  void aSupervisorThatCountsTheShardsOtherwiseIsNotFollowed() {
    rig.route(SHARD, W0, 1);
    rig.order(new RouterOrder.Welcome(HEARTBEAT, SHARDS + 1));
    assertFalse(rig.isSupervised());
    ask("r-1", A, "1");
    assertEquals("r-1", delivered(first).request().id());
  }

  @Test
  void aRouteToNoShardIsNonsense() {
    rig.order(new RouterOrder.Route(new Slice(GROUP, SHARDS), W0, 1));
    assertFalse(rig.isSupervised());
  }

  @Test
  void finishesWhatWasAcceptedAndSaysSo() {
    rig.route(SHARD, W0, 1);
    var reply = ask("r-1", A, "1");
    rig.ports.close();
    rig.round();
    assertEquals(
        new Told.Draining(), told(rig.ports.ask(new Ask(volatileRequest("r-2", A, "1"), WAIT))));
    assertFalse(rig.router.isOver());
    first.reply(first.deliveries(), "1");
    assertTrue(reply.isDone());
    assertTrue(rig.router.isOver());
  }

  @Test
  void recordsItsSteps() {
    rig.route(SHARD, W0, 1);
    ask("r-1", A, "1");
    ask("r-2", A, "2");
    var deliveries = first.deliveries();
    first.answer(deliveries.getFirst(), new Result.Replied("1"));
    rig.route(SHARD, W1, 2);
    first.answer(deliveries.getLast(), new Result.Replied("2"));
    second.reply(second.deliveries(), "2");
    assertEquals(
        List.of(
            "accept r-1",
            "deliver worker-0 1 r-1",
            "accept r-2",
            "deliver worker-0 1 r-2",
            "answer worker-0 1 r-1",
            "takeback r-2",
            "deliver worker-1 2 r-2",
            "drop worker-0 1 r-2",
            "answer worker-1 2 r-2"),
        rig.steps);
  }

  private Reply<Told> ask(String id, String key, String payload) {
    return rig.ask(volatileRequest(id, key, payload));
  }

  private static Request volatileRequest(String id, String key, String payload) {
    return new Request(id, key, "echo", payload, false);
  }

  private static Delivery delivered(WorkerEnd worker) {
    var deliveries = worker.deliveries();
    assertEquals(1, deliveries.size());
    return deliveries.getFirst();
  }

  private static List<String> ids(List<Delivery> deliveries) {
    return deliveries.stream().map(each -> each.request().id()).toList();
  }

  private static Outcome outcome(WorkerId worker, long epoch, String reply) {
    return new Outcome.Replied(SHARD, worker.name(), epoch, reply);
  }

  private static Told replied(WorkerId worker, long epoch, String reply) {
    return done(outcome(worker, epoch, reply));
  }

  private static Told done(Outcome outcome) {
    return new Told.Done(outcome);
  }
}
