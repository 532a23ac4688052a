package dev.sluice.bench.market;

import dev.sluice.csp.Scope;
import dev.sluice.market.ConsumerSettings;
import dev.sluice.market.Market;
import dev.sluice.market.MarketObserver;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.MarketView;
import dev.sluice.market.model.Policy;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/** What is measured of the pipeline itself. */
final class Scenes {
  private static final int SAMPLES_A_SECOND = 10;

  /** The slow scene: a bar of each of 500 symbols a second, for a consumer that can take 1,000. */
  private static final int SLOW_SYMBOLS = 500;

  private static final Duration QUICK_WORK = Duration.ofMillis(1);
  private static final Duration SLOW_WORK = Duration.ofMillis(10);

  private Scenes() {}

  /**
   * Under the load that it is to bear.
   *
   * @param ticksPerSecond that came, in the mean
   * @param p50 end to end, of the oldest tick of each bar, in nanoseconds
   * @param p99 likewise
   * @param lost ticks and bars that were dropped
   * @param cpu processors that were busy, in the mean
   * @param latencies end to end of each bar, sorted
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Healthy(
      double ticksPerSecond, long p50, long p99, long lost, double cpu, long[] latencies) {}

  static Healthy healthy(int warmUpSeconds, int seconds) throws InterruptedException {
    var latencies = new ConcurrentLinkedQueue<Long>();
    try (var root = Scope.open("healthy")) {
      var market =
          Market.start(
              root,
              SluiceMarket.settings(Parts.SUBSCRIBED, true),
              SluiceMarket.generators(110_000, Parts.SYMBOLS),
              List.of(new ConsumerSettings("all", Policy.BLOCK, Parts.BARS, Duration.ZERO)),
              (_, _, endToEnd) -> latencies.add(endToEnd));
      Thread.sleep(Duration.ofSeconds(warmUpSeconds));
      latencies.clear();
      MarketView from = market.look().await();
      long cpuFrom = cpu();
      Thread.sleep(Duration.ofSeconds(seconds));
      MarketView to = market.look().await();
      long cpu = cpu() - cpuFrom;
      long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
      market.stop();
      SluiceMarket.require(market.join());
      double nanos = to.at() - from.at();
      return new Healthy(
          1e9 * (made(to) - made(from)) / nanos,
          sorted[sorted.length / 2],
          sorted[(int) (sorted.length * 0.99)],
          lost(to),
          cpu / nanos,
          sorted);
    }
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long made(MarketView view) {
    return view.stages().getFirst().count().out();
  }

  /** Dropped, in whichever stage; what nobody has subscribed to is not. */
  private static long lost(MarketView view) {
    long ticks =
        view.stages().stream()
            .mapToLong(each -> each.count().allLost() - each.count().lost(Loss.UNSUBSCRIBED))
            .sum();
    return ticks + view.consumers().stream().mapToLong(each -> each.count().allLost()).sum();
  }

  /**
   * An instant of the slow scene.
   *
   * @param seconds since its beginning
   * @param made ticks since the beginning
   * @param taken bars that the consumer has taken
   * @param depths how full the inputs are, 0 to 1: of ingest, normalise, filter, aggregate,
   *     publish, and of the consumer's queue
   * @param heap used after the last collection, in bytes
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Instant(double seconds, long made, long taken, double[] depths, long heap) {}

  /**
   * A consumer slows down by ten, and recovers.
   *
   * @param instants ten a second
   * @param slowAt when it slowed down, in seconds
   * @param quickAt when it recovered
   */
  record Slow(List<Instant> instants, double slowAt, double quickAt) {

    /** Ticks a second between two instants of the scene. */
    double rate(double from, double to) {
      Instant first = at(from);
      Instant last = at(to);
      return (last.made - first.made) / (last.seconds - first.seconds);
    }

    /** Bars a second between two instants of the scene. */
    double bars(double from, double to) {
      Instant first = at(from);
      Instant last = at(to);
      return (last.taken - first.taken) / (last.seconds - first.seconds);
    }

    /** The largest of what the heap was after a collection. */
    long heap(double from, double to) {
      return instants.stream()
          .filter(each -> each.seconds >= from && each.seconds <= to)
          .mapToLong(Instant::heap)
          .max()
          .orElse(0);
    }

    private Instant at(double seconds) {
      return instants.stream()
          .filter(each -> each.seconds >= seconds)
          .findFirst()
          .orElse(instants.getLast());
    }
  }

  static Slow slow(int warmUpSeconds, int healthySeconds, int slowSeconds, int againSeconds)
      throws InterruptedException {
    var symbols = IntStream.range(0, SLOW_SYMBOLS).mapToObj(i -> "S" + i).toList();
    try (var root = Scope.open("slow")) {
      var market =
          Market.start(
              root,
              SluiceMarket.settings(new HashSet<>(symbols), true),
              SluiceMarket.generators(40_000, symbols),
              List.of(new ConsumerSettings("slow", Policy.BLOCK, 64, QUICK_WORK)),
              MarketObserver.NONE);
      Thread.sleep(Duration.ofSeconds(warmUpSeconds));
      var instants = new ArrayList<Instant>();
      long begin = System.nanoTime();
      watch(market, instants, begin, healthySeconds);
      double slowAt = seconds(begin);
      market.work("slow", SLOW_WORK);
      watch(market, instants, begin, healthySeconds + slowSeconds);
      double quickAt = seconds(begin);
      market.work("slow", QUICK_WORK);
      watch(market, instants, begin, healthySeconds + slowSeconds + againSeconds);
      market.stop();
      SluiceMarket.require(market.join());
      return new Slow(instants, slowAt, quickAt);
    }
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void watch(Market market, List<Instant> instants, long begin, int until)
      throws InterruptedException {
    while (seconds(begin) < until) {
      MarketView view = market.look().await();
      double[] depths =
          IntStream.rangeClosed(1, 6)
              .mapToDouble(i ->
                  i < 6
                      ? share(view.stages().get(i).depth(), view.stages().get(i).capacity())
                      : share(
                          view.consumers().getFirst().depth(),
                          view.consumers().getFirst().capacity()))
              .toArray();
      instants.add(
          new Instant(
              seconds(begin),
              made(view),
              view.consumers().getFirst().count().out(),
              depths,
              heapAfterCollection()));
      Thread.sleep(Duration.ofMillis(1_000 / SAMPLES_A_SECOND));
    }
  }

  private static double share(long depth, long capacity) {
    return capacity == 0 ? 0 : (double) depth / capacity;
  }

  private static long heapAfterCollection() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .map(MemoryPoolMXBean::getCollectionUsage)
        .filter(Objects::nonNull)
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }

  /** How long each of many runs took to end when it was cancelled, in nanoseconds, sorted. */
  static long[] cancel(int runs) throws InterruptedException {
    var took = new long[runs];
    for (int run = 0; run < runs; run++) {
      try (var root = Scope.open("cancel")) {
        var market =
            Market.start(
                root,
                SluiceMarket.settings(Parts.SUBSCRIBED, false),
                SluiceMarket.generators(Parts.RATE, Parts.SYMBOLS),
                List.of(
                    new ConsumerSettings("quick", Policy.DROP_OLDEST, 8, Duration.ZERO),
                    new ConsumerSettings("slow", Policy.BLOCK, 8, Duration.ofMillis(run % 3))),
                MarketObserver.NONE);
        Thread.sleep(Duration.ofMillis(20 + run % 50));
        long begin = System.nanoTime();
        root.cancel();
        SluiceMarket.require(market.join());
        root.join();
        took[run] = System.nanoTime() - begin;
      }
    }
    Arrays.sort(took);
    return took;
  }
}
