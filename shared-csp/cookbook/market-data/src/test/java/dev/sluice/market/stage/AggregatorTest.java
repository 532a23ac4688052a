package dev.sluice.market.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.market.books.Entry;
import dev.sluice.market.model.Bar;
import dev.sluice.market.model.Quote;
import dev.sluice.market.model.Tick;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class AggregatorTest {
  private static final long START = VirtualClock.EPOCH.toEpochMilli();

  private final VirtualClock clock = new VirtualClock();
  private final Scope scope = Scope.open("test", clock);
  private final Channel<Quote> in = scope.channel("in", 0);
  private final Channel<Bar> out = scope.channel("out", 0);
  private final Channel<Entry> books = scope.channel("books", 4_096);
  private Aggregator aggregator;

  @BeforeEach
  void start() throws Exception {
    var windows =
        new Windows(Duration.ofSeconds(1), Duration.ZERO, Duration.ofMillis(100), 1, START);
    aggregator = new Aggregator(1, in, out, books, clock, windows);
    scope.start("aggregate", aggregator::run);
    clock.awaitAlarms(1);
  }

  @AfterEach
  void end() {
    scope.cancel();
    scope.close();
  }

  private static Tick tick(String symbol, long time) {
    return new Tick(0, symbol, 100, 1, START + time, 0);
  }

  /** Until the process has done what came before. */
  private Bar barWhileTimePasses() throws InterruptedException {
    Bar bar = out.tryReceive();
    while (bar == null) {
      clock.advance(Duration.ofMillis(5));
      Thread.onSpinWait();
      bar = out.tryReceive();
    }
    return bar;
  }

  @Test
  void flushesByItsTickerThoughNothingComesAnyMore() throws Exception {
    in.send(tick("A", 100));
    in.send(tick("A", 200));
    Bar bar = barWhileTimePasses();
    assertEquals(2, bar.count());
    assertEquals(START, bar.start());
    assertTrue(clock.nanos() >= Duration.ofMillis(1_000 - 200).toNanos());
  }

  @Test
  void flushesAllAtTheEnd() throws Exception {
    in.send(tick("A", 100));
    in.send(tick("B", 5_100));
    in.close();
    assertEquals("A", out.receive().symbol());
    assertEquals("B", out.receive().symbol());
    assertNull(out.receiveOrNull());
    scope.join();
    assertEquals(2, aggregator.count().out());
    assertEquals(0, aggregator.count().held());
  }

  @Test
  void whileBarsWaitTicksAreTakenInExchangeForThem() throws Exception {
    for (int i = 0; i < 3; i++) {
      in.send(tick("A", i));
    }
    for (int i = 0; i < 2; i++) {
      in.send(tick("B", 10 + i));
    }
    in.send(tick("C", 1_000)); // ends the window of the five
    clock.advance(Duration.ofMillis(5));
    Bar first = out.receive(); // it delivers
    for (int i = 0; i < first.count(); i++) {
      in.send(tick("D", 1_001)); // as many as the bar had
    }
    Bar waiting = awaitSenderOf(first);
    assertFalse(in.trySend(tick("D", 1_001)), waiting::toString); // and no more
    Bar second = out.receive();
    assertEquals(5, first.count() + second.count());
  }

  /** Until the process waits to send the other bar, and for its ticker, but not for ticks. */
  private Bar awaitSenderOf(Bar first) {
    while (out.stats().waitingSenders() == 0 || in.stats().waitingReceivers() > 0) {
      Thread.onSpinWait();
    }
    return first;
  }
}
