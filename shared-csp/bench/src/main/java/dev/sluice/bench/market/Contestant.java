package dev.sluice.bench.market;

/** A pipeline that goes as fast as it can. */
public interface Contestant {
  /**
   * Runs it.
   *
   * @param warmUpSeconds before it is measured
   * @param seconds for how long it is measured
   * @return ticks a second that came to the aggregator and passed the filter
   * @throws Exception it failed
   */
  double ticksPerSecond(int warmUpSeconds, int seconds) throws Exception;
}
