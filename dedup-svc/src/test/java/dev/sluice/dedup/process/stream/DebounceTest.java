package dev.sluice.dedup.process.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.dedup.process.stream.Debounce.Edge;
import dev.sluice.dedup.process.stream.Debounce.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** On a virtual clock, whose alarms run on this thread: this thread owns the stream. */
class DebounceTest {
  private static final Duration QUIET = Duration.ofMillis(500);

  private final VirtualClock clock = new VirtualClock();
  private final Outlet outlet = new Outlet();
  private long number;

  @Test
  void trailingPassesTheLastAfterTheQuietTime() {
    Debounce<String> sieve = sieve(Edge.TRAILING);
    offer(sieve, "a", "a1");
    advance(499);
    offer(sieve, "a", "a2");
    advance(499);
    assertEquals(List.of(), outlet.passed);
    advance(1);
    assertEquals(List.of("a2"), outlet.passed);
    assertFalse(sieve.isPending());
    assertEquals(0, clock.alarms());
  }

  @Test
  void leadingPassesTheFirstAtOnceAndTheNextAfterTheQuietTime() {
    Debounce<String> sieve = sieve(Edge.LEADING);
    offer(sieve, "a", "a1");
    assertEquals(List.of("a1"), outlet.passed);
    advance(499);
    offer(sieve, "a", "a2");
    advance(499);
    offer(sieve, "a", "a3");
    assertEquals(List.of("a1"), outlet.passed);
    advance(500);
    offer(sieve, "a", "a4");
    assertEquals(List.of("a1", "a4"), outlet.passed);
    assertEquals(0, clock.alarms(), "what passes at once needs no alarm");
  }

  @Test
  void keysAreDebouncedEachForItself() {
    Debounce<String> sieve = sieve(Edge.TRAILING);
    offer(sieve, "a", "a1");
    advance(200);
    offer(sieve, "b", "b1");
    advance(200);
    offer(sieve, "a", "a2");
    advance(300);
    assertEquals(List.of("b1"), outlet.passed);
    advance(200);
    assertEquals(List.of("b1", "a2"), outlet.passed);
  }

  @Test
  void whatIsPendingPassesAtTheEnd() {
    Debounce<String> sieve = sieve(Edge.TRAILING);
    offer(sieve, "b", "b1");
    offer(sieve, "a", "a1");
    offer(sieve, "b", "b2");
    sieve.end();
    assertEquals(List.of("a1", "b2"), outlet.passed);
    assertEquals(3, outlet.upTo);
    assertTrue(outlet.ended);
    assertEquals(0, clock.alarms());
  }

  @Test
  void abandonedItPassesNothing() {
    Debounce<String> sieve = sieve(Edge.TRAILING);
    offer(sieve, "a", "a1");
    sieve.abandon();
    assertEquals(0, clock.alarms());
    advance(1_000);
    assertEquals(List.of(), outlet.passed);
  }

  @Test
  void whenItHoldsAllTheKeysItMayItTakesNoOtherUntilABurstIsOver() {
    for (Edge edge : Edge.values()) {
      Debounce<String> sieve = sieve(new Terms(edge, QUIET, 2, 1_000_000));
      int told = outlet.readOn;
      offer(sieve, "a", "a1");
      advance(100);
      offer(sieve, "b", "b1");
      assertFalse(sieve.offer(item("c", "c1")));
      assertTrue(sieve.offer(item("b", "b2")), "a key that it holds");
      advance(399);
      assertEquals(told, outlet.readOn);
      advance(1);
      assertEquals(told + 1, outlet.readOn);
      assertTrue(sieve.offer(item("c", "c1")));
      sieve.abandon();
    }
  }

  @Test
  void whenItHoldsAllTheBytesItMayItTakesNoMore() {
    Debounce<String> sieve = sieve(new Terms(Edge.TRAILING, QUIET, 100, 10));
    offer(sieve, "a", "a".repeat(8));
    assertFalse(sieve.offer(item("b", "")));
    assertTrue(sieve.offer(item("a", "a".repeat(100))), "one may be larger");
    advance(500);
    assertEquals(1, outlet.readOn);
    assertTrue(sieve.offer(item("b", "b".repeat(8))));
  }

  @Test
  void manyKeysGoAsTheModelSays() {
    var random = new Random(15);
    for (Edge edge : Edge.values()) {
      outlet.passed.clear();
      Debounce<String> sieve = sieve(edge);
      Map<String, Long> seen = new HashMap<>();
      Map<String, String> last = new HashMap<>();
      var expected = new ArrayList<String>();
      long now = 0;
      for (int i = 0; i < 10_000; i++) {
        int pause = random.nextInt(40);
        now += pause;
        advance(pause);
        String key = "k" + random.nextInt(30);
        Long before = seen.put(key, now);
        boolean isOver = before == null || now - before >= QUIET.toMillis();
        String before2 = last.put(key, key + "-" + i);
        if (edge == Edge.LEADING && isOver) {
          expected.add(key + "-" + i);
        } else if (edge == Edge.TRAILING && isOver && before2 != null) {
          expected.add(before2);
        }
        offer(sieve, key, key + "-" + i);
      }
      sieve.end();
      if (edge == Edge.TRAILING) {
        expected.addAll(last.values());
      }
      assertEquals(expected.stream().sorted().toList(), outlet.passed.stream().sorted().toList());
      assertTrue(expected.size() > 1_000, "there are bursts: " + expected.size());
    }
  }

  private Debounce<String> sieve(Edge edge) {
    return sieve(new Terms(edge, QUIET, 1_000, 1_000_000));
  }

  private Debounce<String> sieve(Terms terms) {
    return new Debounce<>(terms, Runnable::run, clock, outlet);
  }

  private Item<String> item(String key, String payload) {
    return new Item<>(++number, key, payload, payload.length());
  }

  private void offer(Debounce<String> sieve, String key, String payload) {
    assertTrue(sieve.offer(item(key, payload)));
    sieve.flush();
  }

  private void advance(long millis) {
    clock.advance(Duration.ofMillis(millis));
  }

  private static final class Outlet implements Sieve.Outlet<String> {
    final List<String> passed = new ArrayList<>();
    long upTo;
    int readOn;
    boolean ended;

    @Override
    public void pass(List<Item<String>> items, long upTo) {
      items.forEach(item -> passed.add(item.payload()));
      this.upTo = upTo;
    }

    @Override
    public void readOn() {
      readOn++;
    }

    @Override
    public void ended() {
      ended = true;
    }

    @Override
    public void stopped(Stop stop) {
      throw new AssertionError("nothing stops a debouncer: " + stop);
    }
  }
}
