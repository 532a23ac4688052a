package dev.sluice.pool.process;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.pool.model.Backoff;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.model.Terms;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.QueueDefaults;
import dev.sluice.pool.store.sqlite.SqliteEngine;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The processes together on the engine itself, with a clock and a target that the test controls.
 * Limits are near: two workers, three places in a queue, four who wait.
 */
final class PoolFixture implements AutoCloseable {
  static final Duration SECOND = Duration.ofSeconds(1);
  static final Duration BEAT = SECOND;

  /** A retry after exactly a tenth of a second, then two tenths, ... */
  static final Terms TERMS =
      new Terms(
          3,
          Duration.ofSeconds(10),
          new Backoff(Duration.ofMillis(100), 2, Duration.ofMinutes(10), 0));

  static final QueueSettings PULL = settings(QueueSettings.Kind.PULL, 3, 1_000);
  static final QueueSettings PUSH = settings(QueueSettings.Kind.PUSH, 100, 1_000_000);

  static final PoolSettings SETTINGS =
      new PoolSettings(
          2,
          1024,
          4,
          1_000,
          3,
          2,
          Duration.ofMinutes(10),
          Duration.ofSeconds(30),
          true,
          Duration.ofSeconds(20),
          Duration.ofSeconds(2));

  /** The dispatcher, the writer and the monitor, besides the workers. */
  private static final int OTHERS = 3;

  /** How many alarms there are when all wait. */
  static final int ALARMS = OTHERS + SETTINGS.workers();

  final VirtualClock clock = new VirtualClock();
  final ScriptedTarget target;
  final Scope root;
  final HeartbeatMonitor monitor;
  final Scope processes;
  final FailingEngine engine;
  final WorkerPool pool;
  private final PoolSettings settings;

  PoolFixture() throws InterruptedException {
    this(SETTINGS, null);
  }

  PoolFixture(PoolSettings settings, @Nullable Path file) throws InterruptedException {
    this(settings, file, new ScriptedTarget(true), Duration.ZERO);
  }

  /** Begins so much later than the others. */
  PoolFixture(PoolSettings settings, @Nullable Path file, Duration later)
      throws InterruptedException {
    this(settings, file, new ScriptedTarget(true), later);
  }

  PoolFixture(PoolSettings settings, @Nullable Path file, ScriptedTarget target)
      throws InterruptedException {
    this(settings, file, target, Duration.ZERO);
  }

  private PoolFixture(
      PoolSettings settings, @Nullable Path file, ScriptedTarget target, Duration later)
      throws InterruptedException {
    this.settings = settings;
    this.target = target;
    clock.advance(later);
    this.root = Scope.open("pool", clock);
    this.monitor = HeartbeatMonitor.start(root, "heartbeats", BEAT);
    this.processes = root.child("processes");
    var defaults = new QueueDefaults(PULL, PUSH, 20);
    var random = new SplittableRandom(7);
    JobStore.Engine real =
        file == null
            ? SqliteEngine.inMemory(clock, monitor, defaults, random)
            : SqliteEngine.start(file, clock, monitor, defaults, random);
    this.engine = new FailingEngine(real);
    this.pool =
        WorkerPool.start(
            processes, monitor, settings, defaults, engine, target, new SplittableRandom(1));
    settle();
  }

  static QueueSettings settings(QueueSettings.Kind kind, int capacity, long capacityBytes) {
    return new QueueSettings(
        kind,
        capacity,
        capacityBytes,
        2,
        Duration.ofSeconds(30),
        TERMS,
        null,
        2,
        null,
        null,
        null,
        false,
        Duration.ofHours(1),
        Duration.ofHours(1),
        Duration.ofHours(24));
  }

  /** A job of a pull queue, called so. */
  static NewJob job(String queue, String name) {
    return new NewJob(
        queue,
        Payload.json('"' + name + '"'),
        null,
        NewJob.Priority.NORMAL,
        Duration.ZERO,
        null,
        null,
        TERMS,
        null,
        null,
        null);
  }

  /** A job of a push queue that calls this URL. */
  static NewJob call(String queue, String url) {
    NewJob plain = job(queue, url);
    return new NewJob(
        queue,
        plain.payload(),
        new Call("POST", URI.create(url), Map.of()),
        plain.priority(),
        plain.delay(),
        null,
        null,
        TERMS,
        null,
        null,
        null);
  }

  static NewJob call(String path) {
    return call(QueueDefaults.PUSH, "http://a.example/" + path);
  }

  Reply<Submitted> submit(NewJob job) {
    return pool.submit(job, Duration.ZERO);
  }

  UUID accepted(NewJob job) throws InterruptedException {
    return accepted(submit(job));
  }

  static UUID accepted(Reply<Submitted> reply) throws InterruptedException {
    return assertInstanceOf(Submitted.Accepted.class, reply.await()).id();
  }

  Reply<List<LeasedJob>> lease(String queue, int max, Duration maxWait) {
    return pool.lease(new LeaseRequest(queue, max, null, maxWait, null));
  }

  static List<String> names(List<LeasedJob> jobs) {
    return jobs.stream().map(job -> job.payload().text().replace("\"", "")).toList();
  }

  JobView get(UUID id) throws InterruptedException {
    return pool.find(id).await().orElseThrow();
  }

  /** Asks until it is so; each question waits for its answer. */
  JobView awaitState(UUID id, JobState state) throws InterruptedException {
    JobView job = get(id);
    while (job.state() != state) {
      Thread.onSpinWait();
      job = get(id);
    }
    return job;
  }

  /** Waits until all that was asked is done, and what followed from it, and all wait for time. */
  void settle() throws InterruptedException {
    for (int i = 0; i < 4; i++) {
      pool.find(new UUID(0, 0)).await();
    }
    clock.awaitAlarms(OTHERS + settings.workers());
  }

  /** Moves the clock on by half beats, letting every process beat at each. */
  void advance(Duration by) throws InterruptedException {
    Duration left = by;
    while (left.isPositive()) {
      Duration step = left.compareTo(BEAT.dividedBy(2)) < 0 ? left : BEAT.dividedBy(2);
      settle();
      clock.advance(step);
      left = left.minus(step);
    }
    settle();
  }

  /** Moves the clock on at once. */
  void jump(Duration by) throws InterruptedException {
    settle();
    clock.advance(by);
    settle();
  }

  @Override
  public void close() {
    target.release();
    processes.close();
    engine.close();
    root.close();
  }
}
