package dev.sluice.pool.process;

import dev.sluice.csp.Reply;
import dev.sluice.pool.model.Schedule;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.process.recurring.Cron;
import dev.sluice.pool.process.recurring.MissedTimes;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.Jobs;
import dev.sluice.store.EpochClock;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Submits the jobs of schedules whose time has come. That a time is served and that its job is
 * there is one transaction, so neither a crash nor another instance makes one too many or too few.
 *
 * <p>When the queue is full, a schedule that skips what it misses has missed its time; one that
 * catches up tries again after {@link #WHEN_FULL}.
 */
final class RecurringJobs {
  /** When to try again to submit to a queue that was full. */
  static final Duration WHEN_FULL = Duration.ofSeconds(1);

  private final JobStore store;
  private final JobIds ids;
  private final EpochClock clock;
  private final PoolSettings settings;
  private final Tally tally;

  /** Those that wait for room, and until when; they stay due meanwhile. */
  private final Map<String, Long> waiting = new HashMap<>();

  /** What was done about the times of a schedule. */
  private record Served(int submitted, int missed, boolean full) {}

  RecurringJobs(JobStore store, JobIds ids, EpochClock clock, PoolSettings settings, Tally tally) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
    this.settings = settings;
    this.tally = tally;
  }

  /**
   * Serves those whose time has come.
   *
   * @param again told when to sweep again
   */
  void serve(List<Schedule> schedules, Sweeper again) {
    long now = clock.nanos();
    for (Schedule schedule : schedules) {
      long from = waiting.getOrDefault(schedule.name(), now);
      if (from <= now) {
        waiting.remove(schedule.name());
        serve(schedule, again);
      } else {
        again.heard(instant(from));
      }
    }
  }

  private void serve(Schedule schedule, Sweeper again) {
    MissedTimes missed = MissedTimes.of(schedule, instant(clock.nanos()));
    List<UUID> drawn = missed.times().stream().map(_ -> ids.next()).toList();
    store.submit(
        new Subject.Queue(schedule.job().queue()),
        jobs -> serve(jobs, schedule, missed, drawn),
        outcome -> {
          switch (outcome) {
            case Outcome.Done(Served served) -> served(schedule, missed, served, again);
            case Outcome.Failed(StoreFailure _) ->
                again.heard(instant(clock.nanos()).plus(WHEN_FULL));
          }
        });
  }

  private static Served serve(Jobs jobs, Schedule schedule, MissedTimes missed, List<UUID> drawn) {
    Instant due = Objects.requireNonNull(schedule.next());
    UUID last = drawn.isEmpty() ? null : drawn.getLast();
    if (!jobs.advance(schedule.name(), due, missed.next(), last)) {
      return new Served(0, 0, false); // another instance was first
    }
    int submitted = 0;
    for (int i = 0; i < drawn.size(); i++) {
      if (isAccepted(jobs.submit(schedule.job(), drawn.get(i)))) {
        submitted++;
      } else if (schedule.missed() == Schedule.Missed.CATCH_UP) {
        UUID before = i == 0 ? schedule.lastJob() : drawn.get(i - 1);
        comeBack(jobs, schedule, missed, missed.times().get(i), before);
        return new Served(submitted, 0, true);
      }
    }
    return new Served(submitted, missed.skipped() + drawn.size() - submitted, false);
  }

  /** Puts a schedule back to a time that could not be served. */
  private static void comeBack(
      Jobs jobs, Schedule schedule, MissedTimes missed, Instant to, @Nullable UUID last) {
    Schedule now = jobs.schedule(schedule.name()).orElse(schedule);
    jobs.schedule(
        new Schedule(
            now.name(),
            now.cron(),
            now.zone(),
            now.missed(),
            now.job(),
            now.paused(),
            to,
            last == null ? schedule.last() : now.last(),
            last));
  }

  private static boolean isAccepted(Submitted submitted) {
    return submitted instanceof Submitted.Accepted || submitted instanceof Submitted.Existing;
  }

  private void served(Schedule schedule, MissedTimes missed, Served served, Sweeper again) {
    tally.scheduled += served.submitted;
    tally.missed += served.missed;
    if (served.full) {
      long from = clock.nanos() + WHEN_FULL.toNanos();
      waiting.values().removeIf(until -> until <= clock.nanos());
      if (waiting.size() < settings.maxSchedules()) {
        waiting.put(schedule.name(), from);
      }
      again.heard(instant(from));
    } else {
      again.heard(missed.next());
    }
  }

  /** Makes a schedule or changes it; what it has done before stays known. */
  void put(Schedule schedule, Reply<Schedule> reply, Sweeper sweeper) {
    Instant now = instant(clock.nanos());
    Instant next =
        schedule.paused()
            ? null
            : Cron.parse(schedule.cron(), schedule.zone()).next(now).orElse(null);
    store.submit(
        new Subject.Any(),
        jobs -> put(jobs, schedule, next),
        outcome -> {
          switch (outcome) {
            case Outcome.Done(Optional<Schedule> put) when put.isPresent() -> {
              sweeper.heard(put.get().next());
              reply.complete(put.get());
            }
            case Outcome.Done(Optional<Schedule> _) -> {
              tally.refusedOverloaded++;
              reply.fail(Refusals.overloaded("schedules"));
            }
            case Outcome.Failed(StoreFailure why) -> reply.fail(Refusals.store(why));
          }
        });
  }

  private Optional<Schedule> put(Jobs jobs, Schedule schedule, @Nullable Instant next) {
    Optional<Schedule> before = jobs.schedule(schedule.name());
    if (before.isEmpty() && jobs.schedules().size() >= settings.maxSchedules()) {
      return Optional.empty();
    }
    var put =
        new Schedule(
            schedule.name(),
            schedule.cron(),
            schedule.zone(),
            schedule.missed(),
            schedule.job(),
            schedule.paused(),
            next,
            before.map(Schedule::last).orElse(null),
            before.map(Schedule::lastJob).orElse(null));
    jobs.schedule(put);
    return Optional.of(put);
  }

  private static Instant instant(long nanos) {
    return Instant.EPOCH.plusNanos(nanos);
  }
}
