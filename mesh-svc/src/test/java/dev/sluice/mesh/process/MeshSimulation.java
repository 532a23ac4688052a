package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.process.SeededScheduler.Machine;
import dev.sluice.mesh.process.SimulatedNetwork.Cable;
import dev.sluice.mesh.store.MemoryShardStore;
import dev.sluice.mesh.store.ScriptedLog;
import dev.sluice.service.Durations;
import dev.sluice.store.EpochClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A whole mesh, the processes that run in production, each on a machine of its own in a simulated
 * network and in virtual time. Their order, the latencies, the faults and the requests all come
 * from one seed. What must never happen is checked while it runs: {@link MeshLaws}.
 */
final class MeshSimulation {
  static final Duration HEARTBEAT = Duration.ofMillis(100);
  private static final Duration STEP = Duration.ofMillis(7);
  private static final Duration SLOWEST = Duration.ofMillis(3);
  private static final Duration LONG = Duration.ofDays(1);
  private static final Duration RESTART = Duration.ofMillis(60);
  private static final Duration IN_THE_END = Duration.ofSeconds(30);

  /** For so long something goes wrong, at most. */
  private static final Duration FAULTY = Duration.ofSeconds(2);

  private static final Duration ASK_AGAIN = HEARTBEAT.multipliedBy(5);
  private static final int SHARDS = 3;
  private static final int KEYS = 8;
  private static final int WINDOW = 4;
  private static final int ROOM = 10_000;
  private static final int BURST = 5;
  private static final String TERMS = "{\"rate\":10,\"per\":\"1s\",\"burst\":" + BURST + "}";
  private static final DurationText TEXT = new DurationText(Durations::parse, Durations::format);

  /** What goes wrong. */
  enum Fault {
    /** A worker's machine stops, and goes on later, perhaps as one that was fenced. */
    STALL,
    /** A worker dies, and is started again. */
    DEATH,
    /** A link breaks. */
    CUT,
    /** A link carries nothing for a while. */
    SILENCE,
    /** A router dies, and is started again with its log. */
    ROUTER_DEATH,
    /** A router stops for a while. */
    ROUTER_STALL,
    /** The supervisor dies, and is started again. */
    SUPERVISOR_DEATH,
    /** The supervisor stops for a while. */
    SUPERVISOR_STALL,
    /** No fault: a worker leaves in good order, and another comes. */
    LEAVE
  }

  /** A request and what became of it. */
  static final class Sent {
    final Request request;
    final RouterNode router;
    final int number;
    @Nullable Outcome outcome;

    /** Whether it was asked again, and so its place in the order is another. */
    boolean isRepeated;

    Sent(Request request, RouterNode router, int number) {
      this.request = request;
      this.router = router;
      this.number = number;
    }
  }

  /** A router's name, whose processes come and go, and its log, which stays. */
  final class RouterNode {
    final RouterAddress address;
    final ScriptedLog log = new ScriptedLog();
    @Nullable Machine machine;
    @Nullable Router router;
    long startAt;

    RouterNode(String name) {
      this.address = new RouterAddress(name, name + ":9084");
      log.isPrompt = false;
    }
  }

  /** A worker's name, whose processes come and go. */
  private static final class WorkerNode {
    final String name;
    @Nullable Machine machine;
    @Nullable Worker worker;
    boolean isLeaving;
    long startAt;

    WorkerNode(String name) {
      this.name = name;
    }
  }

  private final long seed;
  private final RandomGenerator random;
  private final Set<Fault> faults;
  private final String named;
  private final SeededScheduler scheduler;
  private final SimulatedNetwork network;
  final MeshLaws laws = new MeshLaws();

  /** What has happened when, to be read when a seed fails. */
  final List<String> timeline = new ArrayList<>();

  final List<Sent> sent = new ArrayList<>();
  private final List<RouterNode> routers = new ArrayList<>();
  private final List<WorkerNode> workers = new ArrayList<>();
  private final List<Machine> stopped = new ArrayList<>();
  private final List<Cable> held = new ArrayList<>();
  private final Map<String, Integer> granted = new HashMap<>();
  private @Nullable Machine supervisor;
  private long supervisorStartAt;
  private int machines;
  private long askAgainAt;
  int injected;

  MeshSimulation(long seed, int routers, Set<Fault> faults) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.faults = faults.isEmpty() ? EnumSet.noneOf(Fault.class) : EnumSet.copyOf(faults);
    this.named = faults.toString();
    this.scheduler = new SeededScheduler(new SplittableRandom(seed + 1));
    this.network = new SimulatedNetwork(scheduler, random, SLOWEST);
    for (int i = 0; i < routers; i++) {
      this.routers.add(new RouterNode("router-" + i));
    }
    for (int i = 0; i < 3; i++) {
      this.workers.add(new WorkerNode("worker-" + i));
    }
  }

  // What a test does

  /** Sends that many requests while time passes and the faults happen, then lets all end well. */
  void run(int requests) {
    try {
      while (sent.size() < requests) {
        turn();
        if (random.nextInt(3) == 0) {
          send();
        }
        if (time().compareTo(FAULTY) > 0) {
          endFaults();
        } else if (!faults.isEmpty() && random.nextInt(15) == 0) {
          inject();
        }
      }
      settle();
    } catch (AssertionError broken) {
      throw new AssertionError(this + ": " + broken.getMessage(), broken);
    } finally {
      close();
    }
    for (Throwable failure : scheduler.failures()) {
      throw new AssertionError(this + ": a process has failed", failure);
    }
  }

  @Override
  public String toString() {
    return "seed " + seed + ", " + routers.size() + " routers, " + named;
  }

  long switches() {
    return scheduler.switches();
  }

  Duration time() {
    return Duration.ofNanos(scheduler.clock.nanos());
  }

  // Turns

  private void turn() {
    long now = scheduler.clock.nanos();
    startWhatIsDown(now);
    askAgain(now);
    routers.forEach(router -> {
      if (random.nextInt(3) > 0) {
        router.log.commit();
      }
    });
    scheduler.pass(Duration.ofNanos(random.nextLong(STEP.toNanos()) + 1));
    if (laws.broken() != null) {
      throw new AssertionError(laws.broken());
    }
  }

  /** At most so many requests are under way at once, all of them durable. */
  int mostUnderWay = ROOM;

  /** Those who were refused, or lost their router, ask once in a while. */
  private void askAgain(long now) {
    if (now - askAgainAt >= 0) {
      askAgainAt = now + ASK_AGAIN.toNanos();
      sent.stream().filter(each -> each.outcome == null && each.isRepeated).forEach(this::ask);
    }
  }

  private void send() {
    if (sent.stream().filter(each -> each.outcome == null).count() >= mostUnderWay) {
      return;
    }
    RouterNode node = routers.get(random.nextInt(routers.size()));
    int number = sent.size();
    String key = "key-" + random.nextInt(KEYS);
    boolean isDurable = random.nextInt(4) > 0 || mostUnderWay < ROOM;
    var request =
        random.nextInt(4) == 0
            ? new Request("r-" + number, key, "acquire", TERMS, isDurable)
            : new Request("r-" + number, key, "append", Integer.toString(number), isDurable);
    var next = new Sent(request, node, number);
    sent.add(next);
    ask(next);
  }

  private void ask(Sent each) {
    Router router = each.router.router;
    if (router == null) {
      each.isRepeated = true;
      return;
    }
    Reply<Told> reply = router.ask(new Ask(each.request, LONG));
    reply
        .stage()
        .whenComplete((told, failure) -> {
          if (told instanceof Told.Done(Outcome outcome)) {
            each.outcome = outcome;
            answered(each, outcome);
          } else {
            each.isRepeated = true; // refused, or the router has ended: asked again later
          }
        });
  }

  /** Ends all faults and lets time pass until every request has an outcome. */
  private void settle() {
    endFaults();
    long end = scheduler.clock.nanos() + IN_THE_END.toNanos();
    while (!isAllAnswered()) {
      turn();
      if (scheduler.clock.nanos() - end > 0) {
        throw new AssertionError("never answered: " + unanswered());
      }
    }
  }

  private void endFaults() {
    faults.clear();
    stopped.forEach(Machine::proceed);
    stopped.clear();
    held.forEach(cable -> cable.hold(false));
    held.clear();
  }

  private boolean isAllAnswered() {
    return sent.stream().allMatch(each -> each.outcome != null) && unanswered().isEmpty();
  }

  /** What callers, or the logs, still wait for. */
  private List<String> unanswered() {
    var unanswered = new ArrayList<String>();
    for (Sent each : sent) {
      if (each.outcome == null) {
        unanswered.add(each.request.id());
      }
    }
    for (RouterNode router : routers) {
      router.log.content().values().stream()
          .filter(entry -> entry.outcome() == null)
          .forEach(entry -> unanswered.add(entry.request().id() + " in the log"));
    }
    return unanswered;
  }

  private void answered(Sent each, Outcome outcome) {
    if (!(outcome instanceof Outcome.Replied(int shard, String worker, long epoch, String reply))) {
      laws.fail(each.request.id() + " has come to " + outcome);
    } else if (each.request.op().equals("append") && !reply.endsWith(each.number + "]")) {
      laws.fail(each.request.id() + " was answered " + reply);
    }
  }

  // Processes

  private void startWhatIsDown(long now) {
    if (supervisor == null && now - supervisorStartAt >= 0) {
      startSupervisor();
    }
    for (RouterNode node : routers) {
      if (node.machine == null && now - node.startAt >= 0) {
        startRouter(node);
      }
    }
    for (WorkerNode node : workers) {
      if (node.machine == null && now - node.startAt >= 0) {
        startWorker(node);
      }
    }
  }

  private Machine machine(String name) {
    return scheduler.machine(name + "#" + machines++);
  }

  private static HeartbeatMonitor monitor(Scope scope) {
    return HeartbeatMonitor.start(scope, "monitor", Duration.ofHours(1));
  }

  private void startSupervisor() {
    Machine machine = machine("supervisor");
    supervisor = machine;
    var settings =
        new SupervisorSettings(
            SHARDS,
            0,
            0,
            HEARTBEAT,
            true,
            20,
            new SupervisorSettings.Restarts(RESTART, RESTART, ROOM, Duration.ofMinutes(1)));
    machine.run(scope ->
        network.listen(
            machine,
            Supervisor.start(
                scope,
                monitor(scope),
                settings,
                (_, name, _, _) -> {
                  throw new IllegalStateException(name);
                },
                new EpochClock(scheduler.clock),
                this::note,
                laws)));
    scheduler.settle();
  }

  private void startRouter(RouterNode node) {
    Machine machine = machine(node.address.name());
    node.machine = machine;
    var settings =
        new RouterSettings(
            node.address, 0, null, ROOM, ROOM, ROOM, ROOM * 100L, ROOM, ROOM, ROOM * 100L);
    machine.run(scope -> {
      Router started =
          Router.start(
              scope, monitor(scope), settings, node.log, network.from(machine), this::traced);
      node.router = started;
      network.listen(machine, node.address.name(), started);
    });
    scheduler.settle();
  }

  private void startWorker(WorkerNode node) {
    Machine machine = machine(node.name);
    node.machine = machine;
    machine.run(scope ->
        node.worker =
            Worker.start(
                scope,
                null,
                new WorkerSettings(node.name, "built-in", 0, null, WINDOW),
                Operations.of(new Append(scope), new Grants()),
                from -> new MemoryShardStore(1_000, 1_000, 1_000_000, from),
                network.from(machine),
                _ -> ended(node, machine),
                laws));
    scheduler.settle();
  }

  private void ended(WorkerNode node, Machine machine) {
    if (node.machine == machine) {
      node.machine = null;
      node.worker = null;
      node.isLeaving = false;
      node.startAt = scheduler.clock.nanos() + RESTART.toNanos();
    }
  }

  /** All that it was doing is gone, and nobody has been told but by links that break. */
  private void kill(Machine machine) {
    note("kill " + machine);
    network.disconnect(machine);
    machine.cancel();
    machine.proceed();
    stopped.remove(machine);
    scheduler.settle();
  }

  // Faults

  private void inject() {
    var choice = List.copyOf(faults);
    switch (choice.get(random.nextInt(choice.size()))) {
      case STALL -> stopOrProceed(workerMachines());
      case DEATH -> killOne(workerMachines());
      case CUT -> cables(cable -> true, Cable::cut);
      case SILENCE -> holdOrNot();
      case ROUTER_DEATH -> killRouter();
      case ROUTER_STALL -> stopOrProceed(routers.stream().map(node -> node.machine).toList());
      case SUPERVISOR_DEATH -> killSupervisor();
      case SUPERVISOR_STALL -> stopOrProceed(supervisor == null ? List.of() : List.of(supervisor));
      case LEAVE -> leave();
    }
  }

  private List<@Nullable Machine> workerMachines() {
    return workers.stream().map(node -> node.machine).toList();
  }

  private void stopOrProceed(List<@Nullable Machine> machines) {
    if (!stopped.isEmpty() && random.nextInt(3) > 0) {
      stopped.remove(random.nextInt(stopped.size())).proceed();
      note("proceed");
      injected++;
      return;
    }
    Machine victim = machines.isEmpty() ? null : machines.get(random.nextInt(machines.size()));
    if (victim != null && !victim.isStopped()) {
      victim.stop();
      note("stop " + victim);
      stopped.add(victim);
      injected++;
    }
  }

  private void killOne(List<@Nullable Machine> machines) {
    Machine victim = machines.get(random.nextInt(machines.size()));
    if (victim != null) {
      kill(victim);
      injected++;
    }
  }

  private void killRouter() {
    RouterNode node = routers.get(random.nextInt(routers.size()));
    if (node.machine != null) {
      node.router = null;
      Machine victim = node.machine;
      node.startAt = scheduler.clock.nanos() + RESTART.toNanos();
      kill(victim);
      node.machine = null;
      injected++;
    }
  }

  private void killSupervisor() {
    if (supervisor != null) {
      supervisorStartAt =
          scheduler.clock.nanos() + random.nextLong(3 * HEARTBEAT.toNanos()) + RESTART.toNanos();
      kill(supervisor);
      supervisor = null;
      injected++;
    }
  }

  private void traced(Slice slice, MeshStep step) {
    note(slice + " " + step);
    laws.step(slice, step);
  }

  private void note(Object what) {
    timeline.add(time().toMillis() + "ms " + what);
  }

  private void cables(Predicate<Cable> which, Consumer<Cable> what) {
    List<Cable> there = network.cables(which);
    if (!there.isEmpty()) {
      what.accept(there.get(random.nextInt(there.size())));
      injected++;
    }
  }

  private void holdOrNot() {
    if (!held.isEmpty() && random.nextInt(3) > 0) {
      held.remove(random.nextInt(held.size())).hold(false);
      note("unhold");
      return;
    }
    cables(
        cable -> true,
        cable -> {
          cable.hold(true);
          note("hold " + cable.kind + " " + cable.from + " " + cable.to);
          held.add(cable);
        });
  }

  private void leave() {
    WorkerNode node = workers.get(random.nextInt(workers.size()));
    if (node.worker != null && !node.isLeaving) {
      node.isLeaving = true;
      node.worker.leave();
      injected++;
    }
  }

  private void close() {
    network.close();
    scheduler.close();
  }

  // Operations

  /** The state is the list of all requests of the key that have been run, and so is the reply. */
  private final class Append implements Operation {
    private final Channel<Boolean> pause;

    Append(Scope scope) {
      this.pause = scope.channel("pause", 0);
    }

    @Override
    public String name() {
      return "append";
    }

    @Override
    public Ran run(Call call) throws InterruptedException {
      if (random.nextInt(4) == 0) {
        pause.tryReceive(Duration.ofMillis(random.nextInt(4)));
      }
      String list = call.state() == null ? call.payload() : call.state() + "," + call.payload();
      return new Ran("[" + list + "]", list);
    }
  }

  /** Acquire, and whether all workers together have granted too much ever. */
  private final class Grants implements Operation {
    private final Operation acquire = new Acquire(TEXT, Caution.EMPTY);

    @Override
    public String name() {
      return "acquire";
    }

    @Override
    public Ran run(Call call) throws InterruptedException {
      Ran ran = acquire.run(call);
      if (ran.reply().startsWith("{\"allowed\":true")) {
        int all = granted.merge(call.key(), 1, Integer::sum);
        long most = BURST + time().toMillis() / 100;
        if (all > most) {
          laws.fail(call.key() + " was granted " + all + ", " + most + " were there");
        }
      }
      return ran;
    }
  }
}
