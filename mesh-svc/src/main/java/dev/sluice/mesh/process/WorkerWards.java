package dev.sluice.mesh.process;

import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.mesh.model.WorkerState;
import dev.sluice.mesh.process.Launcher.Kind;
import dev.sluice.mesh.process.Launcher.Launched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The workers in the supervisor's care: who may join, whose process counts, when one is fenced and
 * started again. Owned by the supervisor.
 */
final class WorkerWards {
  /** How long a worker that is gone, and nobody here starts again, is remembered. */
  static final Duration REMEMBERED = Duration.ofHours(1);

  /** A worker that does not say that it has a shard may need that long to take in its state. */
  private static final int PATIENCE = 10;

  private final SupervisorSettings settings;
  private final Launcher launcher;
  private final Clock clock;
  private final Numbers numbers;
  private final Intake intake;
  private final Consumer<MeshEvent> events;
  private final SortedMap<String, Ward> wards;
  private final Holdings holdings;
  private final RouterWards routers;
  private final long gathersUntil;
  private final long heartbeat;

  /** How long after its last beat a worker is stuck, and its lease over. */
  private final long lease;

  /** Links that have been told their last word, and when they are cut. */
  private final Map<Outbox<WorkerOrder>, Long> parting = new LinkedHashMap<>();

  private boolean isAnyLive;
  private long liveSince;

  /** Whether nobody who is not known may join. */
  private boolean isClosed;

  /** Whether those that are launched are to end. */
  private boolean isEnding;

  /**
   * @param wards the workers there are, by name; changed here only
   * @param gathersUntil when to launch those that nobody else has launched
   */
  WorkerWards(
      SupervisorSettings settings,
      Launcher launcher,
      Clock clock,
      Numbers numbers,
      Intake intake,
      Consumer<MeshEvent> events,
      SortedMap<String, Ward> wards,
      Holdings holdings,
      RouterWards routers,
      long gathersUntil) {
    this.settings = settings;
    this.launcher = launcher;
    this.clock = clock;
    this.numbers = numbers;
    this.intake = intake;
    this.events = events;
    this.wards = wards;
    this.holdings = holdings;
    this.routers = routers;
    this.gathersUntil = gathersUntil;
    this.heartbeat = settings.heartbeat().toNanos();
    this.lease = HeartbeatMonitor.MISSED_BEATS * heartbeat;
    for (int i = 0; i < settings.workers(); i++) {
      var ward = new Ward("worker-" + i, new Launching(gathersUntil));
      wards.put(ward.name, ward);
    }
  }

  // What they say

  /**
   * A sign of life.
   *
   * @return whether it is to be acknowledged
   */
  boolean beaten(Beat beat, Link<BeatAck, Beat> link) {
    Ward ward = wards.get(beat.member());
    if (ward == null || !ward.is(beat.incarnation())) {
      return false;
    }
    ward.beaten(clock.nanos());
    ward.beats = link;
    if (ward.state == WorkerState.STARTING) {
      lives(ward);
      holdings.settleAll();
    }
    return ward.mayHold(clock.nanos());
  }

  /** The acknowledgement is on its way. */
  void acknowledged(Beat beat) {
    Ward ward = wards.get(beat.member());
    if (ward != null && ward.is(beat.incarnation())) {
      ward.leaseUntil = clock.nanos() + lease;
    }
  }

  private void lives(Ward ward) {
    ward.state = WorkerState.LIVE;
    if (!isAnyLive) {
      isAnyLive = true;
      liveSince = clock.nanos();
    }
  }

  /** Nobody is judged for the next interval. */
  void forgive() {
    long now = clock.nanos();
    for (Ward ward : wards.values()) {
      if (now - heartbeat - ward.judgedFrom > 0) {
        ward.judgedFrom = now - heartbeat;
      }
    }
  }

  void says(Outbox<WorkerOrder> from, WorkerReport report) {
    Ward ward = find(from);
    if (ward == null) {
      return;
    }
    ward.lastReport = clock.nanos();
    switch (report) {
      case WorkerReport.Owned(int shard, long epoch) -> holdings.owned(ward, shard, epoch);
      case WorkerReport.Released(int shard, long epoch, ShardState state) -> {
        if (!holdings.released(ward, shard, epoch, state)) {
          fence(ward, "let go of shard " + shard + ", which nobody had asked back", false);
        }
      }
      case WorkerReport.Leaving() -> {
        ward.state = WorkerState.LEAVING;
        holdings.settleAll();
      }
    }
  }

  void hangsUp(Outbox<WorkerOrder> link) {
    parting.remove(link);
    link.cut();
    Ward ward = find(link);
    if (ward != null) {
      ward.unlink(clock.nanos());
    }
  }

  private @Nullable Ward find(Outbox<WorkerOrder> link) {
    return wards.values().stream().filter(ward -> ward.orders == link).findFirst().orElse(null);
  }

  // Joining

  void join(WorkerJoin join, Link<WorkerOrder, WorkerReport> link) {
    var orders = new Outbox<WorkerOrder>(link, Outbox.room(settings));
    Ward ward = wards.get(join.name());
    String refusal = refusal(join, ward);
    if (refusal != null) {
      orders.end(new WorkerOrder.Refused(refusal));
    } else if (ward != null && Admission.isFencedAlready(join, ward)) {
      orders.end(new WorkerOrder.Fenced(Objects.requireNonNullElse(ward.reason, "replaced")));
    } else {
      admit(join, ward == null ? add(join.name()) : ward, orders);
      read(join.name(), link, orders);
    }
  }

  private void read(String name, Link<WorkerOrder, WorkerReport> link, Outbox<WorkerOrder> orders) {
    intake.read(
        "supervisor.worker." + name,
        link.in(),
        report -> new SupervisorMessage.WorkerSays(orders, report),
        new SupervisorMessage.WorkerHangsUp(orders));
  }

  private @Nullable String refusal(WorkerJoin join, @Nullable Ward ward) {
    String problem = Admission.problem(join, settings);
    if (problem != null) {
      return problem;
    }
    if (isClosed && ward == null) {
      return "the mesh is ending";
    }
    if (ward == null && wards.size() >= settings.members() && !forgetOne()) {
      return "there are " + settings.members() + " workers, the most there may be";
    }
    boolean isAlone =
        wards.values().stream()
            .noneMatch(each -> each != ward && each.isPresent && each.group.equals(join.group()));
    String contradiction = Admission.contradiction(join, holdings.groups(), isAlone);
    if (contradiction != null) {
      return contradiction;
    }
    return ward == null ? null : Admission.taken(join, ward);
  }

  private Ward add(String name) {
    var ward = new Ward(name, null);
    wards.put(name, ward);
    return ward;
  }

  private void admit(WorkerJoin join, Ward ward, Outbox<WorkerOrder> orders) {
    boolean isAgain = ward.is(join.incarnation());
    if (ward.isPresent && !isAgain) {
      replace(ward, join);
    }
    long now = clock.nanos();
    String before = ward.group;
    if (ward.orders != null) {
      ward.orders.cut();
    }
    ward.orders = orders;
    ward.pid = join.pid();
    ward.lastReport = now;
    ward.strays.clear();
    if (!isAgain) {
      begin(join, ward, now);
    }
    orders.send(new WorkerOrder.Welcome(ward.id(), settings.heartbeat()), now);
    orders.send(new WorkerOrder.Routers(routers.addresses()), now);
    events.accept(new MeshEvent.WorkerJoined(ward.id(), ward.group, ward.pid));
    if (!ward.group.equals(before)) {
      forgetIfEmpty(before);
    }
    holdings.join(ward.group, join.ops());
    if (join.incarnation() > 0) {
      holdings.compare(ward, join.holds(), !isAgain);
    }
    holdings.settleAll();
  }

  /** The launched process is not ended when it is the one that joins: it had no welcome. */
  private void replace(Ward ward, WorkerJoin join) {
    Launching launching = ward.launching;
    Launched joining =
        launching != null && launching.launch == join.launch() ? launching.process : null;
    if (launching != null && joining != null) {
      launching.process = null;
    }
    fence(ward, "replaced by a later process of the name", false);
    if (launching != null && joining != null) {
      launching.process = joining;
    }
  }

  /** A process that is new here: a new one, or one that had joined an earlier supervisor. */
  private void begin(WorkerJoin join, Ward ward, long now) {
    boolean isNew = join.incarnation() == 0;
    numbers.above(Math.max(join.incarnation(), join.launch()));
    ward.isPresent = true;
    ward.incarnation = isNew ? numbers.next() : join.incarnation();
    ward.group = join.group();
    ward.launch = join.launch();
    ward.beaten(now);
    ward.leaseUntil = isNew ? now : gathersUntil;
    ward.leaseFrom = now;
    if (isNew) {
      ward.state = WorkerState.STARTING;
    } else {
      lives(ward);
    }
    if (ward.launching != null && ward.launching.process == null) {
      adopt(ward, ward.launching);
    }
  }

  /** An earlier supervisor has launched it. */
  private void adopt(Ward ward, Launching launching) {
    launching.launch = ward.launch;
    if (ward.pid != null) {
      launching.process =
          launcher.adopt(Kind.WORKER, ward.name, ward.launch, ward.pid, ended(ward, ward.launch));
    }
  }

  private Consumer<String> ended(Ward ward, long launch) {
    return reason ->
        intake.bring(new SupervisorMessage.Ended(Kind.WORKER, ward.name, launch, reason));
  }

  // Healing

  private void start(Ward ward, Launching launching) {
    ward.state = WorkerState.STARTING;
    long launch = numbers.next();
    launching.start(launcher, Kind.WORKER, ward.name, launch, clock.nanos(), ended(ward, launch));
  }

  /**
   * The worker's process counts no more.
   *
   * @param isDead whether it surely does nothing any more
   */
  private void fence(Ward ward, String reason, boolean isDead) {
    long now = clock.nanos();
    holdings.fenced(ward, isDead ? now : ward.leaseUntil);
    routers.tell(new RouterOrder.Fence(ward.id()));
    if (ward.orders != null) {
      ward.orders.end(new WorkerOrder.Fenced(reason));
      parting.put(ward.orders, now + lease);
      ward.unlink(now);
    }
    if (ward.beats != null) {
      ward.beats.cut().run(); // it may never read nor end it
      ward.beats = null;
    }
    ward.isPresent = false;
    ward.strays.clear();
    fail(ward, reason, now - ward.lastBeat);
    holdings.settleAll();
    giveUpIfNobodyComes(ward.group);
  }

  /** There is no process of it any more that counts. */
  private void fail(Ward ward, String reason, long silent) {
    long now = clock.nanos();
    ward.reason = reason;
    Launching launching = ward.launching;
    if (launching == null || isEnding) {
      ward.state = WorkerState.GONE;
      ward.goneSince = now;
    } else {
      boolean isTooOften = launching.failed(settings.restarts(), now);
      ward.state = isTooOften ? WorkerState.OUT_OF_SERVICE : WorkerState.RESTARTING;
    }
    events.accept(
        new MeshEvent.WorkerFenced(ward.id(), reason, Duration.ofNanos(silent), ward.state));
    if (ward.state == WorkerState.OUT_OF_SERVICE) {
      events.accept(new MeshEvent.WorkerOutOfService(ward.name, reason));
    }
    if (launching != null && launching.process != null) {
      launching.process.kill();
      launching.process = null;
    }
  }

  private void giveUpIfNobodyComes(String group) {
    if (group.isEmpty()) { // it has never joined, and could have been of any
      holdings.groups().forEach(each -> giveUpIfNobodyComes(each.name()));
      return;
    }
    boolean isOutOfService = false;
    for (Ward ward : wards.values()) {
      if (ward.group.equals(group) && ward.state == WorkerState.OUT_OF_SERVICE) {
        isOutOfService = true;
      } else if (mayServe(ward, group)) {
        return;
      }
    }
    if (isOutOfService) {
      holdings.giveUp(group);
    }
  }

  private static boolean mayServe(Ward ward, String group) {
    boolean isOrWillBe =
        ward.group.equals(group) || (ward.launching != null && ward.group.isEmpty());
    return isOrWillBe && ward.state != WorkerState.GONE && ward.state != WorkerState.OUT_OF_SERVICE;
  }

  /** A launched process has surely ended. */
  void ended(String name, long launch, String reason) {
    Ward ward = wards.get(name);
    Launching launching = ward == null ? null : ward.launching;
    if (launching == null) {
      return;
    }
    boolean isPresent = launching.launch == launch;
    if (isPresent) {
      launching.process = null;
    }
    if (ward.isPresent && ward.launch == launch) {
      fence(ward, reason, true);
    } else if (isPresent && ward.state == WorkerState.STARTING) {
      fail(ward, reason + ", before it had joined", 0);
      giveUpIfNobodyComes(ward.group);
    } else if (ward.launch == launch) {
      holdings.died(ward.id());
    }
  }

  // Time

  /** Fences, starts and forgets what is due. */
  void doDue() {
    long now = clock.nanos();
    for (Ward ward : List.copyOf(wards.values())) {
      doDue(ward, now);
    }
    parting
        .entrySet()
        .removeIf(link -> {
          boolean isDue = now - link.getValue() >= 0;
          if (isDue) {
            link.getKey().cut();
          }
          return isDue;
        });
  }

  private void doDue(Ward ward, long now) {
    if (ward.isPresent) {
      String reason = reasonToFence(ward, now);
      if (reason != null) {
        fence(ward, reason, false);
      } else if (ward.state == WorkerState.LEAVING && !holdings.holdsAny(ward)) {
        leaves(ward);
      }
    } else if (ward.launching != null) {
      launchIfDue(ward, ward.launching, now);
    } else if (now - ward.goneSince >= REMEMBERED.toNanos()) {
      forget(ward);
    }
  }

  private @Nullable String reasonToFence(Ward ward, long now) {
    if (now - ward.judgedFrom >= lease) {
      return "missed " + HeartbeatMonitor.MISSED_BEATS + " heartbeats";
    }
    if (!ward.isLinked()) {
      return now - ward.unlinkedSince >= lease ? "has no control link" : null;
    }
    boolean isStraying =
        !ward.strays.isEmpty() && now - later(ward.strayedAt, ward.lastReport) >= lease;
    if (isStraying || owesSince(ward, Holding.Phase.RECALLED, now) >= lease) {
      return "does not let go of a shard";
    }
    return owesSince(ward, Holding.Phase.GIVEN, now) >= PATIENCE * heartbeat
        ? "does not take a shard"
        : null;
  }

  /** For how long it has owed an answer and said nothing. */
  private long owesSince(Ward ward, Holding.Phase phase, long now) {
    Holding owed = holdings.owed(ward, phase);
    return owed == null ? 0 : now - later(owed.toldAt, ward.lastReport);
  }

  private void launchIfDue(Ward ward, Launching launching, long now) {
    if (ward.state == WorkerState.RESTARTING && now - launching.startAt >= 0 && !isEnding) {
      start(ward, launching);
    } else if (ward.state == WorkerState.STARTING
        && now - launching.startedAt >= Launching.JOINS_WITHIN.toNanos()) {
      fail(ward, "has not joined", now - launching.startedAt);
      giveUpIfNobodyComes(ward.group);
    }
  }

  /** All that it held has been handed over; its process ends by itself. */
  private void leaves(Ward ward) {
    Launching launching = ward.launching;
    Launched process = launching == null ? null : launching.process;
    if (launching != null) {
      launching.process = null;
    }
    fence(ward, "left", true);
    if (launching != null && isEnding) {
      launching.process = process; // whose end is waited for
    }
  }

  /** When next something is due; {@code latest} if nothing is before. */
  long nextDue(long latest) {
    long next = latest;
    for (Ward ward : wards.values()) {
      if (ward.isPresent) {
        next = earlier(next, fenceAt(ward));
      } else if (ward.state == WorkerState.RESTARTING && ward.launching != null) {
        next = earlier(next, ward.launching.startAt);
      }
    }
    return next;
  }

  private long fenceAt(Ward ward) {
    long at = ward.judgedFrom + lease;
    if (!ward.isLinked()) {
      return earlier(at, ward.unlinkedSince + lease);
    }
    Holding recalled = holdings.owed(ward, Holding.Phase.RECALLED);
    return recalled == null ? at : earlier(at, later(recalled.toldAt, ward.lastReport) + lease);
  }

  // Beginning

  /** Whether any has been alive. */
  boolean isAnyLive() {
    return isAnyLive;
  }

  /** Since when. */
  long liveSince() {
    return liveSince;
  }

  /** Whether all that are launched are alive, or have failed to be. */
  boolean areAssembled() {
    return wards.values().stream().allMatch(WorkerWards::isAssembled);
  }

  private static boolean isAssembled(Ward ward) {
    return ward.launching == null || ward.state == WorkerState.LIVE || ward.launching.hasFailed();
  }

  // Those who are gone

  /** Makes room for one more worker. */
  private boolean forgetOne() {
    return wards.values().stream()
        .filter(ward -> ward.state == WorkerState.GONE && ward.launching == null)
        .min(Comparator.comparingLong(ward -> ward.goneSince - clock.nanos()))
        .map(ward -> {
          forget(ward);
          return ward;
        })
        .isPresent();
  }

  private void forget(Ward ward) {
    wards.remove(ward.name);
    forgetIfEmpty(ward.group);
  }

  private void forgetIfEmpty(String group) {
    if (wards.values().stream().noneMatch(ward -> ward.group.equals(group))) {
      holdings.forget(group);
    }
  }

  // Orders

  void tell(WorkerOrder order) {
    long now = clock.nanos();
    wards.values().forEach(ward -> ward.tell(order, now));
  }

  /** Sends what waits; a link that takes nothing is cut. */
  void flush() {
    long now = clock.nanos();
    for (Ward ward : wards.values()) {
      if (ward.orders != null) {
        ward.orders.flush(now);
        if (ward.orders.isLost(now, lease)) {
          ward.orders.cut();
          ward.unlink(now);
        }
      }
    }
  }

  boolean isWaiting() {
    return wards.values().stream().anyMatch(ward -> ward.orders != null && ward.orders.isWaiting());
  }

  // The end

  /** Nobody else is to join. */
  void close() {
    isClosed = true;
  }

  /** Asks the launched ones to end. */
  void stop() {
    isEnding = true;
    launched().forEach(Launched::stop);
  }

  /** Whether all launched ones have ended. */
  boolean haveEnded() {
    return launched().isEmpty();
  }

  /** Ends the launched ones at once. */
  void kill() {
    launched().forEach(Launched::kill);
  }

  private List<Launched> launched() {
    var launched = new ArrayList<Launched>();
    for (Ward ward : wards.values()) {
      if (ward.launching != null && ward.launching.process != null) {
        launched.add(ward.launching.process);
      }
    }
    return launched;
  }

  /** Breaks all links. */
  void cut() {
    parting.keySet().forEach(Outbox::cut);
    wards.values().stream().map(ward -> ward.orders).filter(Objects::nonNull).forEach(Outbox::cut);
  }

  // From outside

  /** A process of the machine is stopped; another is told to do nothing. */
  boolean stall(String worker, Duration time) {
    Ward ward = wards.get(worker);
    if (ward == null || !ward.isPresent) {
      return false;
    }
    Launching launching = ward.launching;
    if (launching != null && launching.process != null && ward.pid != null) {
      launching.process.stall(time);
      return true;
    }
    ward.tell(new WorkerOrder.Stall(time), clock.nanos());
    return ward.isLinked();
  }

  boolean kill(String worker) {
    Ward ward = wards.get(worker);
    if (ward == null
        || !ward.isPresent
        || ward.launching == null
        || ward.launching.process == null) {
      return false;
    }
    ward.launching.process.kill();
    return true;
  }

  List<MeshView.Worker> view() {
    long now = clock.nanos();
    return wards.values().stream().map(ward -> view(ward, now)).toList();
  }

  private static MeshView.Worker view(Ward ward, long now) {
    return new MeshView.Worker(
        ward.name,
        ward.group,
        ward.state,
        ward.incarnation,
        ward.isPresent ? ward.pid : null,
        ward.isPresent ? Duration.ofNanos(now - ward.lastBeat) : null,
        ward.launching == null ? 0 : ward.launching.restarts(),
        ward.reason);
  }

  private static long earlier(long a, long b) {
    return a - b < 0 ? a : b;
  }

  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }
}
