package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.FromWorker.Answer;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.Result;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.ToWorker.Delivery;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.mesh.process.ScriptedPeers.Dialled;
import dev.sluice.mesh.store.MemoryShardStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The worker as a process, in virtual time; the test plays its supervisor and its routers. */
class WorkerTest {
  private static final int SHARD = 3;
  private static final int WINDOW = 8;
  private static final Duration HEARTBEAT = Duration.ofMillis(100);
  private static final WorkerId SELF = new WorkerId("worker-1", 7);
  private static final RouterAddress ROUTER = new RouterAddress("router-0", "localhost:1");

  private final SeededScheduler scheduler = new SeededScheduler(new SplittableRandom(1));
  private final SeededScheduler.Machine machine = scheduler.machine("worker");
  private final ScriptedPeers peers = new ScriptedPeers();
  private final List<String> ended = new ArrayList<>();
  private final List<MeshStep> steps = new ArrayList<>();
  private final Channel<Boolean> proceed = Channel.buffered(100);
  private @Nullable Worker worker;
  private long deliveries;

  /** Fails on one payload, has faults that others bring to light, and hangs. */
  private final class Picky implements Operation {
    @Override
    public String name() {
      return "picky";
    }

    @Override
    public Ran run(Call call) throws InterruptedException {
      switch (call.payload()) {
        case "13" -> throw new IllegalArgumentException("13 is an unlucky number");
        case "14.5" -> throw new IllegalStateException("a fault");
        case "666" -> throw new StackOverflowError("too deep");
        case "0" -> proceed.receive();
        default -> {}
      }
      return new Ran(call.payload(), call.payload());
    }
  }

  @BeforeEach
  void starts() {
    machine.run(scope ->
        worker =
            Worker.start(
                scope,
                null,
                new WorkerSettings("worker-1", "built-in", 5, 4711L, WINDOW),
                Operations.of(new Echo(), new Count(), new Picky()),
                from -> new MemoryShardStore(2, 100, 100, from),
                peers,
                ended::add,
                (slice, step) -> {
                  assertEquals(new Slice("built-in", SHARD), slice);
                  steps.add(step);
                }));
    scheduler.settle();
  }

  @AfterEach
  void ends() {
    scheduler.close();
    assertEquals(1, ended.size(), ended.toString());
  }

  // Joining

  @Test
  void joinsWithAllThatTheSupervisorHasToKnow() {
    assertEquals(
        new WorkerJoin(
            "worker-1",
            "built-in",
            new TreeSet<>(Set.of("echo", "count", "picky")),
            5,
            0,
            Map.of(),
            4711L),
        peers.joins.getLast().word());
    assertTrue(peers.beats.isEmpty(), "who has not joined does not beat");
  }

  @Test
  void dialsAgainAndAgainWhileNobodyIsThere() {
    peers.isNobodyThere = true;
    control().cut();
    scheduler.pass(Duration.ofSeconds(2));
    int dialled = peers.joins.size();
    assertTrue(dialled > 5 && dialled < 20, "dialled " + dialled + " times");
    peers.isNobodyThere = false;
    scheduler.pass(Duration.ofMillis(300));
    assertFalse(control().isCut());
  }

  @Test
  void dialsAgainWhenTheSupervisorSaysNothing() {
    scheduler.pass(Duration.ofMillis(10_100));
    assertTrue(peers.joins.getFirst().isCut());
    assertEquals(2, peers.joins.size());
  }

  @Test
  void endsWhenItIsRefused() {
    order(new WorkerOrder.Refused("worker-1 is there already"));
    assertEquals(List.of("refused: worker-1 is there already"), ended);
    assertTrue(control().isCut());
  }

  @Test
  void joinsAgainAsTheSameWithWhatItHolds() {
    serve();
    control().cut();
    scheduler.pass(Duration.ofMillis(20));
    var join = peers.joins.getLast().word();
    assertEquals(7, join.incarnation());
    assertEquals(Map.of(SHARD, 5L), join.holds());
    order(new WorkerOrder.Welcome(SELF, HEARTBEAT));
    assertEquals(new Result.Replied("1"), run(5, "r-1", "a", "echo", "1"));
    assertEquals(1, peers.works.size(), "the router's link had nothing to do with it");
  }

  @Test
  void whoIsAnotherNowHasLostWhatItHad() {
    serve();
    control().cut();
    scheduler.pass(Duration.ofMillis(20));
    order(new WorkerOrder.Welcome(new WorkerId("worker-1", 8), HEARTBEAT));
    order(new WorkerOrder.Routers(List.of(ROUTER)));
    scheduler.pass(Duration.ofMillis(120));
    assertTrue(peers.works.getFirst().isCut());
    assertEquals(new WorkerId("worker-1", 8), peers.works.getLast().word().worker());
    acknowledge();
    assertEquals(new Result.Stale(), run(5, "r-1", "a", "echo", "1"));
  }

  // Signs of life, and the lease

  @Test
  void beatsOnceAHeartbeat() {
    welcome();
    scheduler.pass(HEARTBEAT.multipliedBy(2).plusMillis(50));
    assertEquals(
        List.of(new Beat("worker-1", 7, 1), new Beat("worker-1", 7, 2), new Beat("worker-1", 7, 3)),
        beats().heard());
  }

  @Test
  void doesNothingBeforeItsFirstBeatIsAcknowledged() {
    welcome();
    own(5);
    order(new WorkerOrder.Routers(List.of(ROUTER)));
    deliver(delivery(5, "r-1", "a", "echo", "1"));
    assertEquals(List.of(), answers());
    acknowledge();
    assertEquals(1, answers().size());
  }

  @Test
  void doesNothingWithoutALeaseAndGoesOnWhenItHasOneAgain() {
    serve();
    scheduler.pass(HEARTBEAT.multipliedBy(2).minusMillis(5)); // the last beat was acknowledged then
    assertEquals(new Result.Replied("1"), run(5, "r-1", "a", "echo", "1"));
    scheduler.pass(Duration.ofMillis(10));
    deliver(delivery(5, "r-2", "a", "echo", "2"));
    assertEquals(List.of(), answers());
    assertEquals(1, steps.size(), "it has not been run either");
    acknowledge();
    assertEquals(new Result.Replied("2"), answers().getFirst().result());
  }

  @Test
  void anAcknowledgementCountsFromWhenItsBeatWasSent() {
    serve();
    scheduler.pass(Duration.ofMillis(190)); // the beat of 100 ms is there, and acknowledged late
    acknowledge();
    scheduler.pass(Duration.ofMillis(100)); // now 290 ms
    assertEquals(new Result.Replied("1"), run(5, "r-1", "a", "echo", "1"));
    scheduler.pass(Duration.ofMillis(15));
    deliver(delivery(5, "r-2", "a", "echo", "2"));
    assertEquals(List.of(), answers());
  }

  @Test
  void keepsToItselfWhatItRanWhenTheLeaseLapsedMeanwhile() {
    serve();
    deliver(delivery(5, "r-1", "a", "picky", "0"));
    scheduler.pass(Duration.ofMillis(250));
    proceed.trySend(true);
    scheduler.settle();
    assertEquals(List.of(), answers());
    acknowledge(); // it has beaten again, and is heard
    scheduler.settle();
    assertEquals(List.of(new Result.Replied("0")), results());
  }

  @Test
  void doesNotBeatWhileAnOperationHangs() {
    serve();
    beats().heard();
    deliver(delivery(5, "r-1", "a", "picky", "0"));
    scheduler.pass(HEARTBEAT.multipliedBy(3));
    assertEquals(List.of(), beats().heard());
  }

  @Test
  void beatsWithinALongBatch() {
    serve();
    beats().heard();
    var batch = new ArrayList<Delivery>();
    for (int i = 0; i < WINDOW; i++) {
      batch.add(delivery(5, "r-" + i, "a", "picky", "0"));
    }
    deliver(batch.toArray(Delivery[]::new));
    int beaten = 0;
    for (int i = 0; i < WINDOW; i++) {
      work().toSay().trySend(new ToWorker.Ping());
      scheduler.pass(Duration.ofMillis(50));
      proceed.trySend(true);
      scheduler.settle();
      beaten += beats().heard().size();
      beats().toSay().trySend(new BeatAck(beaten + 1));
    }
    assertEquals(4, beaten);
    assertEquals(WINDOW, answers().size());
  }

  @Test
  void dialsBothLinksAgainWhenNobodyAcknowledges() {
    serve();
    scheduler.pass(HEARTBEAT.multipliedBy(3).plusMillis(30));
    assertTrue(peers.beats.getFirst().isCut());
    assertTrue(peers.joins.getFirst().isCut());
    assertEquals(2, peers.joins.size());
  }

  @Test
  void dialsTheBeatsAgain() {
    serve();
    beats().cut();
    scheduler.pass(HEARTBEAT);
    assertEquals(2, peers.beats.size());
    assertFalse(beats().heard().isEmpty());
    assertEquals(1, peers.joins.size());
  }

  // Running

  @Test
  void runsWhatItOwnsAndKeepsTheStateOfEachKey() {
    serve();
    assertEquals(new Result.Replied("{\"count\":1}"), run(5, "r-1", "a", "count", "null"));
    assertEquals(new Result.Replied("{\"count\":2}"), run(5, "r-2", "a", "count", "null"));
    assertEquals(new Result.Replied("{\"count\":1}"), run(5, "r-3", "b", "count", "null"));
    assertEquals(new Result.Replied("[1,2]"), run(5, "r-4", "a", "echo", "[1,2]"));
    assertEquals(new MeshStep.Run(SELF, 5, "r-1"), steps.getFirst());
    assertEquals(4, steps.size());
  }

  @Test
  void answersABatchInOneMessageAndInOrder() {
    serve();
    deliver(
        delivery(5, "r-1", "a", "echo", "1"),
        delivery(4, "r-2", "a", "echo", "2"),
        delivery(5, "r-3", "b", "echo", "3"));
    List<FromWorker> said = work().heard();
    assertEquals(1, said.size());
    var answers = assertInstanceOf(FromWorker.Answers.class, said.getFirst()).answers();
    assertEquals(
        List.of(
            new Answer(1, 5, new Result.Replied("1")),
            new Answer(2, 4, new Result.Stale()),
            new Answer(3, 5, new Result.Replied("3"))),
        answers);
  }

  @Test
  void refusesEveryEpochButItsOwn() {
    serve();
    assertEquals(new Result.Stale(), run(4, "r-1", "a", "count", "null"));
    assertEquals(new Result.Stale(), run(6, "r-1", "a", "count", "null"));
    order(new WorkerOrder.Release(SHARD, 5));
    assertEquals(new Result.Stale(), run(5, "r-1", "a", "count", "null"));
    own(9);
    assertEquals(new Result.Replied("{\"count\":1}"), run(9, "r-1", "a", "count", "null"));
    assertEquals(1, steps.size(), "what is refused is not run");
  }

  @Test
  void answersARepetitionFromMemory() {
    serve();
    assertEquals(new Result.Replied("{\"count\":1}"), run(5, "r-1", "a", "count", "null"));
    assertEquals(new Result.Replied("{\"count\":1}"), run(5, "r-1", "a", "count", "null"));
    assertEquals(new Result.Replied("{\"count\":2}"), run(5, "r-2", "a", "count", "null"));
    assertEquals(2, steps.size());
  }

  @Test
  void refusesAnIdThatStandsForSomethingElse() {
    serve();
    run(5, "r-1", "a", "echo", "1");
    assertEquals(new Result.Conflicts(), run(5, "r-1", "b", "echo", "1"));
    assertEquals(new Result.Conflicts(), run(5, "r-1", "a", "count", "1"));
    assertEquals(new Result.Conflicts(), run(5, "r-1", "a", "echo", "2"));
    assertEquals(new Result.Replied("1"), run(5, "r-1", "a", "echo", "1"));
  }

  @Test
  void handsOverWhatItKnows() {
    serve();
    run(5, "r-1", "a", "count", "null");
    control().heard();
    order(new WorkerOrder.Release(SHARD, 5));
    var released = assertInstanceOf(WorkerReport.Released.class, control().heard().getFirst());
    order(new WorkerOrder.Own(SHARD, 6, released.state()));
    assertEquals(new Result.Replied("{\"count\":1}"), run(6, "r-1", "a", "count", "null"));
    assertEquals(new Result.Replied("{\"count\":2}"), run(6, "r-2", "a", "count", "null"));
  }

  @Test
  void doesNotLetGoOfAnotherEpoch() {
    serve();
    control().heard();
    order(new WorkerOrder.Release(SHARD, 4));
    assertEquals(List.of(), control().heard());
    assertEquals(new Result.Replied("1"), run(5, "r-1", "a", "echo", "1"));
  }

  @Test
  void tellsWhatAnOperationCannotRunFromItsFaults() {
    serve();
    assertEquals(new Result.Failed("13 is an unlucky number"), run(5, "r-1", "a", "picky", "13"));
    var fault = assertInstanceOf(Result.Faulty.class, run(5, "r-2", "a", "picky", "14.5"));
    assertEquals("java.lang.IllegalStateException: a fault", fault.reason());
    assertEquals(new Result.Replied("14"), run(5, "r-3", "a", "picky", "14"));
    assertEquals(
        new Result.Failed("worker-1 does not know this operation"),
        run(5, "r-4", "a", "nonsense", "1"));
  }

  @Test
  void refusesAKeyForWhichThereIsNoRoom() {
    serve();
    run(5, "r-1", "a", "count", "null");
    run(5, "r-2", "b", "count", "null");
    assertEquals(
        new Result.Full("the shard keeps the state of 2 keys, which is the most"),
        run(5, "r-3", "c", "count", "null"));
    assertEquals(new Result.Replied("{\"count\":2}"), run(5, "r-4", "b", "count", "null"));
  }

  @Test
  void anErrorIsItsEnd() {
    serve();
    deliver(delivery(5, "r-1", "a", "picky", "666"));
    assertEquals(List.of("died: java.lang.StackOverflowError: too deep"), ended);
    assertInstanceOf(StackOverflowError.class, machine.failures().getFirst());
    assertTrue(work().isCut());
    assertTrue(control().isCut());
  }

  // Links to routers

  @Test
  void saysToEachRouterWhoItIsAndHowMuchItTakes() {
    serve();
    assertEquals(new WorkerHello(SELF, "built-in", WINDOW), work().word());
    order(new WorkerOrder.Routers(List.of(ROUTER, new RouterAddress("router-1", "localhost:2"))));
    assertEquals(2, peers.works.size());
    assertFalse(peers.works.getFirst().isCut());
  }

  @Test
  void dialsARouterThatIsElsewhereNowThere() {
    serve();
    order(new WorkerOrder.Routers(List.of(new RouterAddress("router-0", "localhost:9"))));
    scheduler.pass(Duration.ofMillis(20));
    assertTrue(peers.works.getFirst().isCut());
    assertEquals(2, peers.works.size());
  }

  @Test
  void aRouterThatIsNotNamedStaysAsLongAsItsLink() {
    serve();
    order(new WorkerOrder.Routers(List.of()));
    assertEquals(new Result.Replied("1"), run(5, "r-1", "a", "echo", "1"));
    work().cut();
    scheduler.pass(HEARTBEAT);
    assertEquals(1, peers.works.size());
  }

  @Test
  void dropsWhatIsNotBegunOfALinkThatEndsAndDialsAgain() {
    serve();
    deliver(delivery(5, "r-1", "a", "picky", "0"), delivery(5, "r-2", "a", "echo", "2"));
    work().cut();
    scheduler.pass(Duration.ofMillis(10));
    proceed.trySend(true);
    scheduler.pass(Duration.ofMillis(60));
    assertEquals(2, peers.works.size());
    assertEquals(List.of(new MeshStep.Run(SELF, 5, "r-1")), steps);
    deliveries = 0;
    assertEquals(new Result.Replied("0"), run(5, "r-1", "a", "picky", "0"));
    assertEquals(1, steps.size(), "from memory");
  }

  @Test
  void cutsARouterThatSendsMoreThanItMay() {
    serve();
    var tooMany = new ArrayList<Delivery>();
    for (int i = 0; i <= WINDOW; i++) {
      tooMany.add(delivery(5, "r-" + i, "a", "echo", "1"));
    }
    deliver(tooMany.toArray(Delivery[]::new));
    assertTrue(work().isCut());
    assertEquals(List.of(), steps);
  }

  @Test
  void answersWaitWhileTheLinkHasNoRoom() {
    peers.workRoom = 1;
    serve();
    deliver(delivery(5, "r-1", "a", "echo", "1"));
    deliver(delivery(5, "r-2", "a", "echo", "2"));
    deliver(delivery(5, "r-3", "a", "echo", "3"));
    assertEquals(List.of(new Result.Replied("1")), results());
    scheduler.pass(Duration.ofMillis(5));
    assertEquals(List.of(new Result.Replied("2"), new Result.Replied("3")), results());
  }

  @Test
  void pingsWhenItHasNothingToSay() {
    serve();
    work().toSay().trySend(new ToWorker.Ping());
    scheduler.pass(HEARTBEAT.plusMillis(10));
    assertEquals(List.of(new FromWorker.Ping()), work().heard());
  }

  @Test
  void cutsALinkOnWhichNothingIsHeardAndDialsAgain() {
    serve();
    for (int i = 0; i < 5; i++) {
      scheduler.pass(HEARTBEAT);
      acknowledge();
      work().toSay().trySend(new ToWorker.Ping());
    }
    assertEquals(1, peers.works.size());
    for (int i = 0; i < 4; i++) {
      scheduler.pass(HEARTBEAT);
      acknowledge();
    }
    assertTrue(peers.works.getFirst().isCut());
    assertEquals(2, peers.works.size());
  }

  @Test
  void takesTurnsBetweenRouters() {
    serve();
    order(new WorkerOrder.Routers(List.of(ROUTER, new RouterAddress("router-1", "localhost:2"))));
    scheduler.pass(Duration.ofMillis(1));
    peers
        .works
        .getFirst()
        .toSay()
        .trySend(new ToWorker.Deliveries(List.of(delivery(5, "r-1", "a", "count", "1"))));
    peers
        .works
        .getLast()
        .toSay()
        .trySend(new ToWorker.Deliveries(List.of(delivery(5, "r-2", "a", "count", "1"))));
    scheduler.settle();
    assertEquals(1, answers(peers.works.getFirst()).size());
    assertEquals(1, answers(peers.works.getLast()).size());
  }

  // The end

  @Test
  void endsWhenItIsFenced() {
    serve();
    order(new WorkerOrder.Fenced("missed 2 heartbeats"));
    assertEquals(List.of("missed 2 heartbeats"), ended);
    assertTrue(work().isCut());
  }

  @Test
  void leavesInGoodOrder() {
    serve();
    control().heard();
    leave();
    assertEquals(List.of(new WorkerReport.Leaving()), control().heard());
    assertEquals(new Result.Replied("1"), run(5, "r-1", "a", "echo", "1"));
    order(new WorkerOrder.Release(SHARD, 5));
    assertInstanceOf(WorkerReport.Released.class, control().heard().getFirst());
    order(new WorkerOrder.Fenced("left"));
    assertEquals(List.of("left"), ended);
    assertTrue(work().said().isClosedForSend());
  }

  @Test
  void saysAgainThatItLeavesWhenItJoinsAgain() {
    serve();
    leave();
    control().cut();
    scheduler.pass(Duration.ofMillis(30));
    order(new WorkerOrder.Welcome(SELF, HEARTBEAT));
    assertEquals(List.of(new WorkerReport.Leaving()), control().heard());
  }

  @Test
  void leavesAtOnceWhenItNeverJoined() {
    leave();
    assertEquals(List.of("left"), ended);
  }

  @Test
  void doesNothingAtAllWhileItIsStalled() {
    serve();
    order(new WorkerOrder.Stall(Duration.ofMillis(350)));
    beats().heard();
    scheduler.pass(Duration.ofMillis(340));
    assertEquals(List.of(), beats().heard());
    scheduler.pass(Duration.ofMillis(20));
    assertEquals(1, beats().heard().size());
  }

  @Test
  void endsWithItsScope() {
    serve();
    machine.cancel();
    scheduler.settle();
    assertEquals(List.of("cancelled"), ended);
    assertTrue(control().isCut());
  }

  // The parts that the test plays

  private void welcome() {
    order(new WorkerOrder.Welcome(SELF, HEARTBEAT));
  }

  /** Welcomes it, gives it the shard in epoch 5, a router, and a lease. */
  private void serve() {
    welcome();
    own(5);
    acknowledge();
    order(new WorkerOrder.Routers(List.of(ROUTER)));
  }

  private void own(long epoch) {
    control().heard();
    order(new WorkerOrder.Own(SHARD, epoch, ShardState.EMPTY));
    assertEquals(List.of(new WorkerReport.Owned(SHARD, epoch)), control().heard());
  }

  private void order(WorkerOrder order) {
    assertTrue(control().toSay().trySend(order));
    scheduler.settle();
  }

  /** Acknowledges the last beat that has been sent. */
  private void acknowledge() {
    List<Beat> heard = beats().heard();
    beats().toSay().trySend(new BeatAck(heard.getLast().number()));
    scheduler.settle();
  }

  private void leave() {
    if (worker != null) {
      worker.leave();
    }
    scheduler.settle();
  }

  private Dialled<WorkerJoin, WorkerReport, WorkerOrder> control() {
    return peers.joins.getLast();
  }

  private Dialled<String, Beat, BeatAck> beats() {
    return peers.beats.getLast();
  }

  private Dialled<WorkerHello, FromWorker, ToWorker> work() {
    return peers.works.getLast();
  }

  private Delivery delivery(long epoch, String id, String key, String op, String payload) {
    return new Delivery(++deliveries, SHARD, epoch, new Request(id, key, op, payload, true));
  }

  private void deliver(Delivery... batch) {
    work().toSay().trySend(new ToWorker.Deliveries(List.of(batch)));
    scheduler.settle();
  }

  private Result run(long epoch, String id, String key, String op, String payload) {
    deliver(delivery(epoch, id, key, op, payload));
    Answer answer = answers().getFirst();
    assertEquals(deliveries, answer.number());
    assertEquals(epoch, answer.epoch());
    return answer.result();
  }

  private List<Answer> answers() {
    return answers(work());
  }

  private List<Result> results() {
    return answers().stream().map(Answer::result).toList();
  }

  private static List<Answer> answers(Dialled<WorkerHello, FromWorker, ToWorker> link) {
    return link.heard().stream()
        .filter(FromWorker.Answers.class::isInstance)
        .flatMap(said -> ((FromWorker.Answers) said).answers().stream())
        .toList();
  }
}
