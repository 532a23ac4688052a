package dev.sluice.market.source;

/** What a running source can be told; a source that does not know an order ignores it. */
public sealed interface SourceOrder {
  /**
   * How many ticks a second of market time.
   *
   * @param perSecond 1 to 10,000,000
   */
  record Rate(long perSecond) implements SourceOrder {
    /** Checks it. */
    public Rate {
      if (perSecond < 1 || perSecond > 10_000_000) {
        throw new IllegalArgumentException(
            "rate is " + perSecond + ", must be 1 to 10000000 a second");
      }
    }
  }

  /**
   * Which share of its ticks is garbage.
   *
   * @param share 0 to 1
   */
  record Garbage(double share) implements SourceOrder {
    /** Checks it. */
    public Garbage {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("garbage is " + share + ", must be 0 to 1");
      }
    }
  }
}
