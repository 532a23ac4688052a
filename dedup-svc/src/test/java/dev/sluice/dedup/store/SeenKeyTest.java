package dev.sluice.dedup.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class SeenKeyTest {

  @Test
  void theSameKeyInTwoNamespacesIsTwo() {
    assertNotEquals(new SeenKey("a", "k"), new SeenKey("b", "k"));
    assertEquals(new SeenKey("a", "k"), new SeenKey("a", "k"));
  }

  @Test
  void whereOneNameEndsAndTheOtherBeginsMatters() {
    assertNotEquals(new SeenKey("ab", "c"), new SeenKey("a", "bc"));
  }

  @Test
  void ordersWithoutTakingDifferentKeysForEqual() {
    var first = new SeenKey("b", "1");
    var second = new SeenKey("a", "2");
    var third = new SeenKey("b", "2");

    assertEquals(0, first.compareTo(new SeenKey("b", "1")));
    assertEquals(-1, Integer.signum(first.compareTo(second)));
    assertEquals(-1, Integer.signum(second.compareTo(third)));
    assertEquals(1, Integer.signum(third.compareTo(first)));
  }
}
