package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.mesh.process.Answer.Result;
import dev.sluice.mesh.process.RouterToWorker.Deliver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The router alone; the test plays workers, supervisor and edge. Keys a and b are of one shard. */
class RouterTest {
  private static final Duration WAIT = Duration.ofSeconds(2);
  private static final int WINDOW = 3;
  private static final int SHARDS = 2;
  private static final String A = "key-1";
  private static final String B = "key-2";
  private static final String OTHER = "key-0";
  private static final int SHARD = KeyHash.shard(A, SHARDS);
  private static final int OTHER_SHARD = 1 - SHARD;

  private final VirtualClock clock = new VirtualClock();
  private final Channel<Submit> inbox = Channel.buffered(100);
  private final Channel<Reply<RouterView>> looks = Channel.buffered(1);
  private final Channel<Answer> answers = Channel.buffered(100);
  private final Channel<RouterCommand> commands = Channel.buffered(100);
  private final Channel<Report> supervisor = Channel.buffered(100);
  private final Router router =
      new Router(
          new MeshSettings(
              SHARDS,
              2,
              Duration.ofMillis(100),
              new MeshSettings.Waits(Duration.ofSeconds(2), Duration.ofDays(1)),
              new MeshSettings.Bounds(100, WINDOW, 8, 6, 1_000, 2, 4),
              new MeshSettings.Restarts(WAIT, WAIT, 1, WAIT)),
          inbox,
          looks,
          answers,
          commands,
          supervisor,
          clock);
  private final Channel<RouterToWorker> first = attach("worker-0", 1);
  private final Channel<RouterToWorker> second = attach("worker-1", 1);

  @Test
  void theKeysAreOfTheShardsThatTheTestsSay() {
    assertEquals(SHARD, KeyHash.shard(B, SHARDS));
    assertEquals(OTHER_SHARD, KeyHash.shard(OTHER, SHARDS));
  }

  @Test
  void deliversToTheOwnerAndAnswersTheCaller() {
    route(SHARD, "worker-0", 7);
    var reply = ask("r-1", A, "1");

    Deliver delivery = delivered(first);
    assertEquals(SHARD, delivery.shard());
    assertEquals(7, delivery.epoch());
    assertEquals("r-1", delivery.request().id());
    answer("worker-0", 1, delivery, new Result.Replied("1"));

    assertEquals(new Outcome.Replied(SHARD, "worker-0", 7, "1"), outcome(reply));
    assertNull(second.tryReceive());
  }

  @Test
  void requestsWaitUntilTheirShardHasAnOwner() {
    var reply = ask("r-1", A, "1");
    assertEquals(1, view().waiting());
    route(SHARD, "worker-1", 1);
    answer("worker-1", 1, delivered(second), new Result.Replied("1"));
    assertTrue(reply.isDone());
  }

  @Test
  void neverDeliversMoreThanTheWindowAndGoesOnInTurnsOfTheShards() {
    route(SHARD, "worker-0", 1);
    route(OTHER_SHARD, "worker-0", 1);
    for (int i = 1; i <= 6; i++) {
      ask("r-" + i, A, "1");
    }
    ask("r-7", OTHER, "1");
    ask("r-8", OTHER, "1");
    var deliveries = allDelivered(first);
    assertEquals(List.of("r-1", "r-2", "r-3"), ids(deliveries));

    for (Deliver each : deliveries) {
      answer("worker-0", 1, each, new Result.Replied("1"));
    }
    assertEquals(List.of("r-4", "r-7", "r-5"), ids(allDelivered(first)));
  }

  @Test
  void aLineThatWaitedForRoomAtOneWorkerIsFedByTheNext() {
    route(SHARD, "worker-0", 1);
    route(OTHER_SHARD, "worker-1", 1);
    for (int i = 1; i <= WINDOW; i++) {
      ask("r-" + i, OTHER, "1"); // fills the window of worker-1
    }
    for (int i = 4; i <= 7; i++) {
      ask("r-" + i, A, "1"); // and that of worker-0: r-7 waits
    }
    route(SHARD, "worker-1", 2);
    assertEquals(List.of("r-1", "r-2", "r-3"), ids(allDelivered(second)));

    answer("worker-1", 1, new Deliver(1, OTHER_SHARD, 1, null), new Result.Replied("1"));
    assertEquals(List.of("r-4"), ids(allDelivered(second)));
  }

  @Test
  void redeliversToTheNextOwnerInOrderAndDropsTheAnswersOfTheOneBefore() {
    route(SHARD, "worker-0", 1);
    var one = ask("r-1", A, "1");
    var two = ask("r-2", B, "2");
    Deliver stale = delivered(first);

    route(SHARD, "worker-1", 2);
    answer("worker-0", 1, stale, new Result.Replied("from the past"));
    assertFalse(one.isDone());
    assertEquals(1, view().stale());

    var again = allDelivered(second);
    assertEquals(List.of("r-1", "r-2"), ids(again));
    assertEquals(2, again.getFirst().epoch());
    again.forEach(each -> answer("worker-1", 1, each, new Result.Replied("now")));
    assertEquals(new Outcome.Replied(SHARD, "worker-1", 2, "now"), outcome(one));
    assertEquals(new Outcome.Replied(SHARD, "worker-1", 2, "now"), outcome(two));
    assertEquals(2, view().redelivered());
  }

  @Test
  void ignoresARouteThatIsOlderThanTheOneItKnows() {
    route(SHARD, "worker-1", 5);
    route(SHARD, "worker-0", 4);
    ask("r-1", A, "1");
    assertEquals(5, delivered(second).epoch());
  }

  @Test
  void holdsBackAfterARefusalUntilTheNextEpoch() {
    route(SHARD, "worker-0", 1);
    ask("r-1", A, "1");
    ask("r-2", A, "2");
    var refused = allDelivered(first);
    refused.forEach(each -> answer("worker-0", 1, each, new Result.Stale()));
    ask("r-3", A, "3");
    assertEquals(3, view().waiting());
    assertNull(first.tryReceive());

    route(SHARD, "worker-0", 3);
    assertEquals(List.of("r-1", "r-2", "r-3"), ids(allDelivered(first)));
  }

  @Test
  void answersOfAFencedProcessAreDroppedAlsoWhenItsNameIsBack() {
    route(SHARD, "worker-0", 1);
    var reply = ask("r-1", A, "1");
    Deliver stale = delivered(first);
    command(new RouterCommand.Detach("worker-0", 1));
    answer("worker-0", 1, stale, new Result.Replied("from the past"));

    var back = attach("worker-0", 2);
    answer("worker-0", 1, stale, new Result.Replied("from the past"));
    assertFalse(reply.isDone());
    assertEquals(2, view().stale());

    route(SHARD, "worker-0", 2);
    answer("worker-0", 2, delivered(back), new Result.Replied("now"));
    assertEquals(new Outcome.Replied(SHARD, "worker-0", 2, "now"), outcome(reply));
  }

  @Test
  void answersThatCameBeforeTheirProcessWasFencedCount() {
    route(SHARD, "worker-0", 1);
    var reply = ask("r-1", A, "1");
    commands.trySend(new RouterCommand.Detach("worker-0", 1));
    answer("worker-0", 1, delivered(first), new Result.Replied("just in time"));
    assertEquals(new Outcome.Replied(SHARD, "worker-0", 1, "just in time"), outcome(reply));
  }

  @Test
  void givesUpWhatItsWorkersDoNotSurviveAndOnlyThat() {
    route(SHARD, "worker-0", 1);
    route(OTHER_SHARD, "worker-0", 1);
    var poison = ask("r-1", A, "1");
    var behind = ask("r-2", A, "2");
    var beside = ask("r-3", OTHER, "3");
    for (int incarnation = 1; incarnation <= 3; incarnation++) {
      assertFalse(poison.isDone(), "delivered " + incarnation + " times");
      command(new RouterCommand.Detach("worker-0", incarnation));
      attach("worker-0", incarnation + 1);
      route(SHARD, "worker-0", incarnation + 1);
    }
    assertEquals(new Outcome.GivenUp(SHARD, 3), outcome(poison));
    assertFalse(behind.isDone());
    assertFalse(beside.isDone());
    assertEquals(2, view().inFlight());
    assertEquals(1, view().givenUp());
  }

  @Test
  void theLinkOfAFencedProcessIsClosed() {
    command(new RouterCommand.Detach("worker-0", 1));
    assertTrue(first.isClosedForSend());
    assertFalse(second.isClosedForSend());
  }

  @Test
  void callersWaitAsLongAsTheySaidAndTheRequestStays() {
    route(SHARD, "worker-0", 1);
    var reply = ask("r-1", A, "1");
    clock.advance(WAIT.minusNanos(1));
    assertEquals(Duration.ofNanos(1), router.round());
    assertFalse(reply.isDone());

    clock.advance(Duration.ofNanos(1));
    assertNull(router.round());
    assertEquals(new Outcome.NotInTime(SHARD), outcome(reply));
    assertEquals(1, view().inFlight());

    var again = ask("r-1", A, "1");
    answer("worker-0", 1, delivered(first), new Result.Replied("1"));
    assertEquals(new Outcome.Replied(SHARD, "worker-0", 1, "1"), outcome(again));
    assertNull(first.tryReceive(), "it was delivered once");
  }

  @Test
  void aRepetitionInFlightJoinsAndBothAreAnswered() {
    route(SHARD, "worker-0", 1);
    var one = ask("r-1", A, "1");
    var two = ask("r-1", A, "1");
    var deliveries = allDelivered(first);
    assertEquals(1, deliveries.size());
    answer("worker-0", 1, deliveries.getFirst(), new Result.Replied("1"));
    assertEquals(outcome(one), outcome(two));
    assertEquals(1, view().accepted());
  }

  @Test
  void anIdThatStandsForSomethingElseIsAConflictInFlightAndAfterwards() {
    route(SHARD, "worker-0", 1);
    ask("r-1", A, "1");
    assertEquals(new Outcome.Conflict(), outcome(ask("r-1", OTHER, "1")));
    answer("worker-0", 1, delivered(first), new Result.Replied("1"));
    assertEquals(new Outcome.Conflict(), outcome(ask("r-1", OTHER, "1")));
    assertEquals(new Outcome.Conflict(), outcome(ask("r-1", A, "2")));
  }

  @Test
  void remembersTheLatestIdsOnly() {
    for (int i = 1; i <= 5; i++) {
      ask("r-" + i, i % 2 == 0 ? A : OTHER, "1");
    }
    route(SHARD, "worker-0", 1);
    route(OTHER_SHARD, "worker-1", 1);
    allDelivered(first).forEach(each -> answer("worker-0", 1, each, new Result.Replied("1")));
    allDelivered(second).forEach(each -> answer("worker-1", 1, each, new Result.Replied("1")));
    assertFalse(ask("r-1", A, "2").isDone(), "the fifth has pushed it out");
    assertEquals(new Outcome.Conflict(), outcome(ask("r-5", A, "2")));
  }

  @Test
  void refusesMoreThanTheMeshAndMoreThanAShardMayHaveInFlight() {
    for (int i = 1; i <= 6; i++) {
      ask("r-" + i, A, "1");
    }
    assertEquals(
        new Outcome.Overloaded("shard " + SHARD + " has 6 requests in flight, which is the most"),
        outcome(ask("r-7", A, "1")));
    ask("r-8", OTHER, "1");
    ask("r-9", OTHER, "1");
    assertEquals(
        new Outcome.Overloaded("the mesh has 8 requests in flight, which is the most"),
        outcome(ask("r-10", OTHER, "1")));
    assertEquals(2, view().overloaded());

    route(SHARD, "worker-0", 1);
    answer("worker-0", 1, delivered(first), new Result.Replied("1"));
    assertFalse(ask("r-7", A, "1").isDone(), "there is room again");
  }

  @Test
  void refusesPayloadsThatTogetherAreTooLong() {
    ask("r-1", A, "x".repeat(900));
    assertEquals(
        new Outcome.Overloaded(
            "the payloads in flight have no room for another 101 characters, 1000 is the most"),
        outcome(ask("r-2", A, "x".repeat(101))));
    assertFalse(ask("r-3", A, "x".repeat(100)).isDone());
    assertEquals(1_000, view().payloadChars());
  }

  @Test
  void refusesTooManyCallersOfOneId() {
    for (int i = 0; i < 6; i++) {
      assertFalse(ask("r-1", A, "1").isDone());
    }
    assertEquals(
        new Outcome.Overloaded("6 callers wait for this id, which is the most"),
        outcome(ask("r-1", A, "1")));
    clock.advance(WAIT);
    router.round();
    assertFalse(ask("r-1", A, "1").isDone(), "those have gone");
  }

  @Test
  void tellsWhatBecameOfAnOperation() {
    route(SHARD, "worker-0", 1);
    var failed = ask("r-1", A, "1");
    var full = ask("r-2", A, "1");
    var conflict = ask("r-3", A, "1");
    answer("worker-0", 1, delivered(first), new Result.Failed("broken"));
    answer("worker-0", 1, delivered(first), new Result.Full("no room"));
    answer("worker-0", 1, delivered(first), new Result.Conflicts());
    assertEquals(new Outcome.Failed(SHARD, "worker-0", 1, "broken"), outcome(failed));
    assertEquals(new Outcome.NoRoom(SHARD, "worker-0", 1, "no room"), outcome(full));
    assertEquals(new Outcome.Conflict(), outcome(conflict));
    assertEquals(0, view().inFlight());
    assertEquals(3, view().workers().get("worker-0").served());
  }

  @Test
  void whenEveryWorkerIsOutOfServiceNobodyIsLetWait() {
    var waiting = ask("r-1", A, "1");
    command(new RouterCommand.GiveUp());
    assertEquals(new Outcome.OutOfService(SHARD), outcome(waiting));
    assertEquals(new Outcome.OutOfService(OTHER_SHARD), outcome(ask("r-2", OTHER, "1")));
    assertEquals(0, view().inFlight());
  }

  private Channel<RouterToWorker> attach(String worker, int incarnation) {
    Channel<RouterToWorker> link = Channel.buffered(WINDOW);
    command(new RouterCommand.Attach(worker, incarnation, link));
    return link;
  }

  private void route(int shard, String worker, long epoch) {
    command(new RouterCommand.Route(shard, worker, epoch));
  }

  private void command(RouterCommand command) {
    commands.trySend(command);
    router.round();
  }

  private Reply<Outcome> ask(String id, String key, String payload) {
    var reply = new Reply<Outcome>();
    inbox.trySend(new Submit(new Request(id, key, "echo", payload), WAIT, reply));
    router.round();
    return reply;
  }

  private void answer(String worker, int incarnation, Deliver delivery, Result result) {
    answers.trySend(new Answer(worker, incarnation, delivery.number(), result));
    router.round();
  }

  private RouterView view() {
    var reply = new Reply<RouterView>();
    looks.trySend(reply);
    router.round();
    return reply.stage().toCompletableFuture().join();
  }

  private static Deliver delivered(Channel<RouterToWorker> link) {
    return (Deliver) link.tryReceive();
  }

  private static List<Deliver> allDelivered(Channel<RouterToWorker> link) {
    var all = new ArrayList<RouterToWorker>();
    link.drainTo(all, 100);
    return all.stream().map(Deliver.class::cast).toList();
  }

  private static List<String> ids(List<Deliver> deliveries) {
    return deliveries.stream().map(each -> each.request().id()).toList();
  }

  private static Outcome outcome(Reply<Outcome> reply) {
    assertTrue(reply.isDone());
    return reply.stage().toCompletableFuture().join();
  }
}
