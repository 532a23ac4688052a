package dev.sluice.limiter.process;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the limiter answers to an {@link Ask}. */
public sealed interface Decision {

  /**
   * The permits are the caller's.
   *
   * @param quota the limit as its users see it
   * @param remaining how many are left
   * @param waited how long the caller has waited for them
   * @param resetAfter when all permits are there again if nobody asks
   * @param why on what grounds
   */
  record Granted(Quota quota, long remaining, Duration waited, Duration resetAfter, Why why)
      implements Decision {}

  /** On what grounds permits are granted. */
  enum Why {
    /** They were there, and have been taken. */
    COUNTED,
    /** They were not there, but the policy is a shadow: it never refuses. */
    SHADOW,
    /** The engine could not count, and the policy then grants. */
    FAIL_OPEN
  }

  /**
   * The permits are not to be had within the time the caller would wait.
   *
   * @param quota the limit as its users see it
   * @param remaining how many are there, though not for this caller
   * @param retryAfter when they would be, as things stand
   */
  record Refused(Quota quota, long remaining, Duration retryAfter) implements Decision {}

  /**
   * How things stand: what was asked was not to take permits.
   *
   * @param quota the limit as its users see it
   * @param permits how many were given back; 0 when none were to be
   * @param remaining how many are there
   * @param retryAfter when as many as asked for can be had; zero when they are there
   * @param resetAfter when all permits are there again if nobody asks
   * @param shadow whether permits are granted even if they are not there
   */
  record Balance(
      Quota quota,
      long permits,
      long remaining,
      Duration retryAfter,
      Duration resetAfter,
      boolean shadow)
      implements Decision {}

  /**
   * Nothing was decided: what was asked is not possible.
   *
   * @param field which part of it
   * @param value what it is; null when it is missing
   * @param allowed what it may be
   */
  record NotPossible(String field, @Nullable Object value, String allowed) implements Decision {
    static NotPossible of(Invalid invalid) {
      return new NotPossible(invalid.field(), invalid.value(), invalid.allowed());
    }
  }

  /**
   * Nothing was decided: the key would be one too many.
   *
   * @param reason what is full
   * @param roomIn how long until it is looked for keys that can be forgotten
   */
  record StoreFull(String reason, Duration roomIn) implements Decision {}

  /**
   * Nobody knows: the engine does not answer.
   *
   * @param reason what its client says
   * @param retryAfter when it is asked again
   */
  record StoreUnavailable(String reason, Duration retryAfter) implements Decision {}

  /**
   * Nothing was decided: the limiter has no room for the request now.
   *
   * @param reason of what there is too much
   */
  record NoRoom(String reason) implements Decision {}
}
