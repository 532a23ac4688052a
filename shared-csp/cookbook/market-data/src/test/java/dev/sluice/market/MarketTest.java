package dev.sluice.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.market.model.BreakerState;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.MarketView;
import dev.sluice.market.model.Policy;
import dev.sluice.market.source.Generator;
import dev.sluice.market.source.LineFormat;
import dev.sluice.market.source.Source;
import dev.sluice.market.source.SourceOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class MarketTest {
  private static final List<String> SYMBOLS =
      IntStream.range(0, 50).mapToObj(i -> "S" + i).toList();

  private static Source generator(int index, long rate) {
    return new Generator(
        new Generator.Settings(
            "g" + index, List.of(LineFormat.values()).get(index % 3), rate, index, SYMBOLS, 0));
  }

  private static List<Source> generators(int many, long rate) {
    return IntStream.range(0, many).mapToObj(i -> generator(i, rate)).toList();
  }

  private static ConsumerSettings consumer(String name, Policy policy, int capacity, int millis) {
    return new ConsumerSettings(name, policy, capacity, Duration.ofMillis(millis));
  }

  private static MarketView until(Market market, Predicate<MarketView> condition)
      throws InterruptedException {
    MarketView view = market.look().await();
    while (!condition.test(view)) {
      Thread.onSpinWait();
      view = market.look().await();
    }
    return view;
  }

  @Test
  void accountsForEveryTickWhenItEndsInGoodOrder() throws Exception {
    try (var root = Scope.open("test")) {
      var settings = withSubscribed(Set.copyOf(SYMBOLS.subList(0, 40)));
      var market =
          Market.start(
              root,
              settings,
              generators(5, 5_000),
              List.of(
                  consumer("a", Policy.BLOCK, 256, 0),
                  consumer("b", Policy.DROP_NEWEST, 4, 20),
                  consumer("c", Policy.DROP_OLDEST, 4, 20)),
              MarketObserver.NONE);
      until(market, view -> view.consumers().getFirst().count().out() >= 80);
      market.stop();
      Conservation conservation = market.join();
      assertEquals(List.of(), conservation.faults());
      var rows = conservation.rows();
      assertTrue(rows.getFirst().count().in() > 10_000, rows::toString);
      assertTrue(rows.get(3).count().lost(Loss.UNSUBSCRIBED) > 0, rows::toString);
      assertEquals(0, rows.get(4).count().allLost(), rows::toString); // none late, none early
      assertTrue(rows.get(7).count().lost(Loss.DROPPED_NEWEST) > 0, rows::toString);
      assertTrue(rows.get(8).count().lost(Loss.DROPPED_OLDEST) > 0, rows::toString);
      assertThrows(ChannelClosedException.class, () -> market.look().await());
      assertThrows(ChannelClosedException.class, () -> market.subscribe("A", true).await());
    }
  }

  private static MarketSettings withSubscribed(Set<String> symbols) {
    var d = MarketSettings.DEFAULTS;
    return new MarketSettings(
        symbols,
        d.capacity(),
        d.normalisers(),
        d.window(),
        d.lateness(),
        d.patience(),
        d.slice(),
        d.paced(),
        d.cap(),
        d.breaker());
  }

  @Test
  void aSlowConsumerThatBlocksSlowsTheSourcesAndNothingIsLost() throws Exception {
    try (var root = Scope.open("test")) {
      var market =
          Market.start(
              root,
              MarketSettings.DEFAULTS,
              generators(4, 10_000),
              List.of(consumer("slow", Policy.BLOCK, 8, 1)),
              MarketObserver.NONE);
      until(market, view -> rate(view) > 30_000);
      market.work("slow", Duration.ofMillis(100)); // 10 bars a second of the 50 that there are
      MarketView slow = until(market, view -> rate(view) < 0.25 * 40_000 && rate(view) > 1_000);
      assertEquals(0, slow.conservation().faults(), slow.conservation()::first);
      market.work("slow", Duration.ZERO);
      until(market, view -> rate(view) > 30_000);
      market.stop();
      Conservation conservation = market.join();
      assertEquals(List.of(), conservation.faults());
      conservation.rows().forEach(row -> assertEquals(0, row.count().allLost(), row::toString));
    }
  }

  private static double rate(MarketView view) {
    return view.stages().getFirst().outRate();
  }

  @Test
  void aSourceThatSendsGarbageIsIsolatedAndProbedAndTakenBack() throws Exception {
    try (var root = Scope.open("test")) {
      var market =
          Market.start(
              root,
              MarketSettings.DEFAULTS,
              generators(2, 5_000),
              List.of(consumer("a", Policy.BLOCK, 64, 0)),
              MarketObserver.NONE);
      assertTrue(market.order("g1", new SourceOrder.Garbage(1)));
      until(market, view -> view.sources().get(1).breaker() == BreakerState.OPEN);
      assertTrue(market.order("g1", new SourceOrder.Garbage(0)));
      MarketView back =
          until(market, view -> view.sources().get(1).breaker() == BreakerState.CLOSED);
      assertTrue(back.sources().get(1).lost().lost(Loss.ISOLATED) > 0);
      assertTrue(back.sources().get(1).lost().lost(Loss.GARBAGE) >= 20);
      assertEquals(0, back.sources().get(0).lost().allLost());
      market.stop();
      assertEquals(List.of(), market.join().faults());
    }
  }

  @Test
  void accountsForEveryTickWhenItIsCancelledAnywhere() throws Exception {
    for (int run = 0; run < 20; run++) {
      try (var root = Scope.open("test")) {
        var market =
            Market.start(
                root,
                MarketSettings.DEFAULTS,
                generators(4, 50_000),
                List.of(
                    consumer("slow", Policy.BLOCK, 8, run % 2),
                    consumer("b", Policy.DROP_OLDEST, 1, 1)),
                MarketObserver.NONE);
        long some = 1_000L * run;
        until(market, view -> view.stages().get(1).count().in() >= some);
        root.cancel();
        Conservation conservation = market.join();
        assertEquals(List.of(), conservation.faults(), conservation.rows()::toString);
        root.join();
      }
    }
  }

  @Test
  void subscriptionsChangeWhileItRuns() throws Exception {
    try (var root = Scope.open("test")) {
      var market =
          Market.start(
              root,
              withSubscribed(Set.of("S1")),
              generators(1, 10_000),
              List.of(consumer("a", Policy.BLOCK, 64, 0)),
              MarketObserver.NONE);
      assertEquals(Set.of("S1"), market.subscriptions().await().symbols());
      assertTrue(market.subscribe("S2", true).await());
      assertTrue(market.subscribe("S1", false).await());
      assertEquals(false, market.subscribe("S1", false).await());
      assertEquals(Set.of("S2"), market.subscriptions().await().symbols());
      assertThrows(IllegalArgumentException.class, () -> market.subscribe("", true));
      market.stop();
      market.join();
    }
  }

  @Test
  void namesWhatItCannotTake() throws Exception {
    try (var root = Scope.open("test")) {
      var consumers = new ArrayList<>(List.of(consumer("a", Policy.BLOCK, 1, 0)));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              Market.start(
                  root, MarketSettings.DEFAULTS, List.of(), consumers, MarketObserver.NONE));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              Market.start(
                  root,
                  MarketSettings.DEFAULTS,
                  List.of(generator(1, 1), generator(1, 1)),
                  consumers,
                  MarketObserver.NONE));
      var market =
          Market.start(
              root, MarketSettings.DEFAULTS, generators(1, 1), consumers, MarketObserver.NONE);
      var none =
          assertThrows(NoSuchElementException.class, () -> market.work("b", Duration.ofMillis(1)));
      assertEquals("there is no consumer 'b'; there are a", none.getMessage());
      market.stop();
      market.join();
    }
  }
}
