package dev.sluice.mesh.process;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What can be set of the mesh.
 *
 * @param shards into how many shards the keys fall; fixed, not fewer than workers
 * @param workers how many workers own them
 * @param heartbeat how often a worker gives a sign of life; two missed, and it is stuck
 */
public record MeshSettings(
    int shards, int workers, Duration heartbeat, Waits waits, Bounds bounds, Restarts restarts) {

  /**
   * How long callers wait.
   *
   * @param usual when they do not say
   * @param max the longest they may ask for
   */
  public record Waits(Duration usual, Duration max) {}

  /**
   * How much the router takes in.
   *
   * @param inbox how many requests may wait in front of it
   * @param window how many requests may be with one worker, unanswered
   * @param inFlight how many requests may be unanswered at all
   * @param inFlightPerShard how many of one shard may
   * @param inFlightChars how many characters their payloads may have together
   * @param redeliveries how many times a request is delivered again after the worker that was
   *     running it got stuck or died
   * @param knownIds how many ids of requests are remembered, to tell an id that is used twice
   */
  public record Bounds(
      int inbox,
      int window,
      int inFlight,
      int inFlightPerShard,
      long inFlightChars,
      int redeliveries,
      int knownIds) {}

  /**
   * How workers are restarted.
   *
   * @param backoff the pause before the first restart; it doubles with every failure in the window
   * @param maxBackoff the longest pause
   * @param failures so many failures within the window, and a worker is out of service for good
   * @param window over which failures count
   */
  public record Restarts(Duration backoff, Duration maxBackoff, int failures, Duration window) {}

  /**
   * @throws IllegalArgumentException names the setting, its value and what is allowed
   */
  public MeshSettings {
    if (shards < workers) {
      throw new IllegalArgumentException(
          "shards is " + shards + ", must be at least the number of workers, " + workers);
    }
    requirePositive("heartbeat", heartbeat);
    requirePositive("wait", waits.usual);
    if (waits.max.compareTo(waits.usual) < 0) {
      throw new IllegalArgumentException(
          "max-wait is " + waits.max + ", must be at least wait, " + waits.usual);
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " is " + value + ", must be more than 0");
    }
  }

  /** The names of the workers. */
  List<String> workerNames() {
    return IntStream.range(0, workers).mapToObj(i -> "worker-" + i).toList();
  }
}
