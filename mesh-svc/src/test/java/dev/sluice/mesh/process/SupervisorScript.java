package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.store.EpochClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor whose members a test plays, over real channels, and whose launched processes and
 * time it makes up. The supervisor does something only when the test says {@link #turn}.
 */
final class SupervisorScript {
  static final Duration HEARTBEAT = Duration.ofMillis(100);
  static final Duration TICK = Duration.ofNanos(1);
  static final Duration BACKOFF = Duration.ofMillis(150);
  static final Duration WINDOW = Duration.ofSeconds(60);
  static final int FAILURES = 4;
  static final int SHARDS = 3;
  static final int MEMBERS = 8;
  static final String GROUP = "built-in";
  static final SortedSet<String> OPS = new TreeSet<>(List.of("count", "echo"));

  final VirtualClock clock;
  final List<MeshEvent> events = new ArrayList<>();
  final List<Step> steps = new ArrayList<>();
  final List<Process> processes = new ArrayList<>();
  private final List<Reader<?>> readers = new ArrayList<>();
  private final Channel<SupervisorMessage.Beaten> beats = Channel.buffered(1_000);
  private final Channel<SupervisorMessage> inbox = Channel.buffered(1_000);
  private final Channel<Boolean> stop = Channel.buffered(1);
  final SupervisorProcess process;

  /** Whether processes of an earlier launcher can be taken over. */
  boolean isAdopting;

  boolean cannotLaunch;
  final Supervisor supervisor;

  record Step(Slice slice, MeshStep step) {}

  SupervisorScript(VirtualClock clock, SupervisorSettings settings) {
    this.clock = clock;
    var channels = new SupervisorProcess.Channels(beats, inbox, stop);
    this.process =
        new SupervisorProcess(
            settings,
            new Launches(),
            clock,
            new EpochClock(clock),
            events::add,
            (slice, step) -> steps.add(new Step(slice, step)),
            channels,
            new Pumps());
    this.supervisor = new Supervisor(channels);
  }

  static SupervisorSettings settings(int workers, int routers, boolean gathers) {
    return new SupervisorSettings(
        SHARDS,
        workers,
        routers,
        HEARTBEAT,
        gathers,
        MEMBERS,
        new SupervisorSettings.Restarts(BACKOFF, BACKOFF.multipliedBy(3), FAILURES, WINDOW));
  }

  // Time and turns

  /** All that was said is heard, and what is due is done. */
  Duration turn() {
    if (!stop.isClosedForReceive() && stop.tryReceive() != null) {
      process.stop();
    }
    List.copyOf(readers).forEach(Reader::pump);
    return process.round();
  }

  /** Lets time pass in steps, in which these beat. */
  void pass(Duration time, Worker... beating) {
    Duration left = time;
    Duration step = HEARTBEAT.dividedBy(4);
    while (left.isPositive()) {
      clock.advance(left.compareTo(step) < 0 ? left : step);
      left = left.minus(step);
      for (Worker each : beating) {
        each.beats();
      }
      turn();
    }
  }

  // Launched processes

  /** A process that the supervisor has launched; the test plays it. */
  final class Process implements Launcher.Launched {
    final Launcher.Kind kind;
    final String name;
    final long launch;
    final List<String> done = new ArrayList<>();
    private final Consumer<String> ended;

    Process(Launcher.Kind kind, String name, long launch, Consumer<String> ended) {
      this.kind = kind;
      this.name = name;
      this.launch = launch;
      this.ended = ended;
    }

    void ends(String reason) {
      ended.accept(reason);
      turn();
    }

    @Override
    public Long pid() {
      return launch;
    }

    @Override
    public void stop() {
      done.add("stop");
    }

    @Override
    public void kill() {
      done.add("kill");
    }

    @Override
    public void stall(Duration time) {
      done.add("stall " + time);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private final class Launches implements Launcher {
    @Override
    public Launched launch(Kind kind, String name, long launch, Consumer<String> ended) {
      if (cannotLaunch) {
        throw new IllegalStateException("no room for a process");
      }
      var process = new Process(kind, name, launch, ended);
      processes.add(process);
      return process;
    }

    @Override
    public @Nullable Launched adopt(
        Kind kind, String name, long launch, long pid, Consumer<String> ended) {
      if (!isAdopting) {
        return null;
      }
      var process = new Process(kind, name, launch, ended);
      processes.add(process);
      return process;
    }
  }

  Process lastProcess(String name) {
    return processes.stream().filter(each -> each.name.equals(name)).toList().getLast();
  }

  // Members

  /** A worker's process, which joins as one that was launched. */
  Worker joins(Process process) {
    Worker worker = worker(process.name, GROUP, OPS, process.launch, 0, Map.of(), process.launch);
    worker.turnAndHear();
    return worker;
  }

  /** A worker that nobody has launched joins. */
  Worker joins(String name, String group, String... ops) {
    Worker worker =
        worker(name, group, new TreeSet<>(List.of(ops)), 0, 0, Map.of(), (long) name.hashCode());
    worker.turnAndHear();
    return worker;
  }

  Worker worker(
      String name,
      String group,
      SortedSet<String> ops,
      long launch,
      long incarnation,
      Map<Integer, Long> holds,
      @Nullable Long pid) {
    return new Worker(new WorkerJoin(name, group, ops, launch, incarnation, holds, pid));
  }

  /** A worker, as the test plays it. */
  final class Worker {
    final WorkerJoin join;
    private final LocalLink<WorkerReport, WorkerOrder> link;
    private final LocalLink<Beat, BeatAck> beatLink = LocalLink.of(100);
    private final List<WorkerOrder> heard = new ArrayList<>();
    @Nullable WorkerId id;
    private long beat;

    Worker(WorkerJoin join) {
      this(join, 100);
    }

    Worker(WorkerJoin join, int room) {
      this.join = join;
      this.link = LocalLink.of(room);
      assertTrue(supervisor.join(join, link.dialled()));
      assertTrue(supervisor.beats(beatLink.dialled()));
    }

    /** The same process dials again. */
    Worker again(Map<Integer, Long> holds) {
      Worker again =
          worker(
              join.name(),
              join.group(),
              join.ops(),
              join.launch(),
              id().incarnation(),
              holds,
              join.pid());
      again.turnAndHear();
      return again;
    }

    /** Takes in what it has been told first. */
    void turnAndHear() {
      turn();
      for (WorkerOrder order : heard()) {
        if (order instanceof WorkerOrder.Welcome(WorkerId self, Duration heartbeat)) {
          id = self;
          assertEquals(HEARTBEAT, heartbeat);
        } else {
          heard.add(order);
        }
      }
    }

    WorkerId id() {
      if (id == null) {
        throw new AssertionError(join.name() + " has not joined, but " + heard);
      }
      return id;
    }

    /** Beats, without a turn. */
    void beats() {
      if (!beatLink.dialling().out().isClosedForSend()) {
        beatLink.dialling().out().trySend(new Beat(join.name(), id().incarnation(), ++beat));
      }
    }

    void beat() {
      beats();
      turn();
    }

    /** The number of the last beat that has been acknowledged since the last call; 0 for none. */
    long acknowledged() {
      var acks = new ArrayList<BeatAck>();
      beatLink.dialling().in().drainTo(acks, 1_000);
      return acks.isEmpty() ? 0 : acks.getLast().number();
    }

    boolean isAcknowledged() {
      acknowledged();
      beat();
      return acknowledged() == beat;
    }

    /** What it has been told since the last call, but for the routers. */
    List<WorkerOrder> orders() {
      return all().stream().filter(order -> !(order instanceof WorkerOrder.Routers)).toList();
    }

    List<List<RouterAddress>> routerLists() {
      return all().stream()
          .flatMap(order ->
              order instanceof WorkerOrder.Routers(List<RouterAddress> routers)
                  ? Stream.of(routers)
                  : Stream.empty())
          .toList();
    }

    private List<WorkerOrder> all() {
      var all = new ArrayList<>(heard);
      heard.clear();
      all.addAll(heard());
      return all;
    }

    private List<WorkerOrder> heard() {
      var all = new ArrayList<WorkerOrder>();
      link.dialling().in().drainTo(all, 1_000);
      return all;
    }

    void say(WorkerReport report) {
      link.dialling().out().trySend(report);
      turn();
    }

    /** Takes over all that it has been given. */
    void acceptAll() {
      for (WorkerOrder order : orders()) {
        if (order instanceof WorkerOrder.Own own) {
          say(new WorkerReport.Owned(own.shard(), own.epoch()));
        }
      }
    }

    void cutControl() {
      link.dialling().cut().run();
      turn();
    }

    /** Whether its control link has ended, with all that came over it read. */
    boolean isCutOff() {
      return link.dialling().in().isClosedForReceive();
    }
  }

  Router router(String name) {
    return new Router(
        new RouterJoin(new RouterAddress(name, name + ":1"), 0, Map.of(), false, 1L), 1_000);
  }

  /** A router, as the test plays it. */
  final class Router {
    final RouterJoin join;
    private final LocalLink<RouterReport, RouterOrder> link;
    private final LocalLink<Beat, BeatAck> beatLink = LocalLink.of(100);
    private long beat;

    Router(RouterJoin join, int room) {
      this.join = join;
      this.link = LocalLink.of(room);
      assertTrue(supervisor.join(join, link.dialled()));
      assertTrue(supervisor.beats(beatLink.dialled()));
      turn();
    }

    List<RouterOrder> orders() {
      var all = new ArrayList<RouterOrder>();
      link.dialling().in().drainTo(all, 10_000);
      return all;
    }

    /** The routes and fences among them. */
    List<RouterOrder> changes() {
      return orders().stream()
          .filter(order -> order instanceof RouterOrder.Route || order instanceof RouterOrder.Fence)
          .toList();
    }

    void beat() {
      beatLink.dialling().out().trySend(new Beat(join.address().name(), 0, ++beat));
      turn();
    }

    void say(RouterReport report) {
      link.dialling().out().trySend(report);
      turn();
    }

    void hangUp() {
      link.dialling().cut().run();
      turn();
    }

    boolean isCutOff() {
      return link.dialling().in().isClosedForReceive();
    }
  }

  // What has happened

  MeshView view() {
    var view = supervisor.view();
    turn();
    return view.toCompletableFuture().join();
  }

  /** Owner and epoch of each shard of the group. */
  List<String> shards(String group) {
    return view().shards().stream()
        .filter(shard -> shard.slice().group().equals(group))
        .map(shard -> (shard.owner() == null ? "-" : shard.owner()) + " " + shard.epoch())
        .toList();
  }

  List<String> shards() {
    return shards(GROUP);
  }

  MeshView.Worker worker(String name) {
    return view().workers().stream()
        .filter(worker -> worker.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  List<MeshEvent.WorkerFenced> fences() {
    return events.stream()
        .flatMap(event ->
            event instanceof MeshEvent.WorkerFenced fenced ? Stream.of(fenced) : Stream.empty())
        .toList();
  }

  /** Reads links when the test takes a turn. */
  private final class Pumps implements Intake {
    @Override
    public <T> void read(
        String name,
        ReceiveChannel<T> in,
        Function<T, SupervisorMessage> message,
        SupervisorMessage end) {
      readers.add(new Reader<>(in, message, end));
    }

    @Override
    public void bring(SupervisorMessage message) {
      assertTrue(inbox.trySend(message));
    }
  }

  private final class Reader<T> {
    private final ReceiveChannel<T> in;
    private final Function<T, SupervisorMessage> message;
    private final SupervisorMessage end;

    Reader(ReceiveChannel<T> in, Function<T, SupervisorMessage> message, SupervisorMessage end) {
      this.in = in;
      this.message = message;
      this.end = end;
    }

    void pump() {
      for (T value = in.tryReceive(); value != null; value = in.tryReceive()) {
        switch (message.apply(value)) {
          case SupervisorMessage.Beaten beaten -> assertTrue(beats.trySend(beaten));
          case SupervisorMessage other -> assertTrue(inbox.trySend(other));
        }
      }
      if (in.isClosedForReceive()) {
        readers.remove(this);
        assertTrue(inbox.trySend(end));
      }
    }
  }
}
