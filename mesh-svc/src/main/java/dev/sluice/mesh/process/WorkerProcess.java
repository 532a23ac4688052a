package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.Select.ReceiveCase;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.FromWorker.Answer;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.ToWorker.Delivery;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.mesh.process.RouterLinks.Come;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The process of a worker: runs the requests of the shards it owns, one at a time and in the order
 * of their delivery.
 *
 * <p>It does all by itself, in rounds: what the supervisor says, what routers have sent, what is
 * due by time, then some requests, then their answers. So a beat says that the very loop that runs
 * the requests is alive: while an operation hangs there is none, and that is how the supervisor
 * knows. Without a {@link Lease} it runs and answers nothing; what is delivered waits.
 */
final class WorkerProcess {
  /** What readers have forwarded and is not taken in; more makes them wait, and the routers. */
  private static final int INBOX = 64;

  /** How many requests of one router it runs before it looks at the next, and at the time. */
  private static final int RUNS = 64;

  /** A round's running of requests ends after this part of a heartbeat, whatever is left. */
  private static final int ROUNDS_PER_HEARTBEAT = 10;

  /** For a first answer of a supervisor whose heartbeat is not known yet. */
  private static final long FIRST_PATIENCE = Duration.ofSeconds(10).toNanos();

  /** When answers that found no room are tried again. */
  private static final long RETRY = Duration.ofMillis(2).toNanos();

  private final WorkerSettings settings;
  private final Operations operations;
  private final Dialer dialer;
  private final Clock clock;
  private final OwnedShards shards;
  private final RouterLinks routers;
  private final Channel<Come> inbox;
  private final ReceiveChannel<Boolean> leave;

  /** Never carries anything: for waiting. */
  private final Channel<Boolean> stalled;

  private final List<Come> newComes = new ArrayList<>(INBOX);

  // The cases of its select; a link that is not there has none.
  private final Select select;
  private final ReceiveCase<BeatAck> acks;
  private final ReceiveCase<WorkerOrder> orders;

  private @Nullable Link<WorkerReport, WorkerOrder> control;
  private final Redial controlRedial;
  private long controlSince;
  private boolean isWelcome;

  private @Nullable Link<Beat, BeatAck> beats;
  private final Redial beatsRedial;

  /** When the supervisor was last heard on the beats, or they were dialled. */
  private long lastAck;

  // Since it was first welcomed.
  private @Nullable WorkerId id;
  private long heartbeat;
  private Lease lease;

  /** Whose turn it is to have requests run. */
  private int turn;

  private boolean isLeaving;
  private @Nullable String end;

  /**
   * @param leave carries something when it is to leave
   */
  WorkerProcess(
      Scope scope,
      WorkerSettings settings,
      Operations operations,
      OwnedShards shards,
      Dialer dialer,
      ReceiveChannel<Boolean> leave) {
    this.settings = settings;
    this.operations = operations;
    this.dialer = dialer;
    this.shards = shards;
    this.leave = leave;
    clock = scope.clock();
    inbox = scope.channel(settings.name() + ".inbox", INBOX);
    stalled = scope.channel(settings.name() + ".stalled", 0);
    routers = new RouterLinks(scope, settings.name(), dialer, inbox);
    long now = clock.nanos();
    controlRedial = new Redial(now);
    beatsRedial = new Redial(now);
    lease = new Lease(Duration.ZERO, now);
    select = Select.prioritised(clock);
    acks = select.receive(null);
    orders = select.receive(null);
  }

  /**
   * Runs until it has left or is fenced.
   *
   * @return why it has ended
   */
  String run(@Nullable Heartbeat heart) throws InterruptedException {
    var come = select.receive(inbox);
    var goes = select.receive(leave);
    var due = select.after(Duration.ZERO);
    boolean isInOrder = false;
    try {
      while (end == null) {
        long untilDue = round();
        if (heart != null) {
          heart.beat();
          untilDue = Math.min(untilDue, heart.interval().toNanos());
        }
        due.in(Duration.ofNanos(Math.max(0, untilDue)));
        var happened = end == null ? select.await() : due;
        if (happened == come) {
          newComes.add(come.value());
        } else if (happened == goes) {
          leave();
        } else if (happened == acks) {
          take(acks);
        } else if (happened == orders) {
          obeyOrLose(orders);
        }
      }
      isInOrder = isLeaving;
      return end;
    } finally {
      endLinks(isInOrder);
    }
  }

  /**
   * Does all that there is to do now, but no more than for a part of a heartbeat.
   *
   * @return the nanoseconds until there is something to do by time
   */
  private long round() throws InterruptedException {
    takeAcks();
    takeOrders();
    takeComes();
    if (end != null) {
      return 0;
    }
    watch(clock.nanos());
    runSome();
    flush();
    return untilDue(clock.nanos());
  }

  // By time

  private void watch(long now) {
    if (id != null && beats != null && now - lastAck >= patience()) {
      loseBeats(now); // nobody is there, or nobody who counts: look for the supervisor anew
      loseControl(now);
    } else if (control != null && !isWelcome && now - controlSince >= patience()) {
      loseControl(now);
    }
    if (isLeaving && !isWelcome && shards.isEmpty()) {
      end = "left";
      return;
    }
    if (control == null && controlRedial.isDue(now)) {
      join(now);
    }
    if (id != null) {
      beat(id, now);
      routers.watch(new WorkerHello(id, settings.group(), settings.window()), now, heartbeat);
    }
  }

  private long untilDue(long now) {
    if (mayRun(now) && routers.live().stream().anyMatch(RouterLink::hasPending)) {
      return 0;
    }
    long due = control == null ? controlRedial.until(now) : controlSince + patience() - now;
    if (isWelcome) {
      due = patience();
    }
    if (id == null) {
      return due;
    }
    due = Math.min(due, beats == null ? beatsRedial.until(now) : lease.untilBeat(now));
    due = Math.min(due, routers.untilDue(now, heartbeat));
    boolean hasAnswers = routers.live().stream().anyMatch(RouterLink::hasAnswers);
    return hasAnswers && mayRun(now) ? Math.min(due, RETRY) : due;
  }

  private long patience() {
    return heartbeat == 0 ? FIRST_PATIENCE : RouterLink.SILENT_HEARTBEATS * heartbeat;
  }

  // Signs of life

  private void beat(WorkerId self, long now) {
    if (beats == null && beatsRedial.isDue(now)) {
      beats = dialer.beats();
      acks.from(beats.in());
      lastAck = now;
    }
    if (beats != null && lease.isBeatDue(now)) {
      var beat = new Beat(self.name(), self.incarnation(), lease.beat(now));
      try {
        beats.out().trySend(beat); // without room: others are there
      } catch (ChannelClosedException _) {
        loseBeats(now);
      }
    }
  }

  private void takeAcks() {
    while (beats != null) {
      BeatAck ack = beats.in().tryReceive();
      if (ack != null) {
        acknowledged(ack);
      } else {
        if (beats.in().isClosedForReceive()) {
          loseBeats(clock.nanos());
        }
        return;
      }
    }
  }

  private void take(ReceiveCase<BeatAck> ack) {
    if (ack.isClosed()) {
      loseBeats(clock.nanos());
    } else {
      acknowledged(ack.value());
    }
  }

  private void acknowledged(BeatAck ack) {
    lease.acknowledged(ack.number());
    lastAck = clock.nanos();
    beatsRedial.succeeded();
  }

  private void loseBeats(long now) {
    if (beats != null) {
      beats.cut().run();
      beats = null;
      acks.from(null);
      beatsRedial.failed(now, heartbeat);
    }
  }

  // The supervisor

  private void join(long now) {
    var join =
        new WorkerJoin(
            settings.name(),
            settings.group(),
            new TreeSet<>(operations.names()),
            settings.launch(),
            id == null ? 0 : id.incarnation(),
            shards.epochs(),
            settings.pid());
    control = dialer.join(join);
    orders.from(control.in());
    controlSince = now;
  }

  private void takeOrders() throws InterruptedException {
    while (control != null && end == null) {
      WorkerOrder order = control.in().tryReceive();
      if (order != null) {
        obey(order);
      } else {
        if (control.in().isClosedForReceive()) {
          loseControl(clock.nanos());
        }
        return;
      }
    }
  }

  private void obeyOrLose(ReceiveCase<WorkerOrder> order) throws InterruptedException {
    if (order.isClosed()) {
      loseControl(clock.nanos());
    } else {
      obey(order.value());
    }
  }

  private void obey(WorkerOrder order) throws InterruptedException {
    switch (order) {
      case WorkerOrder.Welcome(WorkerId self, Duration beat) -> welcome(self, beat);
      case WorkerOrder.Refused(String reason) -> end = "refused: " + reason;
      case WorkerOrder.Own(int shard, long epoch, ShardState state) -> {
        shards.own(shard, epoch, state);
        report(new WorkerReport.Owned(shard, epoch));
      }
      case WorkerOrder.Release(int shard, long epoch) -> release(shard, epoch);
      case WorkerOrder.Routers(List<RouterAddress> named) -> routers.name(named, clock.nanos());
      case WorkerOrder.Fenced(String reason) -> end = reason;
      case WorkerOrder.Stall(Duration time) -> stalled.tryReceive(time);
    }
  }

  /** One who is another than before has lost what it had. */
  private void welcome(WorkerId self, Duration beat) {
    isWelcome = true;
    controlRedial.succeeded();
    long now = clock.nanos();
    if (!self.equals(id) || beat.toNanos() != heartbeat) {
      lease = new Lease(beat, now);
    }
    if (id != null && !self.equals(id)) {
      shards.clear();
      routers.cut();
    }
    id = self;
    heartbeat = beat.toNanos();
    if (isLeaving) {
      report(new WorkerReport.Leaving());
    }
  }

  /** Lets go of it only if what it knows is on its way. */
  private void release(int shard, long epoch) {
    ShardState state = shards.content(shard, epoch);
    if (state != null && report(new WorkerReport.Released(shard, epoch, state))) {
      shards.release(shard);
    }
  }

  private boolean report(WorkerReport report) {
    try {
      if (control != null && control.out().trySend(report)) {
        return true;
      }
    } catch (ChannelClosedException _) {
      // as without room
    }
    loseControl(clock.nanos());
    return false;
  }

  private void loseControl(long now) {
    if (control != null) {
      control.cut().run();
      control = null;
      isWelcome = false;
      orders.from(null);
      controlRedial.failed(now, heartbeat);
    }
  }

  private void leave() {
    isLeaving = true;
    if (isWelcome) {
      report(new WorkerReport.Leaving());
    }
  }

  // Requests

  private void takeComes() {
    inbox.drainTo(newComes, INBOX);
    long now = clock.nanos();
    for (Come come : newComes) {
      routers.take(come, now);
    }
    newComes.clear();
  }

  private boolean mayRun(long now) {
    return lease.isValid(now);
  }

  /** One router after the other, until all is done or the time is up. */
  private void runSome() throws InterruptedException {
    List<RouterLink> links = routers.live();
    long timeUp = clock.nanos() + heartbeat / ROUNDS_PER_HEARTBEAT;
    for (int i = 0; i < links.size(); i++) {
      turn = (turn + 1) % links.size();
      RouterLink link = links.get(turn);
      for (int run = 0; run < RUNS && link.hasPending(); run++) {
        long now = clock.nanos();
        if (!mayRun(now) || now - timeUp >= 0) {
          return;
        }
        run(link, link.next());
      }
    }
  }

  private void run(RouterLink link, Delivery delivery) throws InterruptedException {
    if (id != null) {
      link.answer(new Answer(delivery.number(), delivery.epoch(), shards.result(id, delivery)));
    }
  }

  private void flush() {
    long now = clock.nanos();
    if (mayRun(now)) {
      for (RouterLink link : routers.live()) {
        link.flush(now);
      }
    }
  }

  // The end

  private void endLinks(boolean isInOrder) {
    inbox.tryClose();
    if (isInOrder) {
      flush();
      routers.close();
    } else {
      routers.cut();
    }
    loseBeats(clock.nanos());
    if (control != null && isInOrder) {
      control.out().tryClose();
    } else {
      loseControl(clock.nanos());
    }
  }
}
