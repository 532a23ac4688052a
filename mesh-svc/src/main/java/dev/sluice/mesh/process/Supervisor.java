package dev.sluice.mesh.process;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.mesh.process.Launcher.Launched;
import dev.sluice.mesh.store.ShardState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Decides which worker owns which shard, and heals: a worker that has missed two heartbeats or has
 * died is fenced, its shards are given to others, and it is started again.
 *
 * <p>A shard moves in steps, so that no two workers ever own it in one epoch: it is asked back from
 * its owner, who hands its state over; it is given to the next with that state and a higher epoch;
 * when that one says that it has it, the router learns. A fenced owner is not asked: it keeps its
 * old epoch, under which nobody listens to it any more.
 */
final class Supervisor {
  private static final int BATCH = 256;

  private final MeshSettings settings;
  private final Launcher launcher;
  private final ReceiveChannel<Beat> beats;
  private final ReceiveChannel<Report> inbox;
  private final SendChannel<RouterCommand> router;
  private final Consumer<? super MeshEvent> events;
  private final Clock clock;
  private final long heartbeat;

  // What one round takes in.
  private final List<Beat> newBeats = new ArrayList<>();
  private final List<Report> newReports = new ArrayList<>();

  private final SequencedMap<String, Ward> wards = new LinkedHashMap<>();
  private final List<Holding> holdings;
  private long reassignments;

  /** When the next round is due at the latest. */
  private long expected;

  private boolean isEnding;

  /**
   * @param beats from the workers
   * @param inbox from workers, their wardens, the router and the edge
   * @param events learns what happens, on this process; must not wait
   */
  Supervisor(
      MeshSettings settings,
      Launcher launcher,
      ReceiveChannel<Beat> beats,
      ReceiveChannel<Report> inbox,
      SendChannel<RouterCommand> router,
      Consumer<? super MeshEvent> events,
      Clock clock) {
    this.settings = settings;
    this.launcher = launcher;
    this.beats = beats;
    this.inbox = inbox;
    this.router = router;
    this.events = events;
    this.clock = clock;
    this.heartbeat = settings.heartbeat().toNanos();
    this.holdings = IntStream.range(0, settings.shards()).mapToObj(Holding::new).toList();
    this.expected = clock.nanos();
    settings.workerNames().forEach(name -> wards.put(name, new Ward(name, clock.nanos())));
  }

  /** Runs until the router has drained; then it ends the workers. */
  void run(Heartbeat heart) throws InterruptedException {
    var select = Select.prioritised(clock);
    var beat = select.receive(beats);
    var report = select.receive(inbox);
    var due = select.after(Duration.ZERO);
    while (!isEnding) {
      var happened = select.await();
      if (happened == beat) {
        newBeats.add(beat.value());
      } else if (happened == report) {
        newReports.add(report.value());
      }
      due.in(earlier(round(), heart.interval()));
      heart.beat();
    }
  }

  /**
   * Handles all that is there now: the beats, what is due by time, the reports.
   *
   * @return how long until there is something to do by time
   */
  Duration round() throws InterruptedException {
    beats.drainTo(newBeats, Integer.MAX_VALUE);
    inbox.drainTo(newReports, BATCH);
    forgiveOwnDelay();
    for (Beat beat : newBeats) {
      handle(beat);
    }
    newBeats.clear();
    doDue();
    for (Report report : newReports) {
      handle(report);
    }
    newReports.clear();
    Duration untilDue = untilDue();
    expected = clock.nanos() + untilDue.toNanos();
    return untilDue;
  }

  // Heartbeats

  /**
   * When the supervisor itself comes late (a pause of the whole JVM, say), the workers may have
   * been held up by the same thing: each gets one more interval before it is judged.
   */
  private void forgiveOwnDelay() {
    long now = clock.nanos();
    if (now - expected > heartbeat / 2) {
      for (Ward ward : wards.values()) {
        if (now - heartbeat - ward.lastBeat > 0) {
          ward.lastBeat = now - heartbeat;
        }
      }
    }
  }

  private void handle(Beat beat) throws InterruptedException {
    Ward ward = ward(beat.worker());
    if (ward.is(beat.incarnation())) {
      ward.lastBeat = clock.nanos();
      if (ward.state == WorkerState.STARTING) {
        ward.state = WorkerState.LIVE;
        settleAll();
      }
    }
  }

  private void doDue() throws InterruptedException {
    long now = clock.nanos();
    boolean started = false;
    for (Ward ward : wards.values()) {
      if (ward.runs() && now - stuckAt(ward) >= 0) {
        fence(ward, "missed " + HeartbeatMonitor.MISSED_BEATS + " heartbeats");
      } else if (ward.state == WorkerState.RESTARTING && now - ward.restartAt >= 0) {
        start(ward);
        started = true;
      }
    }
    if (started) {
      settleAll();
    }
  }

  private Duration untilDue() {
    long now = clock.nanos();
    long next = now + heartbeat;
    for (Ward ward : wards.values()) {
      if (ward.runs()) {
        next = earlier(next, stuckAt(ward));
      } else if (ward.state == WorkerState.RESTARTING) {
        next = earlier(next, ward.restartAt);
      }
    }
    return Duration.ofNanos(Math.max(0, next - now));
  }

  private long stuckAt(Ward ward) {
    return ward.lastBeat + HeartbeatMonitor.MISSED_BEATS * heartbeat;
  }

  // Workers

  private void start(Ward ward) throws InterruptedException {
    ward.incarnation++;
    ward.state = WorkerState.STARTING;
    ward.lastBeat = clock.nanos();
    Launched process = launcher.launch(ward.name, ward.incarnation);
    ward.process = process;
    router.send(new RouterCommand.Attach(ward.name, ward.incarnation, process.work()));
    events.accept(new MeshEvent.WorkerStarted(ward.name, ward.incarnation));
  }

  private void fence(Ward ward, String reason) throws InterruptedException {
    Objects.requireNonNull(ward.process).cancel();
    ward.process = null;
    ward.reason = reason;
    router.send(new RouterCommand.Detach(ward.name, ward.incarnation));
    ward.planRestart(settings.restarts(), clock.nanos());
    events.accept(new MeshEvent.WorkerFenced(ward.name, ward.incarnation, reason, ward.state));
    for (Holding holding : holdings) {
      if (holding.holder == ward) {
        holding.lost();
      }
    }
    settleAll();
    if (wards.values().stream().allMatch(each -> each.state == WorkerState.OUT_OF_SERVICE)) {
      router.send(new RouterCommand.GiveUp());
    }
  }

  private void handle(Report report) throws InterruptedException {
    switch (report) {
      case Report.Owned(String worker, int incarnation, int shard, long epoch) -> {
        Holding holding = holdings.get(shard);
        if (isHolder(holding, worker, incarnation, epoch)) {
          holding.taken();
          router.send(new RouterCommand.Route(shard, worker, epoch));
          events.accept(new MeshEvent.ShardOwned(shard, worker, epoch));
          settle(holding);
        }
      }
      case Report.Released(
              String worker,
              int incarnation,
              int shard,
              long epoch,
              ShardState state) -> {
        Holding holding = holdings.get(shard);
        if (isHolder(holding, worker, incarnation, epoch)) {
          holding.released(state);
          settle(holding);
        }
      }
      case Report.Ended(String worker, int incarnation, Throwable failure) -> {
        Ward ward = ward(worker);
        if (ward.is(incarnation)) {
          fence(ward, failure == null ? "ended" : "died: " + failure);
        }
      }
      case Report.Drained() -> {
        isEnding = true;
        for (Ward ward : wards.values()) {
          if (ward.process != null) {
            ward.process.cancel();
          }
        }
      }
      case Report.Look(Reply<SupervisorView> reply) -> reply.complete(view());
    }
  }

  // Shards

  private boolean isHolder(Holding holding, String worker, int incarnation, long epoch) {
    Ward ward = ward(worker);
    return holding.holder == ward && ward.is(incarnation) && holding.epoch == epoch;
  }

  private void settleAll() {
    for (Holding holding : holdings) {
      settle(holding);
    }
  }

  /** Takes the next step to where the shard belongs; those that wait for a report come later. */
  private void settle(Holding holding) {
    var candidates = wards.values().stream().filter(Ward::isCandidate).map(ward -> ward.name);
    Ward best = Rendezvous.owner(holding.shard, candidates.toList()).map(this::ward).orElse(null);
    if (best == null || best == holding.holder) {
      return;
    }
    switch (holding.phase) {
      case FREE -> {
        holding.giveTo(best);
        if (holding.epoch > 1) {
          reassignments++;
        }
        command(best, new WorkerCommand.Own(holding.shard, holding.epoch, holding.state));
      }
      case OWNED -> {
        Ward holder = Objects.requireNonNull(holding.holder);
        holding.recall();
        command(holder, new WorkerCommand.Release(holding.shard, holding.epoch));
      }
      case GIVEN, RECALLED -> {}
    }
  }

  private void command(Ward ward, WorkerCommand command) {
    if (!Objects.requireNonNull(ward.process).commands().trySend(command)) {
      throw new IllegalStateException(
          "the link to " + ward.name + " has no room for one command a shard");
    }
  }

  private Ward ward(String worker) {
    return Objects.requireNonNull(wards.get(worker), worker);
  }

  // From outside

  private SupervisorView view() {
    long now = clock.nanos();
    return new SupervisorView(
        holdings.stream().map(Supervisor::view).toList(),
        wards.values().stream().map(ward -> view(ward, now)).toList(),
        reassignments);
  }

  private static SupervisorView.Shard view(Holding holding) {
    Ward holder = holding.phase == Holding.Phase.OWNED ? holding.holder : null;
    return new SupervisorView.Shard(
        holding.shard, holder == null ? null : holder.name, holding.epoch);
  }

  private static SupervisorView.Worker view(Ward ward, long now) {
    return new SupervisorView.Worker(
        ward.name,
        ward.state,
        ward.runs() ? Duration.ofNanos(now - ward.lastBeat) : null,
        ward.restarts(),
        ward.reason);
  }

  private static Duration earlier(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static long earlier(long a, long b) {
    return a - b < 0 ? a : b;
  }
}
