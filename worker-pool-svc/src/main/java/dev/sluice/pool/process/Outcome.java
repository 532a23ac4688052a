package dev.sluice.pool.process;

import org.jspecify.annotations.Nullable;

/** What came of one attempt. */
sealed interface Outcome {

  /**
   * The target has answered.
   *
   * @param retryAfter the header of that name; null for none
   */
  record Answered(int status, @Nullable String retryAfter) implements Outcome {}

  /** The target has not answered, but may the next time. */
  record Unanswered(String error) implements Outcome {}

  /** The target must not or cannot be called, now or later. */
  record Refused(String error) implements Outcome {}

  /** The attempt was broken off because the service stops; it does not count. */
  record HandedBack() implements Outcome {}
}
