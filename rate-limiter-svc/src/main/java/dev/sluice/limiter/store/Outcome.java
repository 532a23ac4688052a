package dev.sluice.limiter.store;

import dev.sluice.store.StoreFailure;
import java.time.Duration;

/** What became of an {@link Operation}. */
public sealed interface Outcome {

  /**
   * It was carried out.
   *
   * @param permits how many were taken, or given back
   * @param remaining how many are there now
   * @param retryAfter nanoseconds until the permits asked for are there if nobody takes any
   *     meanwhile, rounded up; 0 when they were there
   * @param resetAfter nanoseconds until all permits are there if nobody takes any, rounded up
   */
  record Done(long permits, long remaining, long retryAfter, long resetAfter) implements Outcome {}

  /** It was not carried out, as far as anybody knows. */
  sealed interface Failure extends Outcome, WindowCounters.Answer, LeaseOutcome {
    /** What an engine elsewhere has said. */
    static Failure of(StoreFailure why) {
      return switch (why) {
        case StoreFailure.Full(String reason, _) -> new Full(reason);
        case StoreFailure.Busy(String reason) -> new Full(reason);
        case StoreFailure.Unavailable(String reason, Duration retryAfter) ->
            new Unavailable(reason, retryAfter);
      };
    }
  }

  /**
   * Nothing was done: there is no entry yet and no room for another.
   *
   * @param reason what is full
   */
  record Full(String reason) implements Failure {}

  /**
   * Nobody knows: the engine does not answer. It may have been carried out or not.
   *
   * @param reason what the engine's client says
   * @param retryAfter when it is asked again
   */
  record Unavailable(String reason, Duration retryAfter) implements Failure {}
}
