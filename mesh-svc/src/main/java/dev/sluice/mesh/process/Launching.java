package dev.sluice.mesh.process;

import dev.sluice.mesh.process.Launcher.Launched;
import dev.sluice.mesh.process.SupervisorSettings.Restarts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A member that the supervisor launches, and again when it fails; owned by the supervisor. Times
 * are the clock's nanoseconds.
 */
final class Launching {
  /** How long a process may take until it joins; a busy machine needs its time to start some. */
  static final Duration JOINS_WITHIN = Duration.ofMinutes(2);

  /** The number of its present or last process; 0 when it has had none. */
  long launch;

  /** Its present process; null when none is there that could be ended. */
  @Nullable Launched process;

  /** When that was started. */
  long startedAt;

  /** When to start the next one, if there is to be one. */
  long startAt;

  /** How many have been started. */
  int starts;

  private final Queue<Long> failures = new ArrayDeque<>();

  /**
   * @param startAt when to start it first
   */
  Launching(long startAt) {
    this.startAt = startAt;
  }

  /** Starts it; one that cannot be started has ended. */
  void start(
      Launcher launcher,
      Launcher.Kind kind,
      String name,
      long its,
      long now,
      Consumer<String> ended) {
    launch = its;
    starts++;
    startedAt = now;
    try {
      process = launcher.launch(kind, name, its, ended);
    } catch (RuntimeException failure) {
      ended.accept("could not be started: " + failure.getMessage());
    }
  }

  /** Whether its first process has failed. */
  boolean hasFailed() {
    return starts > 1 || (starts == 1 && process == null);
  }

  /** How many times it has been started again. */
  int restarts() {
    return Math.max(0, starts - 1);
  }

  /**
   * Its process has failed: plans the next one.
   *
   * @return whether that was once too often
   */
  boolean failed(Restarts restarts, long now) {
    failures.add(now);
    while (failures.element() - (now - restarts.window().toNanos()) <= 0
        || failures.size() > restarts.failures()) {
      failures.remove();
    }
    startAt = now + backoff(restarts, failures.size()).toNanos();
    return failures.size() >= restarts.failures();
  }

  private static Duration backoff(Restarts restarts, int failures) {
    Duration pause = restarts.backoff();
    for (int i = 1; i < failures && pause.compareTo(restarts.maxBackoff()) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(restarts.maxBackoff()) < 0 ? pause : restarts.maxBackoff();
  }
}
