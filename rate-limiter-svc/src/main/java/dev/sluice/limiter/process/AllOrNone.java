package dev.sluice.limiter.process;

import java.util.List;

/**
 * What became of a request for the permits of several keys together.
 *
 * @param granted whether all of them are the caller's; else none is
 * @param decisions one for each that was asked for, in that order: when granted, a {@link
 *     Decision.Granted} each; else what was in the way, and a {@link Decision.Balance} for those
 *     that were not
 */
public record AllOrNone(boolean granted, List<Decision> decisions) {
  /** Copies the list. */
  public AllOrNone {
    decisions = List.copyOf(decisions);
  }
}
