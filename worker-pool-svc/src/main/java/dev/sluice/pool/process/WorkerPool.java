package dev.sluice.pool.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.pool.store.JobStore;
import java.util.random.RandomGenerator;

/** The pool: the process that owns the jobs, and the workers. */
public final class WorkerPool {
  private final PoolSettings settings;
  private final Channel<PoolMessage> inbox;
  private final Channel<Void> drain;

  private WorkerPool(PoolSettings settings, Channel<PoolMessage> inbox, Channel<Void> drain) {
    this.settings = settings;
    this.inbox = inbox;
    this.drain = drain;
  }

  /**
   * Starts the processes in the scope: {@code job-queue} and {@code worker-0}, {@code worker-1},
   * ...
   *
   * @param monitor watches their hearts
   * @param target makes the calls
   * @param store has the jobs left over from the run before, and gets those of this one
   * @param random for ids and jitter; used by one process only
   * @throws dev.sluice.pool.store.JobStoreException the jobs left over cannot be read
   * @throws IllegalArgumentException the jobs left over are more than the capacity
   * @throws InterruptedException while registering with the monitor
   */
  public static WorkerPool start(
      Scope scope,
      HeartbeatMonitor monitor,
      PoolSettings settings,
      Target target,
      JobStore store,
      RandomGenerator random)
      throws InterruptedException {
    var queue = new JobQueue(settings, store, store.load(), scope.clock(), random);
    Channel<PoolMessage> inbox = scope.port("job-queue", settings.inbox());
    Channel<Attempted> reports = scope.channel("reports", settings.workers());
    Channel<Assignment> work = scope.channel("work", 0);
    Channel<Void> halt = scope.channel("halt", 0);
    Channel<Void> drain = scope.channel("drain", 0);
    Heartbeat heartOfQueue = monitor.watch("job-queue");
    var process =
        new JobQueueProcess(
            queue, store, scope.clock(), heartOfQueue, inbox, reports, work, halt, drain);
    scope.start(
        "job-queue",
        () -> {
          process.run();
          monitor.forget(heartOfQueue);
        });
    for (int i = 0; i < settings.workers(); i++) {
      String name = "worker-" + i;
      Heartbeat heartbeat = monitor.watch(name);
      var worker =
          new Worker(name, scope, target, settings.hungAfter(), heartbeat, work, halt, reports);
      scope.start(
          name,
          () -> {
            worker.run();
            monitor.forget(heartbeat);
          });
    }
    return new WorkerPool(settings, inbox, drain);
  }

  /** The terms it works under. */
  public PoolSettings settings() {
    return settings;
  }

  /**
   * Hands the message to the process that owns the jobs; never waits.
   *
   * @return false when as many messages wait for it as it takes
   * @throws dev.sluice.csp.ChannelClosedException the pool has ended
   */
  public boolean trySend(PoolMessage message) {
    return inbox.trySend(message);
  }

  /**
   * Takes no more jobs; those taken are finished, or saved when the time for that is over, then the
   * processes end. A second call does nothing.
   */
  public void drain() {
    drain.tryClose();
  }
}
