package dev.sluice.pool.process;

import dev.sluice.pool.model.Submitted;

/** What has come of one of several submits. */
public sealed interface SubmitPart {

  /**
   * It was decided.
   *
   * @param outcome how
   */
  record Done(Submitted outcome) implements SubmitPart {}

  /**
   * It was not, or nobody knows.
   *
   * @param why what stood in the way
   */
  record Refused(RefusedException why) implements SubmitPart {}
}
