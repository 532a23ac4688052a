package dev.sluice.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Our count at one moment.
 *
 * @param in arrivals, the repeated ones too
 * @param dropped arrivals that were dropped as duplicates
 * @param sharded events that ran through the mesh
 * @param accounts how many accounts these belong to
 * @param outOfOrder those of them that were not their account's next
 * @param throttled how long each throttled event waited at its sender's limit
 * @param pushedBack how long each event waited that the pool refused at first
 * @param accepted jobs that the pool has taken
 * @param delivered jobs that ended well
 * @param failed jobs that ended badly, by reason
 * @param retried jobs that ended after more than one attempt
 * @param attempts attempts of all jobs that have ended
 * @param unanswered those of them that the target did not answer
 */
public record Figures(
    int in,
    int dropped,
    int sharded,
    int accounts,
    int outOfOrder,
    Waits throttled,
    Waits pushedBack,
    int accepted,
    int delivered,
    Map<String, Integer> failed,
    int retried,
    int attempts,
    int unanswered) {

  static final Figures NONE =
      new Figures(0, 0, 0, 0, 0, Waits.NONE, Waits.NONE, 0, 0, Map.of(), 0, 0, 0);

  /** How long several had to wait. */
  public record Waits(int count, Duration total, Duration p50, Duration max) {
    static final Waits NONE = new Waits(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    static Waits of(List<Duration> each) {
      if (each.isEmpty()) {
        return NONE;
      }
      List<Duration> sorted = each.stream().sorted().toList();
      Duration total = sorted.stream().reduce(Duration.ZERO, Duration::plus);
      return new Waits(sorted.size(), total, sorted.get((sorted.size() - 1) / 2), sorted.getLast());
    }
  }

  int failures() {
    return failed.values().stream().mapToInt(Integer::intValue).sum();
  }

  int ended() {
    return delivered + failures();
  }

  /** Arrivals that are neither dropped nor ended: on their way, or lost. */
  int open() {
    return in - dropped - ended();
  }
}
