package dev.sluice.market.model;

import java.util.List;

/**
 * What one sees of a running pipeline.
 *
 * @param at when, in nanoseconds of the pipeline's clock
 * @param stages in the order of {@link Stage}
 * @param sources in the order of their indexes
 * @param consumers in the order in which they were given
 * @param conservation what the books say
 */
public record MarketView(
    long at,
    List<StageView> stages,
    List<SourceView> sources,
    List<ConsumerView> consumers,
    ConservationView conservation) {

  /**
   * A stage, all its processes together.
   *
   * @param stage which
   * @param count since the start; ticks, of {@link Stage#PUBLISH} bars
   * @param inRate what it took, a second, within the last second
   * @param outRate what it sent on, a second, within the last second
   * @param depth how many wait in its inputs
   * @param capacity how many may wait there
   * @param latency how long a tick waited for the stage and was worked on; none for the source
   */
  public record StageView(
      Stage stage,
      Count count,
      double inRate,
      double outRate,
      long depth,
      long capacity,
      Percentiles latency) {}

  /**
   * A source.
   *
   * @param name of it
   * @param made how many ticks it has sent
   * @param rate how many a second, within the last second
   * @param lost what ingest and the normaliser have dropped of it
   * @param breaker the state of its breaker
   * @param ended whether it has no more
   */
  public record SourceView(
      String name, long made, double rate, Count lost, BreakerState breaker, boolean ended) {}

  /**
   * A consumer.
   *
   * @param name of it
   * @param policy when its queue is full
   * @param count bars offered to it (in), taken by it (out), lost and waiting (held)
   * @param rate how many it took a second, within the last second
   * @param depth how many wait
   * @param capacity how many may wait
   * @param endToEnd how long the oldest tick of a bar took from the source into the hands of the
   *     consumer: the window's length and what comes on top
   */
  public record ConsumerView(
      String name,
      Policy policy,
      Count count,
      double rate,
      long depth,
      long capacity,
      Percentiles endToEnd) {}

  /**
   * Latency within about the last ten seconds.
   *
   * @param samples how many were measured
   * @param p50 the median in nanoseconds; 0 without a sample, as the others
   * @param p99 in nanoseconds
   * @param max in nanoseconds
   */
  public record Percentiles(long samples, long p50, long p99, long max) {
    /** Nothing measured. */
    public static final Percentiles NONE = new Percentiles(0, 0, 0, 0);
  }

  /**
   * Whether every tick is accounted for.
   *
   * @param checks how many probes and reports were checked
   * @param faults how many did not agree
   * @param first what the first of them said, empty when all agreed
   */
  public record ConservationView(long checks, long faults, String first) {}
}
