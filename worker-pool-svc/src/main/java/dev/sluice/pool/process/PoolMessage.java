package dev.sluice.pool.process;

import dev.sluice.csp.Reply;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.Schedule;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.store.JobStore;
import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the dispatcher is told. */
sealed interface PoolMessage {

  /** Who is to hear that there will be no answer; null: nobody. */
  @Nullable Reply<?> reply();

  /** Submits a job. */
  record Submit(NewJob job, Duration maxWait, Reply<Submitted> reply) implements PoolMessage {}

  /** Submits several; {@code replies} in their places, {@code reply} when all have come. */
  record SubmitAll(
      List<NewJob> jobs,
      Duration maxWait,
      List<Reply<Submitted>> replies,
      Reply<List<SubmitPart>> reply)
      implements PoolMessage {}

  /** Asks for jobs. */
  record Lease(LeaseRequest request, Reply<List<LeasedJob>> reply) implements PoolMessage {}

  /** Waits until a job is finished. */
  record AwaitEnd(UUID id, Duration maxWait, Reply<Optional<JobView>> reply)
      implements PoolMessage {}

  /** Whoever waits for this has gone away, or has its answer. */
  record Abandoned(Reply<?> of) implements PoolMessage {
    @Override
    public @Nullable Reply<?> reply() {
      return null;
    }
  }

  /** Has something done by the engine that concerns nobody who waits here. */
  record Do<R>(JobStore.Subject subject, JobStore.Work<R> work, Reply<R> reply)
      implements PoolMessage {}

  /** Does something to many jobs of a queue, some at a time; what is done says how many it was. */
  record DoMany(String queue, JobStore.Work<Integer> some, int atOnce, Reply<Integer> reply)
      implements PoolMessage {}

  /** Looks at a queue. */
  record LookAtQueue(String queue, Reply<Optional<QueueLook>> reply) implements PoolMessage {}

  /** Looks at all queues. */
  record LookAtQueues(Reply<List<QueueLook>> reply) implements PoolMessage {}

  /** Makes a queue or changes it. */
  record Configure(String queue, QueueSettings settings, Reply<Boolean> reply)
      implements PoolMessage {}

  /** Stops or resumes a queue. */
  record Pause(String queue, boolean paused, Reply<Boolean> reply) implements PoolMessage {}

  /** Deletes a queue. */
  record Remove(String queue, Reply<Boolean> reply) implements PoolMessage {}

  /** Makes a schedule or changes it. */
  record PutSchedule(Schedule schedule, Reply<Schedule> reply) implements PoolMessage {}

  /** Watches a job. */
  record WatchJob(UUID id, Reply<Optional<Watch>> reply) implements PoolMessage {}

  /** Watches a queue. */
  record WatchQueue(String queue, Reply<Watch> reply) implements PoolMessage {}

  /** Ends a watch. */
  record Unwatch(Watch watch) implements PoolMessage {
    @Override
    public @Nullable Reply<?> reply() {
      return null;
    }
  }

  /** Asks how the engine is. */
  record GetStore(Reply<StoreStatus> reply) implements PoolMessage {}

  /** Asks what was counted. */
  record GetCounts(Reply<PoolCounts> reply) implements PoolMessage {}
}
