package dev.sluice.pool.process;

import dev.sluice.pool.model.Schedule;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.Jobs;
import dev.sluice.store.EpochClock;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the engine do what is due by time, when something is: it hears of every job what its next
 * instant is, and sweeps at the earliest of them, not more often than every {@link #PAUSE}.
 */
final class Sweeper {
  /**
   * The least time between two sweeps, so that what is due shortly after another is done with it.
   */
  static final Duration PAUSE = Duration.ofMillis(5);

  private static final Duration PAUSE_OF_SCHEDULES = Duration.ofMillis(100);

  /** How soon at the latest when other instances may have gone and left what is theirs. */
  static final Duration SHARED = Duration.ofSeconds(10);

  private static final int AT_ONCE = 500;

  private final JobStore store;
  private final EpochClock clock;
  private final boolean isShared;
  private final Consumer<List<Schedule>> schedules;
  private boolean isSweeping;

  /** When to sweep, in nanoseconds since 1970; at once when it begins. */
  private long due;

  private long earliest;

  /**
   * @param isShared whether other instances use the engine
   * @param schedules told those whose time has come
   */
  Sweeper(JobStore store, EpochClock clock, boolean isShared, Consumer<List<Schedule>> schedules) {
    this.store = store;
    this.clock = clock;
    this.isShared = isShared;
    this.schedules = schedules;
    this.due = clock.nanos();
    this.earliest = due;
  }

  /** Something will be due then; null: nothing. */
  void heard(@Nullable Instant at) {
    if (at != null) {
      due = Math.min(due, nanos(at));
    }
  }

  /** Something may be due. */
  void now() {
    due = clock.nanos();
  }

  void tick() {
    if (isSweeping || next() > clock.nanos()) {
      return;
    }
    isSweeping = true;
    due = isShared ? clock.nanos() + SHARED.toNanos() : Long.MAX_VALUE;
    store.submit(new Subject.Any(), jobs -> jobs.sweep(AT_ONCE), this::swept);
  }

  private void swept(Outcome<Jobs.Swept> outcome) {
    isSweeping = false;
    earliest = clock.nanos() + PAUSE.toNanos();
    switch (outcome) {
      case Outcome.Done(Jobs.Swept swept) -> {
        if (swept.more()) {
          earliest = clock.nanos();
          now();
        }
        heard(swept.next());
        if (!swept.schedules().isEmpty()) {
          // they are due until they are advanced, which some put off
          earliest = clock.nanos() + PAUSE_OF_SCHEDULES.toNanos();
          schedules.accept(swept.schedules());
        }
      }
      case Outcome.Failed(StoreFailure.Unavailable(_, Duration retryAfter)) ->
          due = Math.min(due, clock.nanos() + retryAfter.toNanos());
      case Outcome.Failed(StoreFailure _) -> now();
    }
  }

  /** When there is something to do by time; {@link Long#MAX_VALUE}: never. */
  long next() {
    return isSweeping || due == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(due, earliest);
  }

  /** When something is planned next, whether a sweep is under way or not. */
  long planned() {
    return isSweeping ? clock.nanos() : due;
  }

  private static long nanos(Instant at) {
    try {
      return Math.addExact(
          Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), (long) at.getNano());
    } catch (ArithmeticException far) {
      return Long.MAX_VALUE;
    }
  }
}
