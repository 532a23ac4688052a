package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.HeartbeatMonitor.Pulse;
import dev.sluice.csp.Process;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.mesh.store.MemoryShardStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The mesh as it runs: processes on threads of their own, time moved by the test. */
@NoLeaks
@Timeout(30)
class MeshTest {
  private static final int SHARDS = 16;
  private static final List<String> NAMES = List.of("worker-0", "worker-1", "worker-2", "worker-3");
  private static final int WORKERS = NAMES.size();
  private static final int REDELIVERIES = 3;
  private static final int FAILURES = 3;
  private static final int PER_SHARD = 20;
  private static final Duration HEARTBEAT = Duration.ofMillis(100);
  private static final Duration STEP = HEARTBEAT.dividedBy(4);
  private static final Duration BACKOFF = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofHours(1);

  private final VirtualClock clock = new VirtualClock();
  private final Scope root = Scope.open("mesh", clock);
  private final Scope processes = root.child("processes");
  private final Hang hang = new Hang();
  private HeartbeatMonitor monitor;
  private Mesh mesh;
  private int sent;

  /** Hangs until its worker is cancelled; while {@code deaf} has a value, not even then. */
  private static final class Hang implements Operation {
    final Channel<String> begun = Channel.buffered(100);
    final Channel<String> deaf = Channel.buffered(1);
    final Channel<String> awaken = Channel.rendezvous();

    @Override
    public String name() {
      return "hang";
    }

    @Override
    public Ran run(Call call) throws InterruptedException {
      begun.send(call.key());
      boolean isDeaf = deaf.tryReceive() != null;
      while (true) {
        try {
          return new Ran(awaken.receive(), null);
        } catch (InterruptedException cancelled) {
          if (!isDeaf) {
            throw cancelled;
          }
        }
      }
    }
  }

  /** Its worker does not survive it. */
  private static final class Die implements Operation {
    @Override
    public String name() {
      return "die";
    }

    @Override
    public Ran run(Call call) {
      throw new StackOverflowError("on purpose");
    }
  }

  @BeforeEach
  void start() throws Exception {
    monitor = HeartbeatMonitor.start(root, "heartbeats", Duration.ofSeconds(1));
    mesh =
        Mesh.start(
            processes,
            monitor,
            new MeshSettings(
                SHARDS,
                WORKERS,
                HEARTBEAT,
                new MeshSettings.Waits(HEARTBEAT, Duration.ofDays(1)),
                new MeshSettings.Bounds(
                    10_000, 8, 10_000, PER_SHARD, 1_000_000, REDELIVERIES, 1_000),
                new MeshSettings.Restarts(BACKOFF, BACKOFF, FAILURES, Duration.ofMinutes(1))),
            Operations.of(new Echo(), new Count(), hang, new Die()),
            from -> new MemoryShardStore(1_000, 1_000, 1_000_000, from),
            event -> {});
    awaitView(view -> allOwned(view) && live(view) == WORKERS);
  }

  @AfterEach
  void end() {
    processes.cancel();
    root.close();
  }

  @Test
  void answersFromTheOwnerOfTheKey() throws Exception {
    var replied = replied(ask("echo", "acct-7", "{\"a\":1}"));
    int shard = KeyHash.shard("acct-7", SHARDS);
    assertEquals(
        new Outcome.Replied(
            shard, owner(shard), view().supervisor().shards().get(shard).epoch(), "{\"a\":1}"),
        replied);
    assertEquals("{\"count\":1}", replied(ask("count", "acct-7", "null")).reply());
    assertEquals("{\"count\":2}", replied(ask("count", "acct-7", "null")).reply());
  }

  @Test
  void refusesWhatItCannotDoOrWaitFor() {
    assertEquals(
        "op is nonsense, must be one of count, die, echo, hang",
        assertThrows(Ask.Invalid.class, () -> ask("nonsense", "a", "1")).getMessage());
    for (Duration wait : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(2))) {
      assertEquals(
          "wait is " + wait + ", must be more than 0 and at most 86400000ms",
          assertThrows(Ask.Invalid.class, () -> send(new Request("r-1", "a", "echo", "1"), wait))
              .getMessage());
    }
  }

  @Test
  void waitsAsLongAsIsUsualWhenNothingElseIsSaid() throws Exception {
    var reply = mesh.ask(new Ask("r-1", "poison", "hang", "null", null));
    hang.begun.receive();
    assertEquals(HEARTBEAT, passUntil(view -> reply.isDone()));
    assertInstanceOf(Outcome.NotInTime.class, reply.await());
  }

  @Test
  void keepsTheOrderOfEachKeyAmongManyCallers() throws Exception {
    int callers = 8;
    int each = 200;
    try (var scope = Scope.open("callers")) {
      for (int i = 0; i < callers; i++) {
        String key = "key-" + i;
        scope.start(key, () -> countInOrder(key, each));
      }
      scope.join();
    }
    var router = view().router();
    assertEquals(callers * each, router.answered());
    assertEquals(0, router.inFlight());
    assertEquals(
        callers * each,
        router.workers().values().stream().mapToLong(RouterView.Load::served).sum());
  }

  /** Sends without waiting, as many at a time as a shard takes, and checks the replies' order. */
  private void countInOrder(String key, int times) throws InterruptedException {
    for (int done = 0; done < times; ) {
      var replies = new ArrayList<Reply<Outcome>>();
      for (int i = 0; i < PER_SHARD / 4; i++) {
        replies.add(send(new Request(key + "-" + (done + i), key, "count", "null"), LONG));
      }
      for (Reply<Outcome> reply : replies) {
        done++;
        var replied = assertInstanceOf(Outcome.Replied.class, reply.await());
        assertEquals("{\"count\":" + done + "}", replied.reply());
      }
    }
  }

  @Test
  void noFalseAlarmOverManyHealthyBeats() throws Exception {
    for (int i = 0; i < 500; i++) {
      advance(HEARTBEAT);
    }
    assertEquals(0, restarts(view()));
    assertEquals(WORKERS, live(view()));
    assertTrue(monitor.pulses().await().stream().noneMatch(Pulse::stuck));
    assertEquals(
        Set.of("router", "supervisor"),
        new HashSet<>(monitor.pulses().await().stream().map(Pulse::name).toList()));
  }

  @Test
  void aStallIsDetectedWithinTwoAndAHalfHeartbeatsAndItsShardsAreServedAtOnce() throws Exception {
    passTime(STEP.multipliedBy(2)); // so that the stall begins between two beats
    String stuck = hangAndAwait("poison");
    String other = keyOf(stuck, "poison");
    var waiting = ask("count", other, "null");
    Duration stalled = passUntil(view -> worker(view, stuck).state() == WorkerState.RESTARTING);

    assertTrue(stalled.compareTo(HEARTBEAT) > 0, "a heartbeat may be late, but it was " + stalled);
    assertTrue(stalled.compareTo(HEARTBEAT.multipliedBy(5).dividedBy(2)) <= 0, stalled.toString());
    assertEquals("missed 2 heartbeats", worker(view(), stuck).reason());
    // From here the clock stands still: no time passes until the others serve.
    var replied = replied(waiting);
    assertNotEquals(stuck, replied.worker());
    assertEquals(2, replied.epoch());
    assertEquals("{\"count\":1}", replied.reply());
  }

  @Test
  void poisonIsDeliveredAgainSoManyTimesAndThenGivenUpWhileTheOthersGoOn() throws Exception {
    var poison = ask("hang", "poison", "null");
    var behind = ask("count", "poison", "null");
    while (!poison.isDone()) {
      passTime(STEP);
    }
    int shard = KeyHash.shard("poison", SHARDS);
    assertEquals(new Outcome.GivenUp(shard, REDELIVERIES + 1), poison.await());
    assertEquals(REDELIVERIES + 1, begun());
    assertEquals("{\"count\":1}", replied(behind).reply());
    passUntil(view -> live(view) == WORKERS && allOwned(view));
    assertEquals(REDELIVERIES + 1, restarts(view()));
    assertEquals("{\"count\":2}", replied(ask("count", "poison", "null")).reply());
  }

  @Test
  void aWorkerThatDiesIsFencedAtOnceAndTheOthersLive() throws Exception {
    var deadly = ask("die", "deadly", "null");
    assertInstanceOf(Outcome.GivenUp.class, deadly.await());
    assertTrue(worker(view(), "worker-0").reason().contains("on purpose"), "it was " + view());
    passUntil(view -> live(view) == WORKERS && allOwned(view));
    assertEquals("1", replied(ask("echo", "deadly", "1")).reply());
    assertFalse(processes.isCancelled());
  }

  @Test
  void aRestartedWorkerTakesItsShardsBackWithTheirStateAndAHigherEpoch() throws Exception {
    var before = view().supervisor().shards();
    String stuck = hangAndAwait("poison");
    String moved = keyOf(stuck, "poison");
    String healthy = keyOf(bystander(stuck, "poison"), "");
    assertEquals("{\"count\":1}", replied(ask("count", healthy, "null")).reply());
    passUntil(view -> worker(view, stuck).state() == WorkerState.RESTARTING);
    hang.awaken.send("null"); // the next worker is let off

    assertEquals("{\"count\":1}", replied(ask("count", moved, "null")).reply());
    passUntil(view -> worker(view, stuck).state() == WorkerState.LIVE && allOwned(view));
    var after = view().supervisor().shards();
    for (int shard = 0; shard < SHARDS; shard++) {
      assertEquals(before.get(shard).owner(), after.get(shard).owner());
      boolean was = stuck.equals(before.get(shard).owner());
      assertEquals(was ? 3 : 1, after.get(shard).epoch(), "shard " + shard);
    }
    var replied = replied(ask("count", moved, "null"));
    assertEquals("{\"count\":2}", replied.reply(), "handed over");
    assertEquals(stuck, replied.worker());
    assertEquals("{\"count\":2}", replied(ask("count", healthy, "null")).reply(), "never moved");
  }

  @Test
  void theReplyOfAFencedWorkerIsDropped() throws Exception {
    hang.deaf.send("the next one does not hear that it is cancelled");
    var request = new Request("r-1", "poison", "hang", "null");
    var reply = send(request, LONG);
    hang.begun.receive();
    passUntil(view -> view.router().redelivered() > 0);
    hang.begun.receive(); // the next owner runs it now, and the one before still does

    hang.awaken.send("\"from the past\"");
    awaitView(view -> view.router().stale() == 1);
    assertFalse(reply.isDone());
    hang.awaken.send("\"now\"");
    assertEquals("\"now\"", replied(reply).reply());
    assertEquals(2, replied(reply).epoch());
    assertEquals("\"now\"", replied(send(request, LONG)).reply());
  }

  @Test
  void aWorkerThatFailsTooOftenIsOutOfServiceAndWithAllOfThemTheMeshSaysSo() throws Exception {
    while (view().supervisor().workers().stream()
        .anyMatch(worker -> worker.state() != WorkerState.OUT_OF_SERVICE)) {
      ask("die", "key-" + sent, "null");
      passTime(STEP);
    }
    assertTrue(restarts(view()) <= WORKERS * (FAILURES - 1), "restarts are damped");
    assertInstanceOf(Outcome.OutOfService.class, ask("echo", "a", "1").await());
    assertEquals(0, view().router().inFlight());
    assertFalse(processes.isCancelled());
  }

  @Test
  void refusesWhatIsTooMuchForAShardAndServesTheOthers() throws Exception {
    String stuck = hangAndAwait("poison");
    for (int i = 1; i < PER_SHARD; i++) {
      ask("count", "poison", "null");
    }
    assertInstanceOf(Outcome.Overloaded.class, ask("count", "poison", "null").await());
    String elsewhere = keyOf(bystander(stuck, "poison"), "");
    assertEquals("1", replied(ask("echo", elsewhere, "1")).reply());
  }

  @Test
  void whoDoesNotWaitLongEnoughCanAskAgain() throws Exception {
    var request = new Request("r-1", "poison", "hang", "null");
    var late = send(request, HEARTBEAT);
    hang.begun.receive();
    while (!late.isDone()) {
      passTime(STEP);
    }
    assertEquals(new Outcome.NotInTime(KeyHash.shard("poison", SHARDS)), late.await());

    var again = send(request, LONG);
    hang.awaken.send("\"done\"");
    assertEquals("\"done\"", replied(again).reply());
    assertEquals("\"done\"", replied(send(request, LONG)).reply(), "from memory");
    assertNull(hang.begun.tryReceive(), "it was run once");
    var other = new Request("r-1", "poison", "echo", "1");
    assertEquals(new Outcome.Conflict(), send(other, LONG).await());
  }

  @Test
  void finishesWhatWasAcceptedAlsoWhileItHeals() throws Exception {
    hangAndAwait("poison");
    var replies = new ArrayList<Reply<Outcome>>();
    for (int i = 0; i < 100; i++) {
      replies.add(ask("count", "key-" + i, "null"));
    }
    replies.add(ask("count", "poison", "null")); // waits until the mesh has got rid of the poison
    mesh.close();
    assertThrows(ChannelClosedException.class, () -> ask("echo", "a", "1"));
    var ended = assertThrows(ExecutionException.class, () -> passUntil(view -> false));
    assertInstanceOf(ChannelClosedException.class, ended.getCause());
    for (Reply<Outcome> reply : replies) {
      assertTrue(reply.isDone());
      replied(reply);
    }
    processes.join();
  }

  @Test
  void callersOfACancelledMeshAreTold() throws Exception {
    hangAndAwait("poison");
    var waiting = ask("count", "poison", "null");
    processes.cancel();
    assertThrows(ChannelClosedException.class, waiting::await);
  }

  // Asking

  private Reply<Outcome> ask(String op, String key, String payload) {
    return send(new Request("r-" + ++sent, key, op, payload), LONG);
  }

  private Reply<Outcome> send(Request request, Duration wait) {
    return mesh.ask(new Ask(request.id(), request.key(), request.op(), request.payload(), wait));
  }

  private static Outcome.Replied replied(Reply<Outcome> reply) throws InterruptedException {
    return assertInstanceOf(Outcome.Replied.class, reply.await());
  }

  /** Hangs the owner of a key; answers which worker that is. */
  private String hangAndAwait(String key) throws Exception {
    String owner = owner(KeyHash.shard(key, SHARDS));
    ask("hang", key, "null");
    assertEquals(key, hang.begun.receive());
    return owner;
  }

  /** A key that the worker owns, and that another one will inherit than that key. */
  private String keyOf(String worker, String not) throws Exception {
    String notHeir = heir(KeyHash.shard(not, SHARDS), worker);
    for (int i = 0; ; i++) {
      int shard = KeyHash.shard("key-" + i, SHARDS);
      if (worker.equals(owner(shard)) && !notHeir.equals(heir(shard, worker))) {
        return "key-" + i;
      }
    }
  }

  private static String heir(int shard, String lost) {
    var left = new ArrayList<>(NAMES);
    left.remove(lost);
    return Rendezvous.owner(shard, left).orElseThrow();
  }

  /** A worker that is neither this one nor inherits that key from it. */
  private static String bystander(String worker, String key) {
    String heir = heir(KeyHash.shard(key, SHARDS), worker);
    return NAMES.stream()
        .filter(name -> !name.equals(worker) && !name.equals(heir))
        .findFirst()
        .orElseThrow();
  }

  private int begun() {
    var all = new ArrayList<String>();
    return hang.begun.drainTo(all, 100);
  }

  // Time

  private Duration passUntil(Predicate<MeshView> condition) throws Exception {
    Duration passed = Duration.ZERO;
    while (!condition.test(view())) {
      passTime(STEP);
      passed = passed.plus(STEP);
    }
    return passed;
  }

  private void passTime(Duration time) throws Exception {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
      advance(STEP);
    }
  }

  /** Moves the clock, but not away under a process that is about to wait for it. */
  private void advance(Duration time) throws Exception {
    while (clock.alarms() < processesThatGoByTheClock()) {
      Thread.onSpinWait();
    }
    clock.advance(time);
    awaitBeats();
  }

  /** The heartbeat monitor, the router, the supervisor, and each worker that does not hang. */
  private long processesThatGoByTheClock() {
    return 1
        + processes.processes().stream()
            .filter(process -> List.of("router", "supervisor").contains(process.name()))
            .count()
        + processes.children().stream()
            .flatMap(scope -> scope.processes().stream())
            .filter(process -> !hangs(process))
            .count();
  }

  /** Until everybody who does not hang has beaten within the last interval. */
  private void awaitBeats() throws Exception {
    awaitView(view ->
        view.supervisor().workers().stream()
            .allMatch(worker ->
                worker.sinceHeartbeat() == null
                    || worker.sinceHeartbeat().compareTo(HEARTBEAT) < 0
                    || hangs(worker.name())));
  }

  /** Whether the latest process of that name hangs. */
  private boolean hangs(String worker) {
    return processes.children().reversed().stream()
        .filter(scope -> scope.name().equals(worker))
        .limit(1)
        .flatMap(scope -> scope.processes().stream())
        .anyMatch(this::hangs);
  }

  private boolean hangs(Process process) {
    return ("receive from " + hang.awaken).equals(process.waitsFor());
  }

  // Looking

  private void awaitView(Predicate<MeshView> condition) throws Exception {
    while (!condition.test(view())) {
      Thread.onSpinWait(); // each look is answered by the processes themselves
    }
  }

  private MeshView view() throws Exception {
    return mesh.view().toCompletableFuture().get();
  }

  private String owner(int shard) throws Exception {
    return view().supervisor().shards().get(shard).owner();
  }

  private static SupervisorView.Worker worker(MeshView view, String name) {
    return view.supervisor().workers().stream()
        .filter(worker -> worker.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static boolean allOwned(MeshView view) {
    return view.supervisor().shards().stream().allMatch(shard -> shard.owner() != null);
  }

  private static long live(MeshView view) {
    return view.supervisor().workers().stream()
        .filter(worker -> worker.state() == WorkerState.LIVE)
        .count();
  }

  private static int restarts(MeshView view) {
    return view.supervisor().workers().stream().mapToInt(SupervisorView.Worker::restarts).sum();
  }
}
