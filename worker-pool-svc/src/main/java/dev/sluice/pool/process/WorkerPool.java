package dev.sluice.pool.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.pool.model.JobFilter;
import dev.sluice.pool.model.JobPage;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.Schedule;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.process.push.Worker;
import dev.sluice.pool.process.recurring.Cron;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.JobStore.Work;
import dev.sluice.pool.store.Jobs;
import dev.sluice.pool.store.QueueDefaults;
import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The pool, as its edge sees it. No method waits; a reply that is not given fails with a {@link
 * RefusedException}. Who does not want an answer any more abandons the reply, and loses its place
 * in line.
 */
public final class WorkerPool {
  private static final int MANY = 500;

  private final PoolSettings settings;
  private final QueueDefaults defaults;
  private final Channel<PoolMessage> inbox;
  private final Channel<Void> drain;

  private WorkerPool(
      PoolSettings settings,
      QueueDefaults defaults,
      Channel<PoolMessage> inbox,
      Channel<Void> drain) {
    this.settings = settings;
    this.defaults = defaults;
    this.inbox = inbox;
    this.drain = drain;
  }

  /**
   * Starts the processes in the scope: {@code dispatcher} and {@code worker-0}, {@code worker-1},
   * ...
   *
   * @param monitor watches their hearts
   * @param engine keeps the jobs; closed by the caller when the processes have ended
   * @param target makes the calls
   * @param random for ids; used by one process only
   * @throws InterruptedException while registering with the monitor
   */
  public static WorkerPool start(
      Scope scope,
      HeartbeatMonitor monitor,
      PoolSettings settings,
      QueueDefaults defaults,
      JobStore.Engine engine,
      Target target,
      RandomGenerator random)
      throws InterruptedException {
    var channels =
        new DispatcherProcess.Channels(
            scope.port("dispatcher", settings.inbox()),
            scope.channel("wakes", 1),
            scope.channel("reports", settings.workers()),
            scope.channel("work", 0),
            scope.channel("halt", 0),
            scope.channel("drain", 0));
    // one that waits there already stands for all
    Runnable wake = () -> channels.wakes().trySend(true);
    var dispatcher = new Dispatcher(engine, wake, scope.clock(), settings, defaults, random);
    Heartbeat heartbeat = monitor.watch("dispatcher");
    var process = new DispatcherProcess(dispatcher, scope.clock(), heartbeat, channels);
    scope.start(
        "dispatcher",
        () -> {
          process.run();
          monitor.forget(heartbeat);
        });
    for (int i = 0; i < settings.workers(); i++) {
      startWorker("worker-" + i, scope, monitor, settings, target, channels);
    }
    return new WorkerPool(settings, defaults, channels.inbox(), channels.drain());
  }

  private static void startWorker(
      String name,
      Scope scope,
      HeartbeatMonitor monitor,
      PoolSettings settings,
      Target target,
      DispatcherProcess.Channels channels)
      throws InterruptedException {
    Heartbeat heartbeat = monitor.watch(name);
    var worker =
        new Worker(
            name,
            scope,
            target,
            settings.hungAfter(),
            heartbeat,
            channels.work(),
            channels.halt(),
            channels.reports());
    scope.start(
        name,
        () -> {
          worker.run();
          monitor.forget(heartbeat);
        });
  }

  /** The terms it works under. */
  public PoolSettings settings() {
    return settings;
  }

  /**
   * Submits a job.
   *
   * @param maxWait how long to wait for room, first come first served
   * @return completed when the job is durable. When it is abandoned before the job was handed to
   *     the engine, there is none
   */
  public Reply<Submitted> submit(NewJob job, Duration maxWait) {
    var reply = new Reply<Submitted>();
    send(reply, new PoolMessage.Submit(job, maxWait, reply));
    return leaving(reply, maxWait);
  }

  /**
   * Submits several, each for itself, in their order.
   *
   * @return what has come of each, in its place; fails when all were refused
   */
  public Reply<List<SubmitPart>> submitAll(List<NewJob> jobs, Duration maxWait) {
    var reply = new Reply<List<SubmitPart>>();
    if (jobs.isEmpty()) {
      reply.complete(List.of());
      return reply;
    }
    List<Reply<Submitted>> replies = jobs.stream().map(_ -> new Reply<Submitted>()).toList();
    gather(replies, reply);
    send(reply, new PoolMessage.SubmitAll(List.copyOf(jobs), maxWait, replies, reply));
    reply
        .stage()
        .whenComplete((_, _) -> {
          if (reply.isAbandoned()) {
            replies.forEach(Reply::abandon);
            replies.forEach(each -> tellAbandoned(each));
          }
        });
    return reply;
  }

  /**
   * Waits until a job is finished.
   *
   * @return the job, as it is when it is finished or the wait is over; empty when there is none
   */
  public Reply<Optional<JobView>> awaitEnd(UUID id, Duration maxWait) {
    var reply = new Reply<Optional<JobView>>();
    send(reply, new PoolMessage.AwaitEnd(id, maxWait, reply));
    return leaving(reply, maxWait);
  }

  /** Asks for jobs; none when there are none within the wait. */
  public Reply<List<LeasedJob>> lease(LeaseRequest request) {
    var reply = new Reply<List<LeasedJob>>();
    send(reply, new PoolMessage.Lease(request, reply));
    return leaving(reply, request.maxWait());
  }

  /** Ends an attempt. */
  public Reply<Steered> end(UUID id, long lease, Verdict verdict) {
    return ask(new Subject.Job(id), jobs -> jobs.end(id, lease, verdict));
  }

  /** Keeps a job longer; null as the queue's settings say. */
  public Reply<Steered> extend(
      UUID id, long lease, @Nullable Duration longer, @Nullable Payload progress) {
    return ask(new Subject.Job(id), jobs -> jobs.extend(id, lease, longer, progress));
  }

  /** A job. */
  public Reply<Optional<JobView>> find(UUID id) {
    return ask(new Subject.Any(), jobs -> jobs.find(id));
  }

  /** A page of jobs, the last accepted first. */
  public Reply<JobPage> list(JobFilter filter, @Nullable Long from, int limit) {
    return ask(new Subject.Any(), jobs -> jobs.list(filter, from, limit));
  }

  /** Ends a job that is not finished. */
  public Reply<Steered> cancel(UUID id) {
    return ask(new Subject.Job(id), jobs -> jobs.cancel(id));
  }

  /** Lets a job begin at once, or anew. */
  public Reply<Steered> retry(UUID id) {
    return ask(new Subject.Job(id), jobs -> jobs.retry(id));
  }

  /** Lets all failed jobs of a queue begin anew, as far as there is room; says how many. */
  public Reply<Integer> redrive(String queue) {
    var reply = new Reply<Integer>();
    return send(
        reply, new PoolMessage.DoMany(queue, jobs -> jobs.redrive(queue, MANY), MANY, reply));
  }

  /** Deletes all jobs of a queue that wait, or all that have failed; says how many. */
  public Reply<Integer> purge(String queue, boolean dead) {
    var reply = new Reply<Integer>();
    return send(
        reply, new PoolMessage.DoMany(queue, jobs -> jobs.purge(queue, dead, MANY), MANY, reply));
  }

  /** A queue; empty when it is not there. */
  public Reply<Optional<QueueLook>> queue(String name) {
    var reply = new Reply<Optional<QueueLook>>();
    return send(reply, new PoolMessage.LookAtQueue(name, reply));
  }

  /** All queues. */
  public Reply<List<QueueLook>> queues() {
    var reply = new Reply<List<QueueLook>>();
    return send(reply, new PoolMessage.LookAtQueues(reply));
  }

  /** Makes a queue or changes it; false as in {@code Jobs.configure}. */
  public Reply<Boolean> configure(String name, QueueSettings settings) {
    var reply = new Reply<Boolean>();
    return send(reply, new PoolMessage.Configure(name, settings, reply));
  }

  /** Stops or resumes handing out; false: it is not there and there is no room for another. */
  public Reply<Boolean> pause(String name, boolean paused) {
    var reply = new Reply<Boolean>();
    return send(reply, new PoolMessage.Pause(name, paused, reply));
  }

  /** Deletes a queue; false: it has jobs. */
  public Reply<Boolean> remove(String name) {
    var reply = new Reply<Boolean>();
    return send(reply, new PoolMessage.Remove(name, reply));
  }

  /** What holds for a queue of this name that nobody has configured. */
  public QueueSettings defaults(String queue) {
    return defaults.of(queue);
  }

  /**
   * Makes a schedule or changes it.
   *
   * @param schedule its {@code next} is not heeded but told anew
   * @return as it is now
   * @throws IllegalArgumentException its cron expression is not one; the message says why
   */
  public Reply<Schedule> schedule(Schedule schedule) {
    Cron.parse(schedule.cron(), schedule.zone());
    var reply = new Reply<Schedule>();
    return send(reply, new PoolMessage.PutSchedule(schedule, reply));
  }

  /** A schedule. */
  public Reply<Optional<Schedule>> findSchedule(String name) {
    return ask(new Subject.Any(), jobs -> jobs.schedule(name));
  }

  /** All schedules. */
  public Reply<List<Schedule>> schedules() {
    return ask(new Subject.Any(), Jobs::schedules);
  }

  /** Deletes a schedule; false: it is not there. */
  public Reply<Boolean> unschedule(String name) {
    return ask(new Subject.Any(), jobs -> jobs.unschedule(name));
  }

  /** Watches a job until it is finished; an empty answer: there is none. */
  public Reply<Optional<Watch>> watchJob(UUID id) {
    var reply = new Reply<Optional<Watch>>();
    return send(reply, new PoolMessage.WatchJob(id, reply));
  }

  /** Watches a queue, also one that is not there yet. */
  public Reply<Watch> watchQueue(String name) {
    var reply = new Reply<Watch>();
    return send(reply, new PoolMessage.WatchQueue(name, reply));
  }

  /** Ends a watch. */
  public void unwatch(Watch watch) {
    tell(new PoolMessage.Unwatch(watch));
  }

  /** How the engine is. */
  public Reply<StoreStatus> store() {
    var reply = new Reply<StoreStatus>();
    return send(reply, new PoolMessage.GetStore(reply));
  }

  /** What was counted since the start, and how many wait. */
  public Reply<PoolCounts> counts() {
    var reply = new Reply<PoolCounts>();
    return send(reply, new PoolMessage.GetCounts(reply));
  }

  /** Takes no more work; what is in hand is finished or handed back, then the processes end. */
  public void drain() {
    drain.tryClose();
  }

  private <R> Reply<R> ask(Subject subject, Work<R> work) {
    var reply = new Reply<R>();
    return send(reply, new PoolMessage.Do<>(subject, work, reply));
  }

  private <R> Reply<R> send(Reply<R> reply, PoolMessage message) {
    try {
      if (!inbox.trySend(message)) {
        reply.fail(Refusals.overloaded("requests in front of the dispatcher"));
      }
    } catch (ChannelClosedException ended) {
      reply.fail(Refusals.draining());
    }
    return reply;
  }

  /** Who goes away while it waits gives its place back. */
  private <R> Reply<R> leaving(Reply<R> reply, Duration maxWait) {
    if (maxWait.isPositive()) {
      reply.stage().whenComplete((_, _) -> tellAbandoned(reply));
    }
    return reply;
  }

  private void tellAbandoned(Reply<?> reply) {
    if (reply.isAbandoned()) {
      tell(new PoolMessage.Abandoned(reply));
    }
  }

  /** When it cannot be told, its place counts until its turn or its deadline comes. */
  private boolean tell(PoolMessage message) {
    try {
      return inbox.trySend(message);
    } catch (ChannelClosedException ended) {
      return false;
    }
  }

  /** All of them in one, when the last has its answer. */
  private static void gather(List<Reply<Submitted>> parts, Reply<List<SubmitPart>> whole) {
    List<CompletableFuture<SubmitPart>> all =
        parts.stream()
            .map(part ->
                part.stage()
                    .<SubmitPart>thenApply(SubmitPart.Done::new)
                    .exceptionally(WorkerPool::refused)
                    .toCompletableFuture())
            .toList();
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .whenComplete((_, failure) -> {
          if (failure == null) {
            gathered(all.stream().map(CompletableFuture::join).toList(), whole);
          } else {
            whole.fail(cause(failure));
          }
        });
  }

  private static SubmitPart refused(Throwable failure) {
    if (cause(failure) instanceof RefusedException refused) {
      return new SubmitPart.Refused(refused);
    }
    throw new CompletionException(cause(failure));
  }

  private static void gathered(List<SubmitPart> parts, Reply<List<SubmitPart>> whole) {
    if (parts.getFirst() instanceof SubmitPart.Refused(RefusedException why)
        && parts.stream().allMatch(SubmitPart.Refused.class::isInstance)) {
      whole.fail(why);
    } else {
      whole.complete(parts);
    }
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
