package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Select;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.store.EpochClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Decides which worker owns which shard, and heals: a worker that has missed two heartbeats or has
 * died is fenced, its shards are given to others, and it is started again.
 *
 * <pre>
 *   member --beats---&gt; reader --[beats]--&gt; +------------+ --orders--&gt; workers, routers
 *   member --control-&gt; reader --[inbox]--&gt; | supervisor | --acks----&gt; members
 *   edge, launcher ------------[inbox]--&gt; +------------+ --events--&gt; watchers
 * </pre>
 *
 * <p>Each round takes in all beats, then what was said, then does what is due by time. A fence and
 * what follows of it, up to the orders to the next owners, is done within one round.
 *
 * <p>A worker holds its shards by a lease: until two heartbeats after it sent a beat that was
 * acknowledged. A beat is received after it was sent, so two heartbeats after the last one that was
 * acknowledged here nobody holds anything by it any more, and that is when its shards are given to
 * others, also when it was fenced before for another reason than silence.
 */
final class SupervisorProcess {
  private static final int BATCH = 256;

  /** How many links for heartbeats there may be, a member. */
  private static final int BEAT_LINKS = 4;

  private final SupervisorSettings settings;
  private final Clock clock;
  private final Consumer<? super MeshEvent> events;
  private final Channels channels;
  private final Intake intake;
  private final Watchers watchers = new Watchers();
  private final long heartbeat;

  /** How long after its last beat a worker is stuck, and its lease over. */
  private final long lease;

  // What one round takes in.
  private final List<SupervisorMessage.Beaten> newBeats = new ArrayList<>();
  private final List<SupervisorMessage> news = new ArrayList<>();

  private final WorkerWards workers;
  private final RouterWards routers;
  private final Holdings holdings;
  private final Set<Link<BeatAck, Beat>> beatLinks = new HashSet<>();

  /** Until when members that are there already can join before anything is decided. */
  private final long gathersUntil;

  /** When the next round is due at the latest. */
  private long expected;

  private Stage stage = Stage.SERVING;

  private enum Stage {
    SERVING,
    STOPPING_ROUTERS,
    STOPPING_WORKERS,
    OVER
  }

  /**
   * What it listens to.
   *
   * @param beats signs of life
   * @param inbox all else
   * @param stop that it is to end in good order
   */
  record Channels(
      Channel<SupervisorMessage.Beaten> beats,
      Channel<SupervisorMessage> inbox,
      Channel<Boolean> stop) {}

  /**
   * @param events learns what happens, on this process; must not wait
   */
  SupervisorProcess(
      SupervisorSettings settings,
      Launcher launcher,
      Clock clock,
      EpochClock time,
      Consumer<? super MeshEvent> events,
      MeshTrace trace,
      Channels channels,
      Intake intake) {
    this.settings = settings;
    this.clock = clock;
    this.events = events;
    this.channels = channels;
    this.intake = intake;
    var numbers = new Numbers(time.nanos());
    this.heartbeat = settings.heartbeat().toNanos();
    this.lease = HeartbeatMonitor.MISSED_BEATS * heartbeat;
    long now = clock.nanos();
    this.gathersUntil = settings.gathers() ? now + lease : now;
    this.expected = now;
    var wards = new TreeMap<String, Ward>();
    this.routers =
        new RouterWards(settings, launcher, clock, numbers, intake, this::happened, gathersUntil);
    this.holdings =
        new Holdings(
            settings.shards(),
            settings.gathers() ? numbers.last() : 0,
            settings.members(),
            wards,
            routers::tell,
            this::happened,
            trace,
            clock,
            time);
    this.workers =
        new WorkerWards(
            settings,
            launcher,
            clock,
            numbers,
            intake,
            this::happened,
            wards,
            holdings,
            routers,
            gathersUntil);
  }

  /** Runs until it has ended in good order what it has launched. */
  void run(Heartbeat heart) throws InterruptedException {
    var select = Select.prioritised(clock);
    var beat = select.receive(channels.beats);
    var message = select.receive(channels.inbox);
    var stop = select.receive(channels.stop);
    var due = select.after(Duration.ZERO);
    try {
      while (!isOver()) {
        var happened = select.await();
        if (happened == beat) {
          newBeats.add(beat.value());
        } else if (happened == message) {
          news.add(message.value());
        } else if (happened == stop) {
          stop();
        }
        due.in(earlier(round(), heart.interval()));
        heart.beat();
      }
    } finally {
      end();
    }
  }

  /**
   * Handles all that is there now: the beats, what was said, what is due by time.
   *
   * @return how long until there is something to do by time
   */
  Duration round() {
    channels.beats.drainTo(newBeats, Integer.MAX_VALUE);
    channels.inbox.drainTo(news, BATCH);
    forgiveOwnDelay();
    newBeats.forEach(this::handle);
    newBeats.clear();
    news.forEach(this::handle);
    news.clear();
    doDue();
    tellRouters();
    workers.flush();
    routers.flush();
    Duration untilDue = untilDue();
    expected = clock.nanos() + untilDue.toNanos();
    return untilDue;
  }

  boolean isOver() {
    return stage == Stage.OVER;
  }

  // Heartbeats

  /**
   * When the supervisor itself comes late (a pause of the whole JVM, say), the members may have
   * been held up by the same thing: each gets one more interval before it is judged.
   */
  private void forgiveOwnDelay() {
    long now = clock.nanos();
    if (now - expected > heartbeat / 2) {
      workers.forgive();
    }
  }

  private void handle(SupervisorMessage.Beaten beaten) {
    Beat beat = beaten.beat();
    if (beat.incarnation() == 0) {
      if (routers.beaten(beat.member())) {
        acknowledge(beaten);
      }
      return;
    }
    if (workers.beaten(beat, beaten.link()) && acknowledge(beaten)) {
      workers.acknowledged(beat);
    }
  }

  /** One that finds no room is not needed: others are there, which the member has not read. */
  private static boolean acknowledge(SupervisorMessage.Beaten beaten) {
    try {
      return beaten.link().out().trySend(new BeatAck(beaten.beat().number()));
    } catch (ChannelClosedException gone) {
      return false;
    }
  }

  // What is said

  private void handle(SupervisorMessage message) {
    switch (message) {
      case SupervisorMessage.Beaten beaten -> handle(beaten);
      case SupervisorMessage.WorkerDials(var join, var link) -> workers.join(join, link);
      case SupervisorMessage.RouterDials(var join, var link) -> {
        routers.join(
            join, link, () -> holdings.know(join.epochs(), join.hasHistory()), holdings::news);
        holdings.settleAll();
      }
      case SupervisorMessage.BeatsDial(var link) -> listen(link);
      case SupervisorMessage.BeatsEnd(var link) -> {
        beatLinks.remove(link);
        link.out().tryClose();
      }
      case SupervisorMessage.WorkerSays(var from, var report) -> workers.says(from, report);
      case SupervisorMessage.RouterSays(var from, var report) -> routers.says(from, report);
      case SupervisorMessage.WorkerHangsUp(var link) -> workers.hangsUp(link);
      case SupervisorMessage.RouterHangsUp(var link) -> routers.hangsUp(link);
      case SupervisorMessage.Ended(var kind, String name, long launch, String reason) -> {
        switch (kind) {
          case WORKER -> workers.ended(name, launch, reason);
          case ROUTER -> routers.ended(name, launch, reason);
        }
      }
      case SupervisorMessage.Look(Reply<MeshView> reply) -> reply.complete(view());
      case SupervisorMessage.Watch(Reply<Topology.Watch> reply) ->
          watchers
              .add()
              .ifPresentOrElse(
                  reply::complete,
                  () ->
                      reply.fail(
                          new IllegalStateException(
                              Watchers.MOST + " watch the mesh, the most there may be")));
      case SupervisorMessage.Stall(String worker, Duration time, Reply<Boolean> reply) ->
          reply.complete(workers.stall(worker, time));
      case SupervisorMessage.Kill(String worker, Reply<Boolean> reply) ->
          reply.complete(workers.kill(worker));
    }
  }

  private void listen(Link<BeatAck, Beat> link) {
    if (beatLinks.size() >= BEAT_LINKS * settings.members()) {
      link.cut().run();
      return;
    }
    beatLinks.add(link);
    intake.read(
        "supervisor.beats",
        link.in(),
        beat -> new SupervisorMessage.Beaten(link, beat),
        new SupervisorMessage.BeatsEnd(link));
  }

  // Time

  private void doDue() {
    workers.doDue();
    holdings.lapse();
    routers.doDue();
    openIfReady();
    goOnEnding();
  }

  /**
   * Gives the first shards when it can be known what there was before, and to whom they belong for
   * longer than a moment: when a router is there to tell, and all that are launched are there or
   * have had their time.
   */
  private void openIfReady() {
    if (!holdings.isOpen() && clock.nanos() - gathersUntil >= 0 && isAssembled()) {
      if (routers.hasJoined() || holdings.hasPast()) {
        holdings.open();
      }
    }
  }

  private boolean isAssembled() {
    return workers.isAnyLive()
        && ((workers.areAssembled() && routers.areAssembled())
            || clock.nanos() - assembledAt() >= 0);
  }

  private long assembledAt() {
    return later(workers.liveSince(), gathersUntil) + lease;
  }

  private Duration untilDue() {
    long now = clock.nanos();
    boolean isAnyWaiting = workers.isWaiting() || routers.isWaiting();
    long next = now + (isAnyWaiting ? heartbeat / 4 : heartbeat);
    next = holdings.nextFree(routers.nextDue(workers.nextDue(next)));
    if (!holdings.isOpen()) {
      next = now - gathersUntil < 0 ? earlier(next, gathersUntil) : next;
      boolean isAssembling = workers.isAnyLive() && now - assembledAt() < 0;
      next = isAssembling ? earlier(next, assembledAt()) : next;
    }
    return Duration.ofNanos(Math.max(0, next - now));
  }

  // Orders

  private void tellRouters() {
    List<RouterAddress> changed = routers.changedAddresses();
    if (changed != null) {
      workers.tell(new WorkerOrder.Routers(changed));
    }
  }

  // The end

  /** Begins to end in good order: first those that take requests in, then those that run them. */
  void stop() {
    if (stage == Stage.SERVING) {
      stage = Stage.STOPPING_ROUTERS;
      workers.close();
      routers.stop();
    }
  }

  private void goOnEnding() {
    if (stage == Stage.STOPPING_ROUTERS && routers.haveEnded()) {
      stage = Stage.STOPPING_WORKERS;
      workers.stop();
    }
    if (stage == Stage.STOPPING_WORKERS && workers.haveEnded()) {
      stage = Stage.OVER;
    }
  }

  /**
   * Lets everybody go: those who go on dial the next supervisor. What was asked to end and has not
   * is ended.
   */
  private void end() {
    if (stage != Stage.SERVING) {
      routers.kill();
      workers.kill();
    }
    channels.inbox.tryClose();
    channels.beats.tryClose();
    watchers.close();
    workers.cut();
    routers.cut();
    beatLinks.forEach(link -> link.cut().run());
    channels.inbox.drainTo(news, Integer.MAX_VALUE);
    news.forEach(SupervisorProcess::turnAway);
  }

  private static void turnAway(SupervisorMessage message) {
    switch (message) {
      case SupervisorMessage.WorkerDials(var _, var link) -> link.cut().run();
      case SupervisorMessage.RouterDials(var _, var link) -> link.cut().run();
      case SupervisorMessage.BeatsDial(var link) -> link.cut().run();
      case SupervisorMessage.Look(var reply) -> reply.fail(Supervisor.ended());
      case SupervisorMessage.Watch(var reply) -> reply.fail(Supervisor.ended());
      case SupervisorMessage.Stall(var _, var _, var reply) -> reply.complete(false);
      case SupervisorMessage.Kill(var _, var reply) -> reply.complete(false);
      case SupervisorMessage.Beaten _,
          SupervisorMessage.BeatsEnd _,
          SupervisorMessage.WorkerSays _,
          SupervisorMessage.RouterSays _,
          SupervisorMessage.WorkerHangsUp _,
          SupervisorMessage.RouterHangsUp _,
          SupervisorMessage.Ended _ -> {}
    }
  }

  // From outside

  private void happened(MeshEvent event) {
    events.accept(event);
    watchers.tell(event);
  }

  private MeshView view() {
    long now = clock.nanos();
    return new MeshView(
        now - gathersUntil < 0,
        settings.heartbeat(),
        holdings.groups(),
        holdings.view(),
        workers.view(),
        routers.view(),
        holdings.reassignments());
  }

  private static Duration earlier(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static long earlier(long a, long b) {
    return a - b < 0 ? a : b;
  }

  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }
}
