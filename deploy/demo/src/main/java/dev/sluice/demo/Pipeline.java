package dev.sluice.demo;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.Timer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of the webhooks through the suite: stages of processes, and bounded channels between
 * them.
 *
 * <pre>
 *         arrivals          doors, one a sender     granted          accepted
 *   feed ---------> entrance =================> limits ------> couriers -------> watchers
 *      \            dedup                       acquire        submit            GET the job
 *       \ lanes    ^
 *        =========/ dedup, then mesh: all events of an account take one lane, in order
 * </pre>
 *
 * <p>When a stage is slower than the one before it, the channel between them fills and the one
 * before waits: a full queue in worker-pool-svc holds up the couriers, these the limits, and in the
 * end the feed. Nothing is dropped and no queue grows without end. Only a door has room for a whole
 * burst, lest one sender at its limit hold up the others at the entrance.
 *
 * <p>A stage is over when its channels have ended and its processes are done; then it closes the
 * channels that it alone sends to, and so the next stage will be over too. All tell the {@link
 * Tally} what they saw; they share nothing else.
 */
final class Pipeline {

  private static final int DEDUPERS = 8;
  private static final int LANES = 4;
  private static final int PLACES_AT_A_DOOR = 16;
  private static final int COURIERS = 16;
  private static final int WATCHERS = 4;

  private static final int ROOM = 64;
  private static final int ROOM_AT_A_DOOR = 1_024;

  private static final Duration FIRST_LOOK = Duration.ofMillis(25);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(800);

  private final Scope scope;
  private final Clock clock;
  private final Recording recording;
  private final Options options;
  private final Suite suite;
  private final URI target;
  private final Tally tally;

  private final Channel<Webhook> arrivals;
  private final List<Channel<Webhook>> lanes = new ArrayList<>();
  private final Map<String, Channel<Standing>> doors = new TreeMap<>();
  private final Channel<Webhook> granted;
  private final Channel<Fact.Accepted> accepted;

  /** An event at its sender's limit, and since when it stands there. */
  private record Standing(Webhook event, Stopwatch since) {}

  /**
   * Takes the recording through {@code suite} to {@code target}, as fast as {@code options} says.
   *
   * @param scope where its channels and processes are to live
   */
  Pipeline(
      Scope scope, Recording recording, Options options, Suite suite, URI target, Tally tally) {
    this.scope = scope;
    this.clock = scope.clock();
    this.recording = recording;
    this.options = options;
    this.suite = suite;
    this.target = target;
    this.tally = tally;
    arrivals = scope.channel("arrivals", ROOM);
    for (int lane = 0; lane < LANES; lane++) {
      lanes.add(scope.channel("lane-" + lane, ROOM));
    }
    for (String sender : recording.senders()) {
      doors.put(sender, scope.channel("door-" + sender, ROOM_AT_A_DOOR));
    }
    granted = scope.channel("granted", ROOM);
    accepted = scope.channel("accepted", ROOM);
  }

  /** Starts all stages; the scope's processes have ended when the last job has, or was given up. */
  void start() {
    scope.start("feed", this::feed);
    stage(
        "entrance",
        this::closeDoors,
        crew -> {
          start(crew, "dedup", DEDUPERS, () -> deduplicate(arrivals));
          for (Channel<Webhook> lane : lanes) {
            crew.start(lane.toString(), () -> keepOrder(lane));
          }
        });
    stage(
        "limits",
        granted::close,
        crew ->
            doors.forEach(
                (sender, door) -> start(crew, sender, PLACES_AT_A_DOOR, () -> acquire(door))));
    stage("couriers", accepted::close, crew -> start(crew, "courier", COURIERS, this::submit));
    stage("watchers", () -> {}, crew -> start(crew, "watcher", WATCHERS, this::watch));
  }

  /** Lets each webhook in when it is due. */
  private void feed() throws InterruptedException {
    var running = Stopwatch.start(clock);
    for (Webhook event : recording.webhooks()) {
      Duration due = Duration.ofNanos((long) (event.at() * 1e6 / options.speed()));
      Duration early = due.minus(running.elapsed());
      if (early.isPositive()) {
        Timer.after(early, clock).receive();
      }
      tally.tell(new Fact.Arrived(event));
      entranceOf(event).send(event);
    }
    arrivals.close();
    lanes.forEach(Channel::close);
  }

  private Channel<Webhook> entranceOf(Webhook event) {
    return event.account() == null
        ? arrivals
        : lanes.get(Math.floorMod(event.account().hashCode(), LANES));
  }

  /** Lets the first of equal events pass, on to its sender's door. */
  private void deduplicate(ReceiveChannel<Webhook> events) throws InterruptedException {
    for (Webhook event : events) {
      if (isFirst(event)) {
        standAtDoor(event);
      }
    }
  }

  /** The same for events of accounts, which the mesh counts too: one after another, so in order. */
  private void keepOrder(ReceiveChannel<Webhook> events) throws InterruptedException {
    Map<String, Integer> turns = new HashMap<>();
    for (Webhook event : events) {
      if (isFirst(event)) {
        int turn = turns.merge(Objects.requireNonNull(event.account()), 1, Integer::sum);
        tally.tell(suite.count(event, turn));
        standAtDoor(event);
      }
    }
  }

  private boolean isFirst(Webhook event) throws InterruptedException {
    boolean first = suite.isFirst(event);
    if (!first) {
      tally.tell(new Fact.Dropped(event));
    }
    return first;
  }

  private void standAtDoor(Webhook event) throws InterruptedException {
    Objects.requireNonNull(doors.get(event.sender()))
        .send(new Standing(event, Stopwatch.start(clock)));
  }

  private void closeDoors() {
    doors.values().forEach(Channel::close);
  }

  /** Gets a permit for each event at a door; several do, so that some can wait in the service. */
  private void acquire(ReceiveChannel<Standing> door) throws InterruptedException {
    for (Standing standing : door) {
      tally.tell(suite.acquire(standing.event(), standing.since()));
      granted.send(standing.event());
    }
  }

  /** Gives each event to the pool, which answers for it from then on. */
  private void submit() throws InterruptedException {
    for (Webhook event : granted) {
      Fact.Accepted job = suite.submit(event, target);
      tally.tell(job);
      accepted.send(job);
    }
  }

  /**
   * A job to look at when the clock stands at {@code due}; it was left alone for {@code pause}
   * before.
   */
  private record Look(Fact.Accepted job, Duration pause, long due) {
    static final Comparator<Look> SOONEST = (a, b) -> Long.signum(a.due - b.due);

    static Look after(Duration pause, Fact.Accepted job, Clock clock) {
      return new Look(job, pause, clock.nanos() + pause.toNanos());
    }

    Look again(Clock clock) {
      Duration longer = pause.multipliedBy(2);
      return after(longer.compareTo(LONGEST_LOOK) < 0 ? longer : LONGEST_LOOK, job, clock);
    }
  }

  /** Takes new jobs, and looks at each, less and less often, until it has ended. */
  private void watch() throws InterruptedException {
    var looks = new PriorityQueue<>(Look.SOONEST);
    @Nullable Patience rest = null; // begins when no more jobs come
    var select = Select.fair(clock);
    var next = select.receive(accepted);
    var due = select.after(null);
    while (rest == null || !looks.isEmpty()) {
      due.in(looks.isEmpty() ? null : Duration.ofNanos(looks.element().due() - clock.nanos()));
      if (select.await() == due) {
        Look look = looks.remove();
        if (!isOver(look.job(), rest)) {
          looks.add(look.again(clock));
        }
      } else if (next.isClosed()) {
        rest = new Patience(options.patience(), Stopwatch.start(clock));
        next.from(null);
      } else {
        looks.add(Look.after(FIRST_LOOK, next.value(), clock));
      }
    }
  }

  /** Whether a job has ended, or has not in all the time that was left; then it counts as lost. */
  private boolean isOver(Fact.Accepted accepted, @Nullable Patience rest)
      throws InterruptedException {
    Fact.@Nullable Ending ending = suite.ending(accepted.job());
    if (ending != null) {
      tally.tell(new Fact.Ended(accepted.event(), ending));
      return true;
    }
    return rest != null && rest.isOver();
  }

  /**
   * Starts a stage: a process that starts a crew, waits for its end, and then ends the next
   * channel.
   */
  private void stage(String name, Runnable afterwards, Consumer<Scope> crew) {
    scope.start(
        name,
        () -> {
          try (var inside = scope.child(name)) {
            crew.accept(inside);
            inside.join();
          }
          afterwards.run();
        });
  }

  private static void start(Scope crew, String name, int count, Scope.Body body) {
    for (int i = 0; i < count; i++) {
      crew.start(name + "-" + i, body);
    }
  }
}
