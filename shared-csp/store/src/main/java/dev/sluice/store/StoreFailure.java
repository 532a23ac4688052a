package dev.sluice.store;

import java.time.Duration;

/** Why an engine has not done what it was asked. */
public sealed interface StoreFailure {

  /**
   * Nothing was done: there is no room for another entry.
   *
   * @param reason what is full
   * @param roomIn how long until there may be room
   */
  record Full(String reason, Duration roomIn) implements StoreFailure {}

  /**
   * Nothing was done: so much waits for the engine that it takes no more now.
   *
   * @param reason of what there is too much
   */
  record Busy(String reason) implements StoreFailure {}

  /**
   * Nobody knows: the engine does not answer. It may have been done or not.
   *
   * @param reason what the engine's client says
   * @param retryAfter when it is asked again
   */
  record Unavailable(String reason, Duration retryAfter) implements StoreFailure {}
}
