package dev.sluice.limiter.process;

import java.time.Duration;

/** What the limiter answers to an {@link Ask}. */
public sealed interface Decision {

  /**
   * The permits are the caller's.
   *
   * @param quota the bucket's terms
   * @param remaining how many are left
   * @param waited how long the caller has waited for them
   * @param resetAfter when the bucket is full again if nobody asks
   */
  record Granted(Quota quota, long remaining, Duration waited, Duration resetAfter)
      implements Decision {}

  /**
   * The permits are not to be had within the time the caller would wait.
   *
   * @param quota the bucket's terms
   * @param remaining how many are there, though not for this caller
   * @param retryAfter when they would be, as things stand
   */
  record Refused(Quota quota, long remaining, Duration retryAfter) implements Decision {}

  /**
   * Nothing was decided: the key's bucket would be one too many.
   *
   * @param reason what is full
   * @param roomIn how long until it is looked for buckets that are full again and can be forgotten
   */
  record StoreFull(String reason, Duration roomIn) implements Decision {}

  /**
   * Nothing was decided: the limiter has no room for the request now.
   *
   * @param reason of what there is too much
   */
  record NoRoom(String reason) implements Decision {}
}
