package dev.sluice.csp;

/**
 * How long a thread looks for its partner before it parks, learnt from how that went the last
 * times.
 *
 * <p>To park and be woken costs more than to hand over a value. It is saved when the partner runs
 * on another processor and comes within the time of a few hundred instructions; when there are more
 * processes than processors, the partner waits behind others, and looking for it holds it up. The
 * threads cannot see which, but the last outcomes tell. So each channel and each select keeps a
 * budget, in one int that is read and written without synchronisation, for a lost update costs a
 * moment only. A look takes some 25 nanoseconds ({@link Thread#onSpinWait}).
 *
 * <pre>
 *          found                         not found
 *   n &gt; 0: MOST                          n / 2, and -PAUSE when that is below LEAST
 *   n = 0: MOST (a probe of PROBE looks) -PAUSE
 *   n &lt; 0: does not look, n + 1
 * </pre>
 */
final class Spin {
  /** What a channel begins with: in a crowd of new ones nobody looks for long. */
  static final int INITIAL = 16;

  /** To find a partner that comes takes a dozen looks, as a rule. */
  private static final int MOST = 64;

  private static final int PROBE = 32;
  private static final int LEAST = 16;

  /** So many waits go by without a look before the next probe. */
  private static final int PAUSE = 128;

  private Spin() {}

  /** How many looks the budget allows now. */
  static int looks(int budget) {
    return budget > 0 ? budget : budget == 0 ? PROBE : 0;
  }

  static int found() {
    return MOST;
  }

  /** The budget after looking in vain, or not at all. */
  static int notFound(int budget) {
    if (budget < 0) {
      return budget + 1;
    }
    return budget >= 2 * LEAST ? budget / 2 : -PAUSE;
  }
}
