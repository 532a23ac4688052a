package dev.sluice.pool.process.push;

import dev.sluice.pool.process.Target;

/** How a call has ended. */
sealed interface CallEnd {

  /** The target has answered. */
  record Answered(Target.Answer answer) implements CallEnd {}

  /** It has not. */
  record Unanswered(String error) implements CallEnd {}

  /** The call must not or cannot be made. */
  record Refused(String error) implements CallEnd {}

  /** It was broken off: the service stops, or nobody wants the job any more. */
  record BrokenOff() implements CallEnd {}
}
