package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.mesh.process.RouterToWorker.Deliver;
import dev.sluice.mesh.store.MemoryShardStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A mesh whose processes take turns on one thread; their order, the faults and the passing of time
 * all come from one seed, so a run can be repeated. While it runs it checks what must never happen:
 * two owners of a shard in one epoch, requests of a key out of order or run twice by one owner,
 * replies out of order, workers fenced without cause.
 */
final class MeshSimulation {
  static final int WORKERS = 4;
  static final int REDELIVERIES = 2;
  private static final int SHARDS = 12;
  private static final int KEYS = 20;
  private static final int WINDOW = 4;
  private static final int ROOM = 100_000; // on one thread nobody may wait for room
  private static final Duration HEARTBEAT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofDays(1);
  private static final Duration SHORT = Duration.ofMillis(250);
  private static final String HANG = "\"hang\"";
  private static final String DIE = "\"die\"";

  /**
   * What goes wrong.
   *
   * @param stops processes are stopped, and some go on later, like by SIGSTOP and SIGCONT
   * @param deaths processes die between two requests
   * @param poison some requests make the worker that runs them hang or die
   * @param impatience some callers wait for a short time only
   */
  record Faults(boolean stops, boolean deaths, boolean poison, boolean impatience) {
    static final Faults NONE = new Faults(false, false, false, false);
  }

  /** A request and what became of it. */
  static final class Sent {
    final int number;
    final Request request;
    final Reply<Outcome> reply = new Reply<>();

    Sent(int number, Request request) {
      this.number = number;
      this.request = request;
    }

    boolean isPoison() {
      return request.payload().equals(HANG) || request.payload().equals(DIE);
    }

    Outcome outcome() {
      assertTrue(reply.isDone(), request.id() + " has no outcome");
      return reply.stage().toCompletableFuture().join();
    }
  }

  private final VirtualClock clock = new VirtualClock();
  private final RandomGenerator random;
  private final Channel<Submit> inbox = Channel.buffered(ROOM);
  private final Channel<Reply<RouterView>> looks = Channel.buffered(1);
  private final Channel<Answer> answers = Channel.buffered(ROOM);
  private final Channel<RouterCommand> commands = Channel.buffered(ROOM);
  private final Channel<Report> reports = Channel.buffered(ROOM);
  private final Channel<Beat> beats = Channel.buffered(ROOM);
  private final Router router;
  private final Supervisor supervisor;
  private final List<Process> processes = new ArrayList<>();

  final List<Sent> sent = new ArrayList<>();

  /** By the id of the request that did it: how many processes hung or died of it. */
  final Map<String, Integer> victims = new HashMap<>();

  private final Map<Ownership, Process> owners = new HashMap<>();
  private final Map<OwnedKey, Integer> lastRun = new HashMap<>();
  private final Map<String, Integer> lastReplied = new HashMap<>();
  private final Set<Integer> repeated = new HashSet<>();
  private int faultsInjected;
  private int fenced;

  private record Ownership(int shard, long epoch) {}

  private record OwnedKey(Ownership ownership, String key) {}

  MeshSimulation(long seed, int redeliveries) {
    random = new SplittableRandom(seed);
    var settings =
        new MeshSettings(
            SHARDS,
            WORKERS,
            HEARTBEAT,
            new MeshSettings.Waits(Duration.ofSeconds(2), Duration.ofDays(1)),
            new MeshSettings.Bounds(ROOM, WINDOW, ROOM, ROOM, ROOM * 100L, redeliveries, ROOM),
            new MeshSettings.Restarts(
                Duration.ofMillis(30), Duration.ofMillis(30), ROOM, Duration.ofMinutes(1)));
    router = new Router(settings, inbox, looks, answers, commands, reports, clock);
    supervisor =
        new Supervisor(settings, this::launch, beats, reports, commands, this::happened, clock);
  }

  // What a test does

  /** Sends that many requests while everything takes turns and the faults happen. */
  void run(int requests, Faults faults) throws InterruptedException {
    int last = sent.size() + requests;
    while (sent.size() < last) {
      int turn = random.nextInt(100);
      if (turn < 15) {
        send(faults);
      } else if (turn < 30) {
        router.round();
      } else if (turn < 45) {
        supervisor.round();
      } else if (turn < 85) {
        step(any(Process::runs));
      } else if (turn < 95) {
        passTime();
      } else {
        inject(faults, turn);
      }
    }
  }

  /** Lets everybody go on, without further faults, until every caller has an outcome. */
  void settle() throws InterruptedException {
    for (int round = 0; round < 5_000; round++) {
      if (sent.stream().allMatch(each -> each.reply.isDone())) {
        return;
      }
      everybodyOnce();
    }
    sent.stream()
        .filter(each -> !each.reply.isDone())
        .findFirst()
        .ifPresent(each -> fail(each.request.id() + " is never answered"));
  }

  void everybodyOnce() throws InterruptedException {
    for (Process process : List.copyOf(processes)) {
      if (process.runs()) {
        step(process);
      }
    }
    router.round();
    supervisor.round();
    passTime();
  }

  /** Stops the process of a worker for good. */
  void stop(String worker) {
    Process process = any(each -> each.name.equals(worker) && !each.isFenced);
    Objects.requireNonNull(process).isStopped = true;
    faultsInjected++;
  }

  /** Asks again for something that has been sent before, under the same id. */
  Sent repeat(Sent before) {
    var again = new Sent(before.number, before.request);
    inbox.trySend(new Submit(again.request, LONG, again.reply));
    sent.add(again);
    repeated.add(again.number);
    return again;
  }

  SupervisorView view() throws InterruptedException {
    var reply = new Reply<SupervisorView>();
    reports.send(new Report.Look(reply));
    supervisor.round();
    return reply.stage().toCompletableFuture().join();
  }

  int fenced() {
    return fenced;
  }

  // Turns

  private void send(Faults faults) {
    int number = sent.size();
    String payload = Integer.toString(number);
    if (faults.poison && random.nextInt(25) == 0) {
      payload = random.nextBoolean() ? HANG : DIE;
    }
    var next =
        new Sent(
            number, new Request("r-" + number, "key-" + random.nextInt(KEYS), "append", payload));
    sent.add(next);
    next.reply.stage().thenAccept(outcome -> answered(next, outcome));
    boolean impatient = faults.impatience && random.nextInt(4) == 0;
    inbox.trySend(new Submit(next.request, impatient ? SHORT : LONG, next.reply));
  }

  private void passTime() throws InterruptedException {
    for (Process process : List.copyOf(processes)) {
      if (process.runs()) {
        process.worker.beatIfDue(); // nobody who runs is kept from beating
      }
    }
    supervisor.round();
    clock.advance(Duration.ofNanos(random.nextLong(HEARTBEAT.toNanos() / 8)));
  }

  private void inject(Faults faults, int turn) throws InterruptedException {
    Process victim = null;
    if (turn == 95 && faults.stops) {
      victim = any(each -> each.runs() && !each.isFenced);
      if (victim != null) {
        victim.isStopped = true;
      }
    } else if (turn == 96 && faults.deaths) {
      victim = any(each -> each.runs() && !each.isFenced);
      if (victim != null) {
        victim.die(new Died());
      }
    } else if (faults.stops) {
      Process stopped = any(each -> each.isStopped && !each.isHung);
      if (stopped != null) {
        stopped.isStopped = false; // perhaps as a zombie
      }
    }
    if (victim != null) {
      faultsInjected++;
    }
  }

  private void step(@Nullable Process process) throws InterruptedException {
    if (process != null) {
      process.step();
    }
  }

  private @Nullable Process any(Predicate<Process> which) {
    List<Process> fitting = processes.stream().filter(which).toList();
    return fitting.isEmpty() ? null : fitting.get(random.nextInt(fitting.size()));
  }

  // What must hold

  private void happened(MeshEvent event) {
    if (event instanceof MeshEvent.WorkerFenced) {
      fenced++;
      assertTrue(fenced <= faultsInjected, "a healthy worker was fenced: " + event);
    }
  }

  private void ran(Process process, Deliver delivery) {
    var ownership = new Ownership(delivery.shard(), delivery.epoch());
    Process owner = owners.putIfAbsent(ownership, process);
    if (owner != null && owner != process) {
      fail(ownership + " has two owners: " + owner.name + " and " + process.name);
    }
    int number = Integer.parseInt(delivery.request().id().substring("r-".length()));
    if (repeated.contains(number)) {
      return; // its place in the order is that of its repetition, if its owner has forgotten it
    }
    Integer last = lastRun.put(new OwnedKey(ownership, delivery.request().key()), number);
    if (last != null && last >= number) {
      fail(delivery + " was run after request " + last + " of its key");
    }
  }

  private void answered(Sent request, Outcome outcome) {
    if (outcome instanceof Outcome.Replied replied) {
      Integer last = lastReplied.put(request.request.key(), request.number);
      if (last != null && last > request.number) {
        fail(request.request.id() + " was answered after request " + last + " of its key");
      }
      Process owner = owners.get(new Ownership(replied.shard(), replied.epoch()));
      assertEquals(owner == null ? replied.worker() : owner.name, replied.worker());
      assertTrue(
          replied.reply().endsWith(request.number + "]"), request.request.id() + ": " + replied);
    }
  }

  /** Checks that nothing is lost: every request is replied to, poison apart. */
  void checkAllAnswered() throws InterruptedException {
    for (Sent each : List.copyOf(sent)) {
      switch (each.outcome()) {
        case Outcome.Replied replied -> assertTrue(!each.isPoison());
        case Outcome.GivenUp givenUp -> {
          assertTrue(each.isPoison(), each.request.id() + " was given up");
          assertEquals(REDELIVERIES + 1, victims.get(each.request.id()), each.request.id());
        }
        case Outcome.NotInTime late -> repeat(each);
        default -> fail(each.request.id() + ": " + each.outcome());
      }
    }
    settle();
    for (Sent each : sent) {
      if (!(each.outcome() instanceof Outcome.NotInTime) && !each.isPoison()) {
        assertInstanceOf(Outcome.Replied.class, each.outcome());
      }
    }
  }

  // Workers

  private Launcher.Launched launch(String name, int incarnation) {
    processes.removeIf(each -> each.isDead || (each.isFenced && random.nextInt(3) == 0));
    var process = new Process(name, incarnation);
    processes.add(process);
    return process;
  }

  private static final class Died extends Error {
    private static final long serialVersionUID = 1;
  }

  private static final class Hung extends Error {
    private static final long serialVersionUID = 1;
  }

  /** A worker's process; a fenced one may go on for a while, as a zombie. */
  private final class Process implements Launcher.Launched, Operation {
    final String name;
    final int incarnation;
    final Channel<WorkerCommand> commands = Channel.buffered(SHARDS);
    final Channel<RouterToWorker> work = Channel.buffered(WINDOW);
    final Worker worker;
    private @Nullable Deliver running;
    boolean isStopped;
    boolean isHung;
    boolean isDead;
    boolean isFenced;

    Process(String name, int incarnation) {
      this.name = name;
      this.incarnation = incarnation;
      this.worker =
          new Worker(
              name,
              incarnation,
              new WorkerLinks(commands, work, answers, reports, beats),
              Operations.of(this),
              from -> new MemoryShardStore(1_000, 1_000, 1_000_000, from),
              HEARTBEAT,
              clock);
    }

    @Override
    public SendChannel<WorkerCommand> commands() {
      return commands;
    }

    @Override
    public SendChannel<RouterToWorker> work() {
      return work;
    }

    @Override
    public void cancel() {
      isFenced = true;
    }

    boolean runs() {
      return !isStopped && !isDead;
    }

    void die(Throwable reason) throws InterruptedException {
      isDead = true;
      reports.send(new Report.Ended(name, incarnation, reason));
    }

    /** One turn of the loop in {@link Worker#run}. */
    void step() throws InterruptedException {
      worker.beatIfDue();
      WorkerCommand command = commands.tryReceive();
      if (command != null) {
        worker.handle(command);
      } else if (work.tryReceive() instanceof Deliver delivery) {
        running = delivery;
        try {
          worker.handle(delivery);
        } catch (Hung hung) {
          isStopped = true;
          isHung = true;
        } catch (Died died) {
          die(died);
        }
      }
    }

    @Override
    public String name() {
      return "append";
    }

    /** The state is the list of all requests of the key that have been run, and so is the reply. */
    @Override
    public Ran run(Call call) {
      var delivery = Objects.requireNonNull(running);
      ran(this, delivery);
      if (call.payload().equals(HANG) || call.payload().equals(DIE)) {
        if (!isFenced) {
          faultsInjected++;
          victims.merge(delivery.request().id(), 1, Integer::sum);
        }
        throw call.payload().equals(HANG) ? new Hung() : new Died();
      }
      String list = call.state() == null ? call.payload() : call.state() + "," + call.payload();
      return new Ran("[" + list + "]", list);
    }
  }
}
