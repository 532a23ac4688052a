package dev.sluice.dedup.api.stream;

import dev.sluice.dedup.api.stream.Lines.Line;

/** Says what a line is compared by. */
@FunctionalInterface
interface LineKey {

  /**
   * The line's key.
   *
   * @throws BadLine it has none
   */
  String of(Line line) throws BadLine;

  /** A line that has no key, and why; without a stack trace, for there may be many. */
  final class BadLine extends Exception {
    private static final long serialVersionUID = 1;

    BadLine(String why) {
      super(why, null, false, false);
    }
  }
}
