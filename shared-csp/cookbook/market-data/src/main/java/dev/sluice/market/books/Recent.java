package dev.sluice.market.books;

import dev.sluice.market.model.MarketView.Percentiles;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/** Latencies of about the last ten seconds, to two digits; owned by one process. */
public final class Recent {
  private static final long HALF = Duration.ofSeconds(5).toNanos();
  private static final long HIGHEST = Duration.ofHours(1).toNanos();

  private Histogram current = new Histogram(HIGHEST, 2);
  private Histogram previous = new Histogram(HIGHEST, 2);
  private long turn;

  /**
   * Nothing measured yet.
   *
   * @param now in nanoseconds
   */
  public Recent(long now) {
    turn = now + HALF;
  }

  /**
   * Keeps a latency.
   *
   * @param nanos negative counts as zero
   * @param now in nanoseconds
   */
  public void record(long nanos, long now) {
    roll(now);
    current.recordValue(Math.clamp(nanos, 0, HIGHEST));
  }

  /** {@return what was measured lately} */
  public Percentiles percentiles(long now) {
    roll(now);
    var both = previous.copy();
    both.add(current);
    return both.getTotalCount() == 0
        ? Percentiles.NONE
        : new Percentiles(
            both.getTotalCount(),
            both.getValueAtPercentile(50),
            both.getValueAtPercentile(99),
            both.getMaxValue());
  }

  private void roll(long now) {
    for (int turns = 0; now - turn >= 0 && turns < 2; turns++) {
      Histogram oldest = previous;
      previous = current;
      current = oldest;
      current.reset();
      turn += HALF;
    }
    if (now - turn >= 0) {
      turn = now + HALF;
    }
  }
}
