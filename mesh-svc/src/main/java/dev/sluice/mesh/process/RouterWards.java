package dev.sluice.mesh.process;

import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.process.Launcher.Kind;
import dev.sluice.mesh.process.Launcher.Launched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The routers in the supervisor's care. They are never out of service, for they hold requests that
 * were accepted; and not hurried, for to end one loses those that are not durable.
 */
final class RouterWards {
  /** How many heartbeats a router may be silent or without a link. */
  static final int PATIENCE = 10;

  private final SupervisorSettings settings;
  private final Launcher launcher;
  private final Clock clock;
  private final Numbers numbers;
  private final Intake intake;
  private final Consumer<MeshEvent> events;
  private final long heartbeat;
  private final SortedMap<String, RouterWard> routers = new TreeMap<>();
  private List<RouterAddress> told = List.of();
  private boolean hasJoined;
  private boolean isEnding;

  /**
   * @param startAt when to launch those that nobody else has launched
   */
  RouterWards(
      SupervisorSettings settings,
      Launcher launcher,
      Clock clock,
      Numbers numbers,
      Intake intake,
      Consumer<MeshEvent> events,
      long startAt) {
    this.settings = settings;
    this.launcher = launcher;
    this.clock = clock;
    this.numbers = numbers;
    this.intake = intake;
    this.events = events;
    this.heartbeat = settings.heartbeat().toNanos();
    for (int i = 0; i < settings.routers(); i++) {
      var ward = new RouterWard("router-" + i, new Launching(startAt));
      routers.put(ward.name, ward);
    }
  }

  // Joining

  /**
   * A router has dialled.
   *
   * <p>One that cannot join is cut off.
   *
   * @param told takes in what it knows
   * @param news what it has to know
   */
  void join(
      RouterJoin join,
      Link<RouterOrder, RouterReport> link,
      Runnable told,
      Supplier<List<RouterOrder>> news) {
    RouterWard ward = admit(join);
    if (ward == null) {
      link.cut().run();
      return;
    }
    if (ward.orders != null) {
      ward.orders.cut();
    }
    ward.address = join.address();
    ward.launch = join.launch();
    ward.pid = join.pid();
    ward.hasJoined = true;
    ward.isDrained = false;
    ward.lastBeat = clock.nanos();
    told.run();
    var orders = new Outbox<RouterOrder>(link, Outbox.room(settings));
    ward.orders = orders;
    intake.read(
        "supervisor.router." + ward.name,
        link.in(),
        report -> new SupervisorMessage.RouterSays(orders, report),
        new SupervisorMessage.RouterHangsUp(orders));
    ward.tell(new RouterOrder.Welcome(settings.heartbeat(), settings.shards()), clock.nanos());
    news.get().forEach(order -> ward.tell(order, clock.nanos()));
    hasJoined = true;
    events.accept(new MeshEvent.RouterJoined(ward.name, join.address().target(), join.pid()));
  }

  private @Nullable RouterWard admit(RouterJoin join) {
    if (Admission.problem(join, settings) != null) {
      return null;
    }
    String name = join.address().name();
    RouterWard ward = routers.get(name);
    if (ward == null) {
      return routers.size() < settings.members() && !isEnding ? add(name) : null;
    }
    if (ward.launching != null) {
      return isLaunched(ward.launching, ward, join) ? ward : null;
    }
    boolean isOther = ward.isLinked() && !ward.is(join) && join.launch() <= ward.launch;
    return isOther && !isSilent(ward) ? null : ward;
  }

  private RouterWard add(String name) {
    var ward = new RouterWard(name, null);
    routers.put(name, ward);
    return ward;
  }

  /** Whether it is the present process; or one that a supervisor before has launched. */
  private boolean isLaunched(Launching launching, RouterWard ward, RouterJoin join) {
    if (launching.process != null) {
      return join.launch() == launching.launch && !ward.isKilled;
    }
    if (join.launch() <= launching.launch && !ward.is(join)) {
      return false;
    }
    launching.launch = join.launch();
    numbers.above(join.launch());
    if (join.pid() != null) {
      launching.process =
          launcher.adopt(
              Kind.ROUTER, ward.name, join.launch(), join.pid(), ended(ward, join.launch()));
    }
    return true;
  }

  private Consumer<String> ended(RouterWard ward, long launch) {
    return reason ->
        intake.bring(new SupervisorMessage.Ended(Kind.ROUTER, ward.name, launch, reason));
  }

  /** Silent for longer than a worker may be. */
  private boolean isSilent(RouterWard ward) {
    return clock.nanos() - ward.lastBeat >= HeartbeatMonitor.MISSED_BEATS * heartbeat;
  }

  // What they say

  /** Whether such a router is known: its sign of life counts. */
  boolean beaten(String name) {
    RouterWard ward = routers.get(name);
    if (ward == null || !ward.hasJoined) {
      return false;
    }
    ward.beaten(clock.nanos());
    return true;
  }

  void says(Outbox<RouterOrder> from, RouterReport report) {
    RouterWard ward = find(from);
    if (ward != null) {
      switch (report) {
        case RouterReport.Counts(var counts) -> ward.counts = counts;
        case RouterReport.Drained() -> ward.isDrained = true;
      }
    }
  }

  void hangsUp(Outbox<RouterOrder> link) {
    RouterWard ward = find(link);
    if (ward != null) {
      lostLink(ward, "its link has ended");
    }
  }

  private void lostLink(RouterWard ward, String reason) {
    Objects.requireNonNull(ward.orders).cut();
    ward.unlink(clock.nanos());
    events.accept(new MeshEvent.RouterLeft(ward.name, ward.isDrained ? "drained" : reason));
    if (ward.isDrained && ward.launching == null) {
      routers.remove(ward.name);
    }
  }

  private @Nullable RouterWard find(Outbox<RouterOrder> link) {
    return routers.values().stream().filter(ward -> ward.orders == link).findFirst().orElse(null);
  }

  /** A launched process has surely ended. */
  void ended(String name, long launch, String reason) {
    RouterWard ward = routers.get(name);
    Launching launching = ward == null ? null : ward.launching;
    if (launching == null || launching.launch != launch) {
      return;
    }
    launching.process = null;
    ward.hasJoined = false;
    ward.isKilled = false;
    if (ward.orders != null) {
      ward.orders.cut();
      ward.unlink(clock.nanos());
    }
    plan(ward, launching, reason);
  }

  private void plan(RouterWard ward, Launching launching, String reason) {
    boolean isTooOften = launching.failed(settings.restarts(), clock.nanos());
    String alarm =
        isTooOften
            ? "; it has failed "
                + settings.restarts().failures()
                + " times in "
                + settings.restarts().window()
                + ", and is started again only every "
                + settings.restarts().maxBackoff()
            : "";
    events.accept(new MeshEvent.RouterLeft(ward.name, reason + alarm));
  }

  // Orders

  void tell(RouterOrder order) {
    long now = clock.nanos();
    routers.values().forEach(ward -> ward.tell(order, now));
  }

  /** Sends what waits; a link that takes nothing is cut. */
  void flush() {
    long now = clock.nanos();
    for (RouterWard ward : List.copyOf(routers.values())) {
      if (ward.orders != null) {
        ward.orders.flush(now);
        if (ward.orders.isLost(now, HeartbeatMonitor.MISSED_BEATS * heartbeat)) {
          lostLink(ward, "its link takes nothing");
        }
      }
    }
  }

  boolean isWaiting() {
    return routers.values().stream()
        .anyMatch(ward -> ward.orders != null && ward.orders.isWaiting());
  }

  /** Where the routers are, if that has changed since the last call; else null. */
  @Nullable List<RouterAddress> changedAddresses() {
    List<RouterAddress> now = addresses();
    if (now.equals(told)) {
      return null;
    }
    told = now;
    return now;
  }

  List<RouterAddress> addresses() {
    var all = new ArrayList<RouterAddress>();
    for (RouterWard ward : routers.values()) {
      if (ward.address != null) {
        all.add(ward.address);
      }
    }
    return List.copyOf(all);
  }

  // Time

  /** Starts, ends and forgets what is due. */
  void doDue() {
    long now = clock.nanos();
    for (RouterWard ward : List.copyOf(routers.values())) {
      if (ward.launching != null) {
        doDue(ward, ward.launching, now);
      } else if (!ward.isLinked() && now - ward.unlinkedSince >= PATIENCE * heartbeat) {
        routers.remove(ward.name);
      }
    }
  }

  private void doDue(RouterWard ward, Launching launching, long now) {
    boolean isGone =
        ward.hasJoined
            && (now - ward.lastBeat >= PATIENCE * heartbeat
                || (!ward.isLinked() && now - ward.unlinkedSince >= PATIENCE * heartbeat));
    if (launching.process == null) {
      boolean isThere = ward.hasJoined && !isGone; // a supervisor before has launched it
      if (!isThere && !isEnding && now - launching.startAt >= 0) {
        start(ward, launching);
      }
      return;
    }
    boolean isLate =
        !ward.hasJoined && now - launching.startedAt >= Launching.JOINS_WITHIN.toNanos();
    if ((isGone || isLate) && !ward.isKilled) {
      ward.isKilled = true;
      launching.process.kill();
    }
  }

  private void start(RouterWard ward, Launching launching) {
    ward.hasJoined = false;
    long launch = numbers.next();
    launching.start(launcher, Kind.ROUTER, ward.name, launch, clock.nanos(), ended(ward, launch));
  }

  /** When next something is due; {@code latest} if nothing is before. */
  long nextDue(long latest) {
    long next = latest;
    for (RouterWard ward : routers.values()) {
      Launching launching = ward.launching;
      if (launching != null
          && launching.process == null
          && !ward.hasJoined
          && !isEnding
          && launching.startAt - next < 0) {
        next = launching.startAt;
      }
    }
    return next;
  }

  // Beginning and end

  /** Whether any has joined since the supervisor's start. */
  boolean hasJoined() {
    return hasJoined;
  }

  /** Whether all that are launched have joined, or have failed to. */
  boolean areAssembled() {
    return routers.values().stream()
        .allMatch(ward -> ward.launching == null || ward.hasJoined || ward.launching.hasFailed());
  }

  /** Asks the launched ones to end. */
  void stop() {
    isEnding = true;
    for (RouterWard ward : routers.values()) {
      if (ward.launching != null && ward.launching.process != null) {
        ward.launching.process.stop();
      }
    }
  }

  /** Whether all launched ones have ended. */
  boolean haveEnded() {
    return routers.values().stream()
        .allMatch(ward -> ward.launching == null || ward.launching.process == null);
  }

  /** Breaks all links. */
  void cut() {
    for (RouterWard ward : routers.values()) {
      if (ward.orders != null) {
        ward.orders.cut();
      }
    }
  }

  /** Ends the launched ones at once. */
  void kill() {
    for (RouterWard ward : routers.values()) {
      Launched process = ward.launching == null ? null : ward.launching.process;
      if (process != null) {
        process.kill();
      }
    }
  }

  List<MeshView.Router> view() {
    long now = clock.nanos();
    return routers.values().stream().map(ward -> view(ward, now)).toList();
  }

  private static MeshView.Router view(RouterWard ward, long now) {
    return new MeshView.Router(
        ward.name,
        ward.address == null ? "" : ward.address.target(),
        ward.isLinked(),
        ward.pid,
        ward.hasBeaten ? Duration.ofNanos(now - ward.lastBeat) : null,
        ward.launching == null ? 0 : ward.launching.restarts(),
        ward.counts);
  }
}
