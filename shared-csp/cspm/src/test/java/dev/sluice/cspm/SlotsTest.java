package dev.sluice.cspm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SlotsTest {
  private final Slots<String> slots = new Slots<>(2);

  @Test
  void aThingKeepsItsSlotUntilItIsFreed() {
    assertEquals(0, slots.take("a"));
    assertEquals(1, slots.take("b"));
    assertEquals(0, slots.of("a"));
    assertEquals(0, slots.free("a"));
    assertFalse(slots.has("a"));
    assertEquals(0, slots.take("c"));
    assertEquals(1, slots.of("b"));
  }

  @Test
  void thereAreNoMoreThingsThanSlots() {
    slots.take("a");
    assertTrue(slots.hasFree());
    slots.take("b");
    assertFalse(slots.hasFree());
    assertThrows(IllegalStateException.class, () -> slots.take("c"));
    assertFalse(slots.has("c"));
  }

  @Test
  void aSlotIsTakenOnceAndFreedOnce() {
    slots.take("a");
    assertThrows(IllegalStateException.class, () -> slots.take("a"));
    slots.free("a");
    assertThrows(IllegalStateException.class, () -> slots.free("a"));
    assertThrows(IllegalStateException.class, () -> slots.of("a"));
    slots.take("b");
    slots.take("c");
    assertFalse(slots.hasFree());
  }
}
