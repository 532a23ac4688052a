package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Counts by number what was sent and what was received: what a sender believes delivered must be
 * received exactly once, and what it believes not delivered, never.
 */
final class Ledger {
  private final AtomicIntegerArray sent;
  private final AtomicIntegerArray received;

  Ledger(int values) {
    sent = new AtomicIntegerArray(values);
    received = new AtomicIntegerArray(values);
  }

  void sent(int value) {
    sent.incrementAndGet(value);
  }

  void received(int value) {
    received.incrementAndGet(value);
  }

  int totalSent() {
    int total = 0;
    for (int value = 0; value < sent.length(); value++) {
      total += sent.get(value);
    }
    return total;
  }

  void assertBalanced() {
    List<String> wrong = new ArrayList<>();
    for (int value = 0; value < sent.length(); value++) {
      if (sent.get(value) != received.get(value)) {
        wrong.add(value + ": sent " + sent.get(value) + ", received " + received.get(value));
      }
    }
    assertEquals(List.of(), wrong);
  }
}
