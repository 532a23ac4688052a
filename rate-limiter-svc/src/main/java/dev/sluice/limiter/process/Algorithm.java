package dev.sluice.limiter.process;

/** How permits are counted. */
public enum Algorithm {
  /** Permits come back one by one, evenly. */
  TOKEN_BUCKET,
  /** So many in any interval of this length. */
  SLIDING_WINDOW,
  /** So many in each unit of the calendar. */
  FIXED_WINDOW
}
