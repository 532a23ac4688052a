package dev.sluice.bench.market;

import dev.sluice.csp.Scope;
import dev.sluice.market.Conservation;
import dev.sluice.market.ConsumerSettings;
import dev.sluice.market.Market;
import dev.sluice.market.MarketObserver;
import dev.sluice.market.MarketSettings;
import dev.sluice.market.model.MarketView;
import dev.sluice.market.model.Policy;
import dev.sluice.market.source.Generator;
import dev.sluice.market.source.LineFormat;
import dev.sluice.market.source.Source;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The pipeline of the cookbook, whole: with probes, verdicts, books and the market's clock. */
final class SluiceMarket implements Contestant {
  @Override
  public double ticksPerSecond(int warmUpSeconds, int seconds) throws Exception {
    try (var root = Scope.open("bench")) {
      var market =
          Market.start(
              root,
              settings(Parts.SUBSCRIBED, false),
              generators(Parts.RATE, Parts.SYMBOLS),
              List.of(new ConsumerSettings("all", Policy.BLOCK, Parts.BARS, Duration.ZERO)),
              MarketObserver.NONE);
      Thread.sleep(Duration.ofSeconds(warmUpSeconds));
      MarketView from = market.look().await();
      Thread.sleep(Duration.ofSeconds(seconds));
      MarketView to = market.look().await();
      market.stop();
      require(market.join());
      return 1e9 * (aggregated(to) - aggregated(from)) / (to.at() - from.at());
    }
  }

  private static long aggregated(MarketView view) {
    return view.stages().get(4).count().in();
  }

  static void require(Conservation conservation) {
    if (!conservation.isAccountedFor()) {
      throw new IllegalStateException(conservation.faults().toString());
    }
  }

  static MarketSettings settings(Set<String> subscribed, boolean paced) {
    var d = MarketSettings.DEFAULTS;
    return new MarketSettings(
        subscribed,
        Parts.CAPACITY,
        Parts.NORMALISERS,
        d.window(),
        d.lateness(),
        d.patience(),
        d.slice(),
        paced,
        Parts.NO_CAP,
        d.breaker());
  }

  static List<Source> generators(long rate, List<String> symbols) {
    return IntStream.range(0, Parts.SOURCES)
        .<Source>mapToObj(i ->
            new Generator(
                new Generator.Settings(
                    "g" + i, List.of(LineFormat.values()).get(i % 3), rate, i, symbols, 0)))
        .toList();
  }
}
