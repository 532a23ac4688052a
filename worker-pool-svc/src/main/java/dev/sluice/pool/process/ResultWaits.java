package dev.sluice.pool.process;

import dev.sluice.csp.Reply;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.process.WaitingLines.Place;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.store.EpochClock;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Those who wait until a job is finished. */
final class ResultWaits {
  private final JobStore store;
  private final EpochClock clock;
  private final PoolSettings settings;
  private final Tally tally;
  private final WaitingLines<UUID, Waiting> places = new WaitingLines<>();
  private boolean draining;

  private record Waiting(Reply<Optional<JobView>> reply) implements WaitingLines.Waiter {}

  ResultWaits(JobStore store, EpochClock clock, PoolSettings settings, Tally tally) {
    this.store = store;
    this.clock = clock;
    this.settings = settings;
    this.tally = tally;
  }

  /** Waits before it looks: what happens in between is not missed. */
  void await(UUID id, Duration maxWait, Reply<Optional<JobView>> reply) {
    if (reply.isDone()) {
      return;
    }
    if (draining || !maxWait.isPositive()) {
      answer(id, reply);
    } else if (places.size() >= settings.maxWaiters()) {
      tally.refusedOverloaded++;
      reply.fail(Refusals.overloaded("requests that wait for a result"));
    } else {
      places.add(id, new Waiting(reply), clock.nanos() + maxWait.toNanos());
      look(id, reply);
    }
  }

  private void look(UUID id, Reply<Optional<JobView>> reply) {
    find(
        id,
        outcome -> {
          boolean waits =
              outcome instanceof Outcome.Done(Optional<JobView> job)
                  && job.isPresent()
                  && !job.get().state().isFinished();
          if (!waits) {
            tell(reply, outcome);
          }
        });
  }

  /** Answers how the job is now, whatever that is. */
  private void answer(UUID id, Reply<Optional<JobView>> reply) {
    find(id, outcome -> tell(reply, outcome));
  }

  private void find(UUID id, Consumer<Outcome<Optional<JobView>>> then) {
    store.submit(new Subject.Any(), jobs -> jobs.find(id), then);
  }

  private void tell(Reply<Optional<JobView>> reply, Outcome<Optional<JobView>> outcome) {
    abandoned(reply);
    switch (outcome) {
      case Outcome.Done(Optional<JobView> job) -> reply.complete(job);
      case Outcome.Failed(StoreFailure why) -> reply.fail(Refusals.store(why));
    }
  }

  /** The job is finished. */
  void finished(UUID id) {
    for (Place<UUID, Waiting> place : places.all(id)) {
      places.remove(place);
      answer(id, place.who.reply);
    }
  }

  /** Any job may be finished. */
  void lookAtAll() {
    for (Place<UUID, Waiting> place : places.all()) {
      look(place.key, place.who.reply);
    }
  }

  /** Whoever has asked has gone away, or has its answer. */
  void abandoned(Reply<?> reply) {
    Place<UUID, Waiting> place = places.of(reply);
    if (place != null) {
      places.remove(place);
    }
  }

  /** Answers those whose patience has ended. */
  void tick() {
    long now = clock.nanos();
    for (var late = places.pollExpired(now); late != null; late = places.pollExpired(now)) {
      places.remove(late);
      answer(late.key, late.who.reply);
    }
  }

  /** Lets nobody wait any more. */
  void drain() {
    draining = true;
    for (Place<UUID, Waiting> place : places.all()) {
      places.remove(place);
      answer(place.key, place.who.reply);
    }
  }

  /** Nobody will answer any more. */
  void end() {
    draining = true;
    for (Place<UUID, Waiting> place : places.all()) {
      places.remove(place);
      place.who.reply.fail(Refusals.draining());
    }
  }

  /** When there is something to do by time; {@link Long#MAX_VALUE}: never. */
  long next() {
    return places.nextDeadline();
  }

  int waiting() {
    return places.size();
  }
}
