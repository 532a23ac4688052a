package dev.sluice.mesh.process;

import java.time.Duration;

/**
 * What can be set of the supervisor.
 *
 * @param shards into how many shards the keys of each group fall; fixed, not fewer than workers
 * @param workers how many workers it launches, {@code worker-0} and so on
 * @param routers how many routers it launches, {@code router-0} and so on
 * @param heartbeat how often members beat; two missed, and a worker is stuck
 * @param gathers whether it waits at its start for members that are there already; not when all
 *     live in this JVM
 * @param members the most workers and the most routers that may be known at once
 * @param restarts how launched members are started again
 */
public record SupervisorSettings(
    int shards,
    int workers,
    int routers,
    Duration heartbeat,
    boolean gathers,
    int members,
    Restarts restarts) {

  /**
   * How launched members are started again.
   *
   * @param backoff the pause before the first restart; it doubles with every failure in the window
   * @param maxBackoff the longest pause
   * @param failures so many failures within the window, and a worker is out of service for good
   * @param window over which failures count
   */
  public record Restarts(Duration backoff, Duration maxBackoff, int failures, Duration window) {}
}
