package dev.sluice.pool.process;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.QueueCounts;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.QueueView;
import dev.sluice.pool.model.Schedule;
import dev.sluice.pool.process.push.PushQueues;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.JobStore.News;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.JobStore.Work;
import dev.sluice.pool.store.Jobs;
import dev.sluice.pool.store.QueueDefaults;
import dev.sluice.store.EpochClock;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Owns all who wait: submits for room, workers for jobs, requests for results, readers for changes,
 * and jobs of push queues for a call. Jobs themselves are the engine's; of every change it hears,
 * and serves whom it concerns. {@link DispatcherProcess} runs it.
 */
final class Dispatcher {
  private static final Duration LOAD_AGAIN = Duration.ofSeconds(1);

  private final JobStore store;
  private final Clock clock;
  private final EpochClock time;
  private final PoolSettings settings;
  private final QueueDirectory queues;
  private final Tally tally = new Tally();
  private final Submits submits;
  private final Leases leases;
  private final ResultWaits results;
  private final Watches watches;
  private final PushQueues push;
  private final RecurringJobs recurring;
  private final Sweeper sweeper;

  /** When to ask which queues there are, in nanoseconds since 1970. */
  private long loadAt;

  private boolean draining;
  private boolean handingBack;
  private long handBackAt;

  /** Whether those who wait for results are being told how things are. */
  private boolean closing;

  /** Looks at a queue as the engine has it. */
  private record Look(QueueView queue, QueueCounts counts) {}

  /**
   * It has done nothing yet.
   *
   * @param engine where its store is opened
   * @param wake as {@link JobStore.Engine#open} has it
   */
  Dispatcher(
      JobStore.Engine engine,
      Runnable wake,
      Clock clock,
      PoolSettings settings,
      QueueDefaults defaults,
      RandomGenerator random) {
    this.store = engine.open(wake, new Hearing());
    this.clock = clock;
    this.time = new EpochClock(clock);
    this.settings = settings;
    this.queues = new QueueDirectory(defaults, clock);
    var ids = new JobIds(clock, random);
    this.submits = new Submits(store, ids, time, settings, tally);
    this.leases = new Leases(store, queues, time, settings, tally);
    this.results = new ResultWaits(store, time, settings, tally);
    this.watches = new Watches(store, settings, tally);
    this.push = new PushQueues(store, clock, time, settings);
    this.recurring = new RecurringJobs(store, ids, time, settings, tally);
    this.sweeper = new Sweeper(store, time, engine.isShared(), this::due);
    this.loadAt = time.nanos();
  }

  PushQueues push() {
    return push;
  }

  /** Whether the engine can be given more. */
  boolean isFull() {
    return store.isFull();
  }

  // What is asked

  void handle(PoolMessage message) {
    switch (message) {
      case PoolMessage.Submit(var job, var maxWait, var reply) ->
          submits.submit(job, maxWait, reply);
      case PoolMessage.SubmitAll all -> submitAll(all);
      case PoolMessage.Lease(var request, var reply) -> lease(request, reply);
      case PoolMessage.AwaitEnd(var id, var maxWait, var reply) ->
          results.await(id, maxWait, reply);
      case PoolMessage.Abandoned(var of) -> abandoned(of);
      case PoolMessage.Do<?> one -> doOne(one);
      case PoolMessage.DoMany many -> doMany(many, 0);
      case PoolMessage.LookAtQueue(var queue, var reply) -> look(queue, reply);
      case PoolMessage.LookAtQueues(var reply) -> look(reply);
      case PoolMessage.Configure(var queue, var to, var reply) -> configure(queue, to, reply);
      case PoolMessage.Pause(var queue, var paused, var reply) -> pause(queue, paused, reply);
      case PoolMessage.Remove(var queue, var reply) -> remove(queue, reply);
      case PoolMessage.PutSchedule(var schedule, var reply) ->
          recurring.put(schedule, reply, sweeper);
      case PoolMessage.WatchJob(var id, var reply) -> watches.watchJob(id, reply);
      case PoolMessage.WatchQueue(var queue, var reply) -> watches.watchQueue(queue, reply);
      case PoolMessage.Unwatch(var watch) -> watches.unwatch(watch);
      case PoolMessage.GetStore(var reply) -> reply.complete(store.status());
      case PoolMessage.GetCounts(var reply) -> reply.complete(counts());
    }
  }

  private void submitAll(PoolMessage.SubmitAll all) {
    if (!all.reply().isDone()) {
      for (int i = 0; i < all.jobs().size(); i++) {
        submits.submit(all.jobs().get(i), all.maxWait(), all.replies().get(i));
      }
    }
  }

  private void lease(LeaseRequest request, Reply<List<LeasedJob>> reply) {
    if (queues.isPush(request.queue())) {
      reply.fail(new RefusedException(new RefusedException.Reason.PushQueue(request.queue())));
    } else {
      leases.lease(request, reply);
    }
  }

  private void abandoned(Reply<?> of) {
    submits.abandoned(of);
    leases.abandoned(of);
    results.abandoned(of);
  }

  private <R> void doOne(PoolMessage.Do<R> one) {
    if (!one.reply().isDone()) {
      work(one.subject(), one.work(), one.reply(), one.reply()::complete);
    }
  }

  /** As long as there are as many as can be done at once. */
  private void doMany(PoolMessage.DoMany many, int before) {
    if (many.reply().isDone()) {
      return;
    }
    work(
        new Subject.Queue(many.queue()),
        many.some(),
        many.reply(),
        done -> {
          if (done < many.atOnce()) {
            many.reply().complete(before + done);
          } else {
            doMany(many, before + done);
          }
        });
  }

  private <R> void work(Subject subject, Work<R> work, Reply<?> reply, Consumer<R> then) {
    store.submit(
        subject,
        work,
        outcome -> {
          switch (outcome) {
            case Outcome.Done(R value) -> then.accept(value);
            case Outcome.Failed(StoreFailure why) -> reply.fail(Refusals.store(why));
          }
        });
  }

  // Queues

  private void look(String queue, Reply<Optional<QueueLook>> reply) {
    work(
        new Subject.Any(),
        jobs -> jobs.queue(queue).map(view -> new Look(view, counts(jobs.counts(), queue))),
        reply,
        found -> reply.complete(found.map(this::look)));
  }

  private void look(Reply<List<QueueLook>> reply) {
    work(
        new Subject.Any(),
        Dispatcher::lookAtAll,
        reply,
        found -> reply.complete(found.stream().map(this::look).toList()));
  }

  private static List<Look> lookAtAll(Jobs jobs) {
    Map<String, QueueCounts> counts = jobs.counts();
    return jobs.queues().stream().map(view -> new Look(view, counts(counts, view.name()))).toList();
  }

  private static QueueCounts counts(Map<String, QueueCounts> counts, String queue) {
    return counts.getOrDefault(queue, new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  private QueueLook look(Look look) {
    String name = look.queue.name();
    return new QueueLook(
        look.queue,
        look.counts,
        submits.waiting(name),
        leases.waiting(name),
        push.calls(name),
        push.openBreakers(name));
  }

  private void configure(String queue, QueueSettings to, Reply<Boolean> reply) {
    changeQueue(queue, jobs -> jobs.configure(queue, to), reply);
  }

  private void pause(String queue, boolean paused, Reply<Boolean> reply) {
    changeQueue(queue, jobs -> jobs.pause(queue, paused), reply);
  }

  private void remove(String queue, Reply<Boolean> reply) {
    changeQueue(queue, jobs -> jobs.remove(queue), reply);
  }

  /** Whatever was changed, the directory knows the queue as it is then. */
  private void changeQueue(String queue, Work<Boolean> change, Reply<Boolean> reply) {
    record Changed(boolean done, Optional<QueueView> queue) {}
    work(
        new Subject.Queue(queue),
        jobs -> new Changed(change.on(jobs), jobs.queue(queue)),
        reply,
        changed -> {
          changed.queue.ifPresentOrElse(queues::put, () -> queues.remove(queue));
          changed.queue.filter(QueueView::paused).ifPresent(view -> push.paused(view.name()));
          queuesHaveChanged();
          leases.ready(queue);
          push.ready(queue);
          submits.room(queue);
          reply.complete(changed.done);
        });
  }

  private void queuesHaveChanged() {
    var all = new HashMap<String, QueueSettings>();
    queues.pushQueues().forEach(name -> all.put(name, queues.settings(name)));
    push.set(all);
  }

  private void load() {
    loadAt = Long.MAX_VALUE;
    store.submit(
        new Subject.Any(),
        Jobs::queues,
        outcome -> {
          switch (outcome) {
            case Outcome.Done(List<QueueView> all) -> {
              queues.load(all);
              all.stream().filter(QueueView::paused).map(QueueView::name).forEach(push::paused);
            }
            case Outcome.Failed(StoreFailure _) -> {
              queues.goOnWithoutLoading(); // who waits then hears that the engine is away
              loadAt = time.nanos() + LOAD_AGAIN.toNanos();
            }
          }
          queuesHaveChanged();
          leases.readyAnywhere();
          push.readyAnywhere(); // one may have been resumed
        });
  }

  // What the engine tells

  /** Hears of changes. */
  private final class Hearing implements JobStore.Listener {
    @Override
    public void changed(List<Change> changes) {
      changes.forEach(Dispatcher.this::changed);
    }

    @Override
    public void changedElsewhere(News news) {
      if (news.everything()) {
        anythingHasChanged();
        return;
      }
      news.ready().forEach(Dispatcher.this::ready);
      news.room().forEach(submits::ended); // by an end at least
      news.finished().forEach(results::finished);
      news.finished().forEach(watches::finished);
      news.finished().forEach(push::notOurs);
      if (news.queues()) {
        loadAt = time.nanos();
      }
    }
  }

  private void changed(Change change) {
    tally.changed(change);
    watches.changed(change);
    push.changed(change);
    sweeper.heard(change.due());
    if (change.isReady()) {
      ready(change.queue());
    }
    if (change.isFinish()) {
      submits.ended(change.queue());
      results.finished(change.id());
    }
  }

  private void ready(String queue) {
    leases.ready(queue);
    push.ready(queue);
  }

  private void anythingHasChanged() {
    leases.readyAnywhere();
    push.readyAnywhere();
    submits.roomAnywhere();
    results.lookAtAll();
    sweeper.now();
    loadAt = time.nanos();
  }

  private void due(List<Schedule> schedules) {
    if (!draining) {
      recurring.serve(schedules, sweeper);
    }
  }

  // What time does

  /**
   * Hears what the engine has to say, does what is due by time, and hands over what is to be done;
   * called after every batch of messages and when the time it has answered last has passed.
   *
   * @return how long until there is something to do; at most {@code atMost}
   */
  Duration tick(Duration atMost) {
    store.collect();
    if (loadAt <= time.nanos()) {
      load();
    }
    submits.tick();
    leases.tick();
    results.tick();
    sweeper.tick();
    if (draining && !handingBack && (handBackAt <= time.nanos() || isDoneEarly())) {
      handingBack = true;
      handBackAt = time.nanos();
      push.handBack();
    }
    push.tick();
    if (handingBack && !closing && isIdle()) {
      closing = true;
      results.drain();
      watches.drain();
    }
    store.flush();
    long now = time.nanos();
    long next = Math.min(Math.min(submits.next(), leases.next()), results.next());
    next = Math.min(Math.min(next, sweeper.next()), loadAt);
    if (draining) {
      next = Math.min(next, handingBack ? giveUpAt() : handBackAt);
    }
    long nanos = clock.nanos();
    long wait =
        Math.min(next == Long.MAX_VALUE ? next : next - now, until(push.next(nanos), nanos));
    return Duration.ofNanos(Math.clamp(wait, 0, atMost.toNanos()));
  }

  private static long until(long next, long now) {
    if (next == Long.MAX_VALUE) {
      return next;
    }
    return next <= now ? 0 : next - now;
  }

  // The end

  /** Takes no more work; goes on with what is in hand. A second call does nothing. */
  void drain() {
    if (draining) {
      return;
    }
    draining = true;
    handBackAt = time.nanos() + settings.finishWithin().toNanos();
    submits.drain();
    leases.drain();
    push.drain();
  }

  /** Whether the time to finish is over: workers shall hand back what they have in hand. */
  boolean isHandingBack() {
    return handingBack;
  }

  /** Whether nothing is left that is worth waiting for. */
  boolean isOver() {
    return handingBack && (closing && isIdle() || giveUpAt() <= time.nanos());
  }

  /** In good order or not: nobody is left waiting. */
  void end() {
    drain();
    results.end();
    watches.drain();
    store.flush();
  }

  private boolean isIdle() {
    return push.isIdle() && !store.isWaiting();
  }

  /**
   * Whether there is nothing to finish. In an engine that keeps its jobs only what is in hand; else
   * all jobs of push queues whose time comes before it is over.
   */
  private boolean isDoneEarly() {
    return isIdle() && (!settings.ephemeral() || push.isDry() && sweeper.planned() >= handBackAt);
  }

  private long giveUpAt() {
    return handBackAt + settings.handBackWithin().toNanos();
  }

  private PoolCounts counts() {
    tally.leasedByPush(push.leased(), push.handedBack());
    return new PoolCounts(
        settings.workers(),
        submits.waiting(),
        submits.waitingBytes(),
        leases.waiting(),
        results.waiting(),
        watches.count(),
        push.calls(),
        push.held(),
        push.openBreakers(),
        push.unsaved(),
        push.callsMade(),
        push.callTime(),
        tally.events());
  }
}
