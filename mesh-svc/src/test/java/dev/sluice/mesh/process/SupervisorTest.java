package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.mesh.process.WorkerCommand.Own;
import dev.sluice.mesh.process.WorkerCommand.Release;
import dev.sluice.mesh.store.Answered;
import dev.sluice.mesh.store.Fingerprint;
import dev.sluice.mesh.store.ShardState;
import dev.sluice.mesh.store.StateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The supervisor alone; the test plays two workers and the router. Of three shards worker-0 owns 0
 * and 2, worker-1 owns 1, as long as both live.
 */
class SupervisorTest {
  private static final Duration HEARTBEAT = Duration.ofMillis(100);
  private static final Duration TICK = Duration.ofNanos(1);
  private static final Duration BACKOFF = Duration.ofMillis(150);
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final int FAILURES = 4;
  private static final ShardState KNOWN =
      new ShardState(
          Map.of(new StateKey("count", "a"), "7"),
          new LinkedHashMap<>(Map.of("r-1", new Answered(new Fingerprint(1, 2), "7"))));

  private final VirtualClock clock = new VirtualClock();
  private final Channel<Beat> beats = Channel.buffered(100);
  private final Channel<Report> reports = Channel.buffered(100);
  private final Channel<RouterCommand> router = Channel.buffered(100);
  private final List<Process> processes = new ArrayList<>();
  private final List<MeshEvent> events = new ArrayList<>();
  private final Supervisor supervisor =
      new Supervisor(
          new MeshSettings(
              3,
              2,
              HEARTBEAT,
              new MeshSettings.Waits(Duration.ofSeconds(2), Duration.ofDays(1)),
              new MeshSettings.Bounds(1, 1, 1, 1, 1, 1, 1),
              new MeshSettings.Restarts(BACKOFF, BACKOFF.multipliedBy(3), FAILURES, WINDOW)),
          this::launch,
          beats,
          reports,
          router,
          events::add,
          clock);

  private record Process(
      String worker,
      int incarnation,
      Channel<WorkerCommand> commands,
      Channel<RouterToWorker> work,
      List<String> cancelled)
      implements Launcher.Launched {

    @Override
    public void cancel() {
      cancelled.add(worker);
    }
  }

  private Launcher.Launched launch(String worker, int incarnation) {
    var process =
        new Process(
            worker, incarnation, Channel.buffered(3), Channel.buffered(1), new ArrayList<>());
    processes.add(process);
    return process;
  }

  @BeforeEach
  void bothOwnTheirs() throws InterruptedException {
    supervisor.round();
    for (Process process : List.copyOf(processes)) {
      beat(process);
      acceptAll(process);
    }
    assertEquals(List.of("worker-0 1", "worker-1 1", "worker-0 1"), shards());
    received();
  }

  @Test
  void theRouterLearnsOfAnOwnerOnlyWhenThatOneKnows() throws InterruptedException {
    fail(process(0));
    var given = commandsOf(process(1));
    assertEquals(List.of(new Own(0, 2, ShardState.EMPTY), new Own(2, 2, ShardState.EMPTY)), given);
    assertEquals(List.of(new RouterCommand.Detach("worker-0", 1)), received());
    assertEquals(List.of("- 2", "worker-1 1", "- 2"), shards());

    accept(process(1), (Own) given.getFirst());
    assertEquals(List.of(new RouterCommand.Route(0, "worker-1", 2)), received());
    assertEquals(List.of("worker-1 2", "worker-1 1", "- 2"), shards());
  }

  @Test
  void noFalseAlarmOverTenThousandBeats() throws InterruptedException {
    for (int i = 0; i < 10_000; i++) {
      clock.advance(HEARTBEAT);
      beat(process(0));
      beat(process(1));
    }
    assertEquals(2, processes.size());
    assertEquals(List.of(), received());
  }

  @Test
  void oneMissedBeatIsForgivenTwoAreNot() throws InterruptedException {
    passUntilStuck(process(0), TICK);
    assertEquals(0, fences());

    clock.advance(TICK);
    supervisor.round();
    assertEquals(1, fences());
    assertEquals(List.of("worker-0"), process(0).cancelled());
    assertEquals(
        new MeshEvent.WorkerFenced("worker-0", 1, "missed 2 heartbeats", WorkerState.RESTARTING),
        events.getLast());
  }

  @Test
  void saysWhenItMustBeWokenToNoticeAStall() throws InterruptedException {
    clock.advance(HEARTBEAT);
    beat(process(1));
    assertEquals(HEARTBEAT, supervisor.round(), "two intervals after the last beat of worker-0");
  }

  @Test
  void whenItWasHeldUpItselfItWaitsForOneMoreBeatBeforeItJudges() throws InterruptedException {
    supervisor.round();
    clock.advance(Duration.ofSeconds(30));
    supervisor.round();
    assertEquals(0, fences());

    beat(process(1));
    passUntilStuck(process(0), Duration.ZERO);
    assertEquals(1, fences(), "worker-0 is really stuck");
  }

  @Test
  void beatsAndReportsOfAFencedProcessDoNotCount() throws InterruptedException {
    Process zombie = process(0);
    fail(zombie);
    Own given = (Own) commandsOf(process(1)).getFirst();
    send(new Report.Owned("worker-0", 1, 0, 1));
    send(new Report.Released("worker-0", 1, 0, 1, KNOWN));
    send(new Report.Ended("worker-0", 1, null));
    beat(zombie);

    assertEquals(1, fences());
    accept(process(1), given);
    assertEquals(
        List.of(new RouterCommand.Detach("worker-0", 1), new RouterCommand.Route(0, "worker-1", 2)),
        received());
  }

  @Test
  void aRestartedWorkerGetsItsShardsBackWithTheirStateOnceItBeats() throws InterruptedException {
    fail(process(0));
    acceptAll(process(1));
    received();
    restart();
    Process back = process(2);
    assertInstanceOf(RouterCommand.Attach.class, received().getFirst());
    assertEquals(List.of(), commandsOf(process(1)), "it has not shown yet that it lives");

    beat(back);
    assertEquals(List.of(new Release(0, 2), new Release(2, 2)), commandsOf(process(1)));
    assertEquals(List.of(), received(), "the owner before serves until it has let go");

    send(new Report.Released("worker-1", 1, 0, 2, KNOWN));
    assertEquals(List.of(new Own(0, 3, KNOWN)), commandsOf(back));
    send(new Report.Owned("worker-0", 2, 0, 3));
    assertEquals(List.of(new RouterCommand.Route(0, "worker-0", 3)), received());
    assertEquals(3, view().reassignments());
  }

  @Test
  void stateThatNobodyHasTakenOverYetIsNotLost() throws InterruptedException {
    fail(process(0));
    acceptAll(process(1));
    restart();
    Process back = process(2);
    beat(back);
    send(new Report.Released("worker-1", 1, 0, 2, KNOWN));
    commandsOf(process(1));
    fail(back); // before it has said that it owns shard 0
    assertEquals(List.of(new Own(0, 4, KNOWN)), commandsOf(process(1)));
  }

  @Test
  void aShardThatIsAskedBackFromAWorkerThatDiesStartsAnew() throws InterruptedException {
    fail(process(0));
    acceptAll(process(1));
    restart();
    Process back = process(2);
    beat(back);
    fail(process(1)); // it has not let go
    assertEquals(
        List.of(
            new Own(0, 3, ShardState.EMPTY),
            new Own(1, 2, ShardState.EMPTY),
            new Own(2, 3, ShardState.EMPTY)),
        commandsOf(back));
  }

  @Test
  void aShardIsReleasedForAWorkerThatIsGoneByThenAndGoesBack() throws InterruptedException {
    fail(process(0));
    acceptAll(process(1));
    restart();
    beat(process(2));
    commandsOf(process(1));
    fail(process(2));
    send(new Report.Released("worker-1", 1, 0, 2, KNOWN));
    assertEquals(List.of(new Own(0, 3, KNOWN)), commandsOf(process(1)));
  }

  @Test
  void restartsAfterAPauseThatDoublesUpToAMost() throws InterruptedException {
    for (Duration pause : List.of(BACKOFF, BACKOFF.multipliedBy(2), BACKOFF.multipliedBy(3))) {
      int before = processes.size();
      fail(process(before == 2 ? 0 : before - 1));
      pass(pause.minus(TICK));
      assertEquals(before, processes.size(), "too early");
      pass(TICK);
      assertEquals(before + 1, processes.size());
      assertEquals("worker-0", processes.getLast().worker());
    }
    assertEquals(4, processes.getLast().incarnation());
    assertEquals(3, view().workers().getFirst().restarts());
  }

  @Test
  void aWorkerThatFailsTooOftenWithinTheWindowIsOutOfService() throws InterruptedException {
    fail(process(0));
    for (int i = 1; i < FAILURES; i++) {
      pass(BACKOFF.multipliedBy(3));
      fail(processes.getLast());
    }
    assertEquals(WorkerState.OUT_OF_SERVICE, view().workers().getFirst().state());
    assertEquals("died: java.lang.Error: broken", view().workers().getFirst().reason());
    int started = processes.size();
    pass(WINDOW);
    assertEquals(started, processes.size());
    assertTrue(shards().stream().noneMatch(shard -> shard.startsWith("worker-0")));
  }

  @Test
  void oldFailuresAreForgotten() throws InterruptedException {
    fail(process(0));
    for (int i = 1; i < 3 * FAILURES; i++) {
      pass(WINDOW.dividedBy(FAILURES - 2));
      fail(processes.getLast());
      assertEquals(WorkerState.RESTARTING, view().workers().getFirst().state());
    }
  }

  @Test
  void theRouterLearnsWhenNobodyIsLeft() throws InterruptedException {
    for (int i = 0; i < FAILURES; i++) {
      for (Process process : processes.subList(processes.size() - 2, processes.size())) {
        send(new Report.Ended(process.worker(), process.incarnation(), new Error("broken")));
      }
      pass(BACKOFF.multipliedBy(3));
    }
    assertEquals(
        1, received().stream().filter(command -> command instanceof RouterCommand.GiveUp).count());
  }

  @Test
  void endsTheWorkersWhenTheRouterHasDrained() throws InterruptedException {
    send(new Report.Drained());
    assertEquals(List.of("worker-0"), process(0).cancelled());
    assertEquals(List.of("worker-1"), process(1).cancelled());
  }

  @Test
  void showsHowTheWorkersAre() throws InterruptedException {
    clock.advance(Duration.ofMillis(30));
    fail(process(0));
    assertEquals(
        List.of(
            new SupervisorView.Worker(
                "worker-0", WorkerState.RESTARTING, null, 0, "died: java.lang.Error: broken"),
            new SupervisorView.Worker(
                "worker-1", WorkerState.LIVE, Duration.ofMillis(30), 0, null)),
        view().workers());
  }

  private Process process(int index) {
    return processes.get(index);
  }

  private void beat(Process process) throws InterruptedException {
    beats.trySend(new Beat(process.worker(), process.incarnation()));
    supervisor.round();
  }

  private void fail(Process process) throws InterruptedException {
    send(new Report.Ended(process.worker(), process.incarnation(), new Error("broken")));
  }

  private void send(Report report) throws InterruptedException {
    reports.trySend(report);
    supervisor.round();
  }

  /** Lets time pass in steps, in which all that run and are not named beat. */
  private void pass(Duration time) throws InterruptedException {
    pass(time, null);
  }

  private void pass(Duration time, Process stuck) throws InterruptedException {
    Duration left = time;
    Duration step = HEARTBEAT.dividedBy(4);
    while (left.isPositive()) {
      clock.advance(left.compareTo(step) < 0 ? left : step);
      left = left.minus(step);
      for (Process process : List.copyOf(processes)) {
        if (process != stuck) {
          beats.trySend(new Beat(process.worker(), process.incarnation()));
        }
      }
      supervisor.round();
    }
  }

  /** Until so long before two intervals have passed in which it has not beaten. */
  private void passUntilStuck(Process process, Duration before) throws InterruptedException {
    pass(HEARTBEAT.multipliedBy(2).minus(before), process);
  }

  private void restart() throws InterruptedException {
    int before = processes.size();
    Duration waited = Duration.ZERO;
    while (processes.size() == before) {
      clock.advance(HEARTBEAT.dividedBy(4));
      beats.trySend(new Beat("worker-1", 1));
      supervisor.round();
      waited = waited.plus(HEARTBEAT.dividedBy(4));
      assertTrue(waited.compareTo(BACKOFF.plus(HEARTBEAT)) < 0, "it is not started again");
    }
  }

  private List<WorkerCommand> commandsOf(Process process) {
    var all = new ArrayList<WorkerCommand>();
    process.commands().drainTo(all, 100);
    return all;
  }

  private void accept(Process process, Own own) throws InterruptedException {
    send(new Report.Owned(process.worker(), process.incarnation(), own.shard(), own.epoch()));
  }

  private void acceptAll(Process process) throws InterruptedException {
    for (WorkerCommand command : commandsOf(process)) {
      accept(process, assertInstanceOf(Own.class, command));
    }
  }

  private List<RouterCommand> received() {
    var all = new ArrayList<RouterCommand>();
    router.drainTo(all, 100);
    return all;
  }

  private long fences() {
    return events.stream().filter(event -> event instanceof MeshEvent.WorkerFenced).count();
  }

  private List<String> shards() throws InterruptedException {
    return view().shards().stream()
        .map(shard -> (shard.owner() == null ? "-" : shard.owner()) + " " + shard.epoch())
        .toList();
  }

  private SupervisorView view() throws InterruptedException {
    var reply = new Reply<SupervisorView>();
    send(new Report.Look(reply));
    return reply.stage().toCompletableFuture().join();
  }
}
