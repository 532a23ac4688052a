package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.Debounce;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.store.QueueDefaults;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decides what comes of a submit. */
final class Intake {
  private final JobTable jobs;
  private final ContentTable contents;
  private final QueueTable queues;
  private final QueueDefaults defaults;
  private final KeyTable keys;
  private final Counts counts;
  private final Course course;
  private final Transaction transaction;

  Intake(
      JobTable jobs,
      ContentTable contents,
      QueueTable queues,
      QueueDefaults defaults,
      KeyTable keys,
      Counts counts,
      Course course,
      Transaction transaction) {
    this.jobs = jobs;
    this.contents = contents;
    this.queues = queues;
    this.defaults = defaults;
    this.keys = keys;
    this.counts = counts;
    this.course = course;
    this.transaction = transaction;
  }

  Submitted submit(NewJob job, UUID id) {
    QueueSettings settings = queues.settings(job.queue());
    Submitted known = known(job);
    if (known != null) {
      return known;
    }
    if (job.call() == null == (settings.kind() == Kind.PUSH)) {
      return new Submitted.WrongKind(settings.kind());
    }
    JobRow waiting = waiting(job);
    if (waiting != null) {
      return replace(waiting, job, settings);
    }
    Submitted.Full full = full(job.queue(), settings, 1, job.payload().bytes().length);
    if (full != null) {
      return full;
    }
    return queues.make(job.queue())
        ? add(job, id, settings)
        : new Submitted.TooManyQueues(defaults.maxQueues());
  }

  /** Takes one that was accepted before, and cannot be refused any more. */
  void admit(NewJob job, UUID id) {
    QueueSettings settings = queues.settings(job.queue());
    if (known(job) == null) {
      queues.makeAnyway(job.queue());
      add(job, id, settings);
    }
  }

  /**
   * Whether there is no room for more.
   *
   * @return null when there is
   */
  Submitted.@Nullable Full full(String queue, QueueSettings settings, int more, long moreBytes) {
    long depth = counts.depth(queue);
    long bytes = counts.bytes(queue);
    return depth + more > settings.capacity() || bytes + moreBytes > settings.capacityBytes()
        ? new Submitted.Full(depth, settings.capacity(), bytes, settings.capacityBytes())
        : null;
  }

  private @Nullable Submitted known(NewJob job) {
    String key = job.idempotencyKey();
    KeyTable.Known known = key == null ? null : keys.find(job.queue(), key, transaction.now());
    if (known == null) {
      return null;
    }
    if (!Arrays.equals(known.hash(), KeyTable.hash(job))) {
      return new Submitted.Mismatch(known.id());
    }
    return new Submitted.Existing(known.id(), state(known));
  }

  private JobState state(KeyTable.Known known) {
    JobRow row = known.last() == null ? jobs.find(known.id()) : null;
    if (row != null) {
      return row.state;
    }
    return known.last() == null ? JobState.CANCELLED : known.last();
  }

  private @Nullable JobRow waiting(NewJob job) {
    Debounce debounce = job.debounce();
    return debounce == null ? null : jobs.debounced(job.queue(), debounce.key());
  }

  private Submitted replace(JobRow row, NewJob job, QueueSettings settings) {
    long bytes = job.payload().bytes().length;
    long more = bytes - row.bytes;
    Submitted.Full full = more > 0 ? full(job.queue(), settings, 0, more) : null;
    if (full != null) {
      return full;
    }
    contents.replace(row.seq, job);
    row.keyed |= job.idempotencyKey() != null;
    course.replace(row, beginAt(job, row.acceptedAt), bytes);
    remember(job, row.id, settings);
    return new Submitted.Existing(row.id, row.state);
  }

  private Submitted add(NewJob job, UUID id, QueueSettings settings) {
    long now = transaction.now();
    var row = new JobRow(id, job.queue(), JobState.QUEUED, job.priority(), job.group(), now);
    Debounce debounce = job.debounce();
    row.debounce = debounce == null ? null : debounce.key();
    row.keyed = job.idempotencyKey() != null;
    row.beginAt = beginAt(job, now);
    row.deadline = Millis.of(job.deadline());
    row.bytes = job.payload().bytes().length;
    course.add(row);
    contents.insert(row.seq, job, job.terms().orOf(settings.terms()));
    remember(job, id, settings);
    return new Submitted.Accepted(id, row.state);
  }

  private void remember(NewJob job, UUID id, QueueSettings settings) {
    if (job.idempotencyKey() != null) {
      long expires = transaction.now() + settings.idempotencyWindow().toMillis();
      keys.put(job.queue(), job.idempotencyKey(), id, KeyTable.hash(job), expires);
    }
  }

  /**
   * When it may begin; null: at once.
   *
   * @param first when the first submit of those that are one job came
   */
  private @Nullable Long beginAt(NewJob job, long first) {
    long now = transaction.now();
    long begin = now + job.delay().toMillis();
    Instant notBefore = job.notBefore();
    if (notBefore != null) {
      begin = Math.max(begin, notBefore.toEpochMilli());
    }
    Debounce debounce = job.debounce();
    if (debounce != null) {
      long quiet = now + debounce.quiet().toMillis();
      begin = Math.max(begin, Math.min(quiet, first + debounce.max().toMillis()));
    }
    return begin > now ? (Long) begin : null;
  }
}
