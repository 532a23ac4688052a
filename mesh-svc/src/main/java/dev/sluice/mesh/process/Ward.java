package dev.sluice.mesh.process;

import dev.sluice.mesh.process.Launcher.Launched;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A worker in the supervisor's care; owned by the supervisor. Times are the clock's nanoseconds.
 */
final class Ward {
  final String name;
  WorkerState state = WorkerState.RESTARTING;

  /** Which of its processes is the present one. */
  int incarnation;

  /** The present process; null when none runs that counts. */
  @Nullable Launched process;

  long lastBeat;

  /** When to start it again, if it is {@link WorkerState#RESTARTING}. */
  long restartAt;

  /** Why its last process was given up. */
  @Nullable String reason;

  private final Queue<Long> failures = new ArrayDeque<>();

  Ward(String name, long now) {
    this.name = name;
    this.restartAt = now;
  }

  /** Whether a process of it runs and counts. */
  boolean runs() {
    return process != null;
  }

  /** Whether that is the incarnation that runs and counts. */
  boolean is(int its) {
    return runs() && incarnation == its;
  }

  /**
   * Whether it can be given shards. A process that was started again has to show first that it
   * lives; at the first start nobody else is there.
   */
  boolean isCandidate() {
    return runs() && (state == WorkerState.LIVE || incarnation == 1);
  }

  /** How many times it has been started again. */
  int restarts() {
    return Math.max(0, incarnation - 1);
  }

  /** Its process has failed: plans the next one, unless that was once too often. */
  void planRestart(MeshSettings.Restarts restarts, long now) {
    failures.add(now);
    while (failures.element() - (now - restarts.window().toNanos()) <= 0) {
      failures.remove();
    }
    if (failures.size() >= restarts.failures()) {
      state = WorkerState.OUT_OF_SERVICE;
    } else {
      state = WorkerState.RESTARTING;
      restartAt = now + backoff(restarts, failures.size()).toNanos();
    }
  }

  private static Duration backoff(MeshSettings.Restarts restarts, int failures) {
    Duration pause = restarts.backoff();
    for (int i = 1; i < failures && pause.compareTo(restarts.maxBackoff()) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(restarts.maxBackoff()) < 0 ? pause : restarts.maxBackoff();
  }
}
