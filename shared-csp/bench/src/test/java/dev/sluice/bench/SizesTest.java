package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SizesTest {

  @Test
  void everyThingHasASize() throws InterruptedException {
    var sizes = Sizes.measure(100, 1);
    assertEquals(5, sizes.size());
    sizes.forEach((what, bytes) ->
        bytes.forEach((contestant, size) -> {
          if (what.contains("channel")) {
            assertTrue(size > 0 && size < 10_000, what + " of " + contestant + ": " + size);
          }
        }));
  }
}
