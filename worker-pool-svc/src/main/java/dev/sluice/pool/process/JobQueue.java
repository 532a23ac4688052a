package dev.sluice.pool.process;

import dev.sluice.csp.Clock;
import dev.sluice.pool.store.Attempt;
import dev.sluice.pool.store.Job;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.UnfinishedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Owns every job, from its acceptance until it is forgotten, and those who wait for room. Only its
 * process calls it.
 *
 * <pre>
 *   Submit --> (line) --> queued --> running --> succeeded, failed --> forgotten
 *                           ^           |
 *                           +- retrying <
 * </pre>
 *
 * <p>The jobs that are queued, running or retrying are the unfinished ones: never more than the
 * capacity. Who comes when it is reached waits in the line, as long as it will; nobody overtakes
 * the line.
 */
final class JobQueue {
  /** How many attempts of a job are remembered: the last. */
  static final int ATTEMPTS_KEPT = 20;

  private static final int LONGEST_ERROR = 300;

  private final PoolSettings settings;
  private final JobStore store;
  private final Clock clock;
  private final JobIds ids;
  private final Backoff backoff;
  private final Pace pace;

  private final Map<UUID, Tracked> jobs = new HashMap<>();
  private final Queue<Tracked> queued = new ArrayDeque<>();
  private final PriorityQueue<Tracked> retrying =
      new PriorityQueue<>(
          Comparator.<Tracked>comparingLong(each -> each.due).thenComparing(each -> each.job.id()));
  private final Queue<Tracked> finished = new ArrayDeque<>();
  private final SubmitLine line = new SubmitLine();
  private int running;
  private long content;

  /** How many of the loaded jobs are unfinished; when the last is done, the store can forget. */
  private int loadedUnfinished;

  private boolean draining;
  private boolean handingBack;
  private long handBackAt;

  private final long loaded;
  private long accepted;
  private long refused;
  private long succeeded;
  private long failed;
  private long attempts;
  private long attemptNanos;
  private long retried;

  /** One job and all that is known of it. */
  private static final class Tracked {
    Job job;
    JobState state = JobState.QUEUED;
    final long content;
    final boolean loaded;
    int made;
    final ArrayDeque<Attempt> attempts;

    // Of the running attempt.
    long startedNanos;
    Instant startedAt = Instant.MIN;

    // When it retries.
    long due;
    @Nullable Instant dueAt;

    // When it is finished.
    long finishedNanos;
    @Nullable Instant finishedAt;

    Tracked(Job job, boolean loaded, int made, List<Attempt> attempts) {
      this.job = job;
      this.content = job.call().size();
      this.loaded = loaded;
      this.made = made;
      this.attempts = new ArrayDeque<>(attempts);
    }

    JobSnapshot snapshot() {
      var shown = new ArrayList<JobSnapshot.Attempt>();
      for (Attempt each : attempts) {
        shown.add(
            new JobSnapshot.Attempt(
                each.number(), each.startedAt(), each.finishedAt(), each.status(), each.error()));
      }
      if (state == JobState.RUNNING) {
        shown.add(new JobSnapshot.Attempt(made + 1, startedAt, null, null, null));
      }
      return new JobSnapshot(
          job.id(),
          state,
          List.copyOf(shown),
          job.call().method(),
          job.call().url(),
          job.maxAttempts(),
          job.timeout(),
          job.backoff(),
          job.acceptedAt(),
          dueAt,
          finishedAt);
    }
  }

  /**
   * @param store where {@code unfinished} come from; is told when they are done
   * @param unfinished the jobs left over from the run before
   * @throws IllegalArgumentException they are more than the queue holds
   */
  JobQueue(
      PoolSettings settings,
      JobStore store,
      List<UnfinishedJob> unfinished,
      Clock clock,
      RandomGenerator random) {
    this.settings = settings;
    this.store = store;
    this.clock = clock;
    this.ids = new JobIds(clock, random);
    this.backoff = new Backoff(settings.maxBackoff(), random);
    this.pace = new Pace(settings.workers());
    this.loaded = unfinished.size();
    this.loadedUnfinished = unfinished.size();
    unfinished.forEach(this::takeUp);
    requireRoomForLoaded();
  }

  // What is asked

  void handle(PoolMessage message) {
    switch (message) {
      case Submit submit -> submit(submit);
      case GetJob(UUID id, var reply) -> reply.complete(find(id));
      case GetQueue(var reply) -> reply.complete(snapshot());
    }
  }

  private void submit(Submit request) {
    long now = clock.nanos();
    long size = request.call().size();
    expireLine(now);
    if (draining) {
      request.reply().complete(new Submission.Draining());
    } else if (content + size > settings.maxContent()) {
      refuse(request, now, now);
    } else if (hasRoom()) {
      accept(request);
    } else if (request.maxWait().isPositive() && line.size() < settings.maxWaiters()) {
      line.add(request, now);
      content += size;
    } else {
      refuse(request, now, now);
    }
  }

  /** Nobody waits while there is room: the line is served whenever a job is finished. */
  private boolean hasRoom() {
    return depth() < settings.capacity();
  }

  private void accept(Submit request) {
    var job =
        new Job(
            ids.next(),
            request.call(),
            request.maxAttempts(),
            request.timeout(),
            request.backoff(),
            clock.instant());
    // The answer comes first: whoever does not want it any more must leave no job behind.
    if (request.reply().complete(new Submission.Accepted(job.id()))) {
      accepted++;
      track(new Tracked(job, false, 0, List.of()));
    }
  }

  private void refuse(Submit request, long since, long now) {
    refused++;
    request
        .reply()
        .complete(
            new Submission.Full(
                Duration.ofNanos(now - since), depth(), content, pace.untilFree(line.size() + 1)));
  }

  private void track(Tracked fresh) {
    jobs.put(fresh.job.id(), fresh);
    content += fresh.content;
    queued.add(fresh);
  }

  private Optional<JobSnapshot> find(UUID id) {
    return Optional.ofNullable(jobs.get(id)).map(Tracked::snapshot);
  }

  private QueueSnapshot snapshot() {
    return new QueueSnapshot(
        settings.capacity(),
        depth(),
        queued.size(),
        running,
        retrying.size(),
        line.waiting(),
        settings.workers(),
        finished.size(),
        content,
        accepted,
        loaded,
        refused,
        succeeded,
        failed,
        attempts,
        Duration.ofNanos(attemptNanos),
        retried,
        draining);
  }

  private int depth() {
    return queued.size() + running + retrying.size();
  }

  // What workers do

  /** What the next free worker shall do; null when there is nothing. */
  @Nullable Assignment next() {
    Tracked head = queued.peek();
    return head == null || handingBack ? null : new Assignment(head.job, head.made + 1);
  }

  /** A worker has taken {@link #next}. */
  void started() {
    Tracked taken = queued.remove();
    taken.state = JobState.RUNNING;
    taken.startedNanos = clock.nanos();
    taken.startedAt = clock.instant();
    running++;
  }

  /** A worker reports. */
  void attempted(Attempted report) {
    Tracked tracked = jobs.get(report.id());
    if (tracked == null || tracked.state != JobState.RUNNING) {
      throw new IllegalArgumentException("a report of job " + report.id() + ", which does not run");
    }
    running--;
    switch (report.outcome()) {
      case Outcome.HandedBack() -> {
        tracked.state = JobState.QUEUED;
        queued.add(tracked);
      }
      case Outcome.Answered(int status, String retryAfter) -> {
        remember(tracked, status, isRedirect(status) ? "redirects are not followed" : null);
        judge(tracked, status, retryAfter);
      }
      case Outcome.Unanswered(String error) -> {
        remember(tracked, null, error);
        retryOrFail(tracked, Duration.ZERO);
      }
      case Outcome.Refused(String error) -> {
        remember(tracked, null, error);
        finish(tracked, JobState.FAILED);
      }
    }
  }

  private void remember(Tracked tracked, @Nullable Integer status, @Nullable String error) {
    tracked.made++;
    if (tracked.attempts.size() == ATTEMPTS_KEPT) {
      tracked.attempts.remove();
    }
    tracked.attempts.add(
        new Attempt(tracked.made, tracked.startedAt, clock.instant(), status, shortened(error)));
    long took = clock.nanos() - tracked.startedNanos;
    attempts++;
    attemptNanos += took;
    pace.attemptTook(took);
  }

  private static @Nullable String shortened(@Nullable String error) {
    return error == null || error.length() <= LONGEST_ERROR
        ? error
        : error.substring(0, LONGEST_ERROR) + "...";
  }

  private void judge(Tracked tracked, int status, @Nullable String retryAfter) {
    if (status >= 200 && status < 300) {
      finish(tracked, JobState.SUCCEEDED);
    } else if (status == 429 || status == 503) {
      retryOrFail(tracked, wishOf(retryAfter));
    } else if (status >= 500) {
      retryOrFail(tracked, Duration.ZERO);
    } else {
      finish(tracked, JobState.FAILED);
    }
  }

  private Duration wishOf(@Nullable String retryAfter) {
    return retryAfter == null
        ? Duration.ZERO
        : RetryAfter.parse(retryAfter, clock.instant()).map(backoff::capped).orElse(Duration.ZERO);
  }

  /**
   * @param atLeast what the target asked for: the next attempt comes after this and after the
   *     backoff
   */
  private void retryOrFail(Tracked tracked, Duration atLeast) {
    if (tracked.made >= tracked.job.maxAttempts()) {
      finish(tracked, JobState.FAILED);
    } else {
      Duration delay = backoff.after(tracked.job.backoff(), tracked.made);
      retried++;
      retry(tracked, delay.compareTo(atLeast) < 0 ? atLeast : delay);
    }
  }

  private void retry(Tracked tracked, Duration delay) {
    tracked.state = JobState.RETRYING;
    tracked.due = clock.nanos() + delay.toNanos();
    tracked.dueAt = clock.instant().plus(delay);
    retrying.add(tracked);
  }

  private void finish(Tracked tracked, JobState outcome) {
    tracked.state = outcome;
    tracked.finishedNanos = clock.nanos();
    tracked.finishedAt = clock.instant();
    tracked.job = tracked.job.withoutContent();
    content -= tracked.content;
    finished.add(tracked);
    if (outcome == JobState.SUCCEEDED) {
      succeeded++;
    } else {
      failed++;
    }
    if (tracked.loaded && --loadedUnfinished == 0) {
      store.clear();
    }
    long now = clock.nanos();
    expireLine(now);
    serveLine();
    forgetFinished(now);
  }

  private void serveLine() {
    while (hasRoom()) {
      SubmitLine.Place first = line.pollFirst();
      if (first == null) {
        return;
      }
      content -= first.request.call().size();
      accept(first.request);
    }
  }

  private static boolean isRedirect(int status) {
    return status >= 300 && status < 400;
  }

  // What time does

  /**
   * Does what is due by time; called after every change and when the time it has answered last has
   * passed.
   *
   * @return how long until there is something to do; at most {@code atMost}
   */
  Duration tick(Duration atMost) {
    long now = clock.nanos();
    expireLine(now);
    while (!retrying.isEmpty() && retrying.peek().due - now <= 0) {
      Tracked due = retrying.remove();
      due.state = JobState.QUEUED;
      due.dueAt = null;
      queued.add(due);
    }
    forgetFinished(now);
    if (draining && !handingBack && (handBackAt - now <= 0 || waitsInVain())) {
      handingBack = true;
      handBackAt = now;
    }
    return Duration.ofNanos(Math.max(0, nextInstant(now + atMost.toNanos()) - now));
  }

  private long nextInstant(long latest) {
    long next = line.nextDeadline(latest);
    if (!retrying.isEmpty()) {
      next = Math.min(next, retrying.peek().due);
    }
    if (!finished.isEmpty()) {
      next = Math.min(next, forgetAt(finished.peek()));
    }
    if (draining) {
      next = Math.min(next, handingBack ? giveUpAt() : handBackAt);
    }
    return next;
  }

  private void expireLine(long now) {
    for (SubmitLine.Place late = line.pollExpired(now);
        late != null;
        late = line.pollExpired(now)) {
      content -= late.request.call().size();
      refuse(late.request, late.since, now);
    }
  }

  private void forgetFinished(long now) {
    while (finished.size() > settings.keepFinished()
        || !finished.isEmpty() && forgetAt(finished.peek()) - now <= 0) {
      jobs.remove(finished.remove().job.id());
    }
  }

  private long forgetAt(Tracked tracked) {
    return tracked.finishedNanos + settings.keepFinishedFor().toNanos();
  }

  // The end

  /** Takes no more jobs; goes on with those that are there. A second call does nothing. */
  void drain() {
    if (!draining) {
      draining = true;
      handBackAt = clock.nanos() + settings.finishWithin().toNanos();
    }
    for (SubmitLine.Place first = line.pollFirst(); first != null; first = line.pollFirst()) {
      content -= first.request.call().size();
      first.request.reply().complete(new Submission.Draining());
    }
  }

  /** Whether the time to finish is over: workers shall hand back what they have in hand. */
  boolean isHandingBack() {
    return handingBack;
  }

  /** Whether nothing is left to do before the {@link #unfinished} are saved. */
  boolean isOver() {
    return draining
        && (depth() == 0 || handingBack && (running == 0 || giveUpAt() - clock.nanos() <= 0));
  }

  /** Those that are not finished; what runs still counts as not attempted. */
  List<UnfinishedJob> unfinished() {
    return jobs.values().stream()
        .filter(each -> !each.state.isFinished())
        .sorted(Comparator.comparing(each -> each.job.id()))
        .map(each -> new UnfinishedJob(each.job, each.made, List.copyOf(each.attempts), each.dueAt))
        .toList();
  }

  /** Whether all that is left are retries that come too late. */
  private boolean waitsInVain() {
    return queued.isEmpty()
        && running == 0
        && !retrying.isEmpty()
        && retrying.peek().due - handBackAt >= 0;
  }

  private long giveUpAt() {
    return handBackAt + settings.handBackWithin().toNanos();
  }

  // The beginning

  private void takeUp(UnfinishedJob left) {
    var tracked = new Tracked(left.job(), true, left.attemptsMade(), left.attempts());
    jobs.put(left.job().id(), tracked);
    content += tracked.content;
    Instant notBefore = left.notBefore();
    Duration delay =
        notBefore == null ? Duration.ZERO : Duration.between(clock.instant(), notBefore);
    if (delay.isPositive()) {
      retry(tracked, backoff.capped(delay));
    } else {
      queued.add(tracked);
    }
  }

  private void requireRoomForLoaded() {
    if (depth() > settings.capacity() || content > settings.maxContent()) {
      throw new IllegalArgumentException(
          "the "
              + depth()
              + " jobs left over from the last run, with "
              + content
              + " characters of content, are more than the capacity of "
              + settings.capacity()
              + " jobs and "
              + settings.maxContent()
              + " characters");
    }
  }
}
