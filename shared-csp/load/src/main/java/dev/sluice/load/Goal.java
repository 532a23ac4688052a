package dev.sluice.load;

/**
 * What a service should reach of its floor; 0: there is no goal.
 *
 * @param leastPerSecond the least part of the floor's requests a second
 * @param mostP99 how many times the floor's p99 its own may be
 */
public record Goal(double leastPerSecond, double mostP99) {
  /** It is what it is. */
  public static final Goal NONE = new Goal(0, 0);

  String verdict(Duel duel) {
    String perSecond =
        leastPerSecond == 0
            ? ""
            : "at least %s: %s"
                .formatted(leastPerSecond, met(duel.perSecondRatio() >= leastPerSecond));
    String p99 =
        mostP99 == 0 ? "" : "at most %s: %s".formatted(mostP99, met(duel.p99Ratio() <= mostP99));
    return perSecond.isEmpty() && p99.isEmpty()
        ? "-"
        : perSecond + (perSecond.isEmpty() || p99.isEmpty() ? "" : "; ") + p99;
  }

  static String met(boolean goal) {
    return goal ? "met" : "**missed**";
  }
}
