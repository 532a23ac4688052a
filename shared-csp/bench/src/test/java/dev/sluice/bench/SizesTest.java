package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {

  @Test
  void everyChannelHasASize() throws InterruptedException {
    var sizes = Sizes.channels();
    assertEquals(4, sizes.size());
    sizes.forEach((what, bytes) ->
        bytes.forEach((contestant, size) ->
            assertTrue(size > 0 && size < 10_000, what + " of " + contestant + ": " + size)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sluice", "jox", "kotlin", "SynchronousQueue"})
  void waitingProcessesAreWeighedAndEnd(String contestant) throws InterruptedException {
    long bytes = Waiting.bytes(contestant, 1_000);
    // What else lives in this JVM blurs it.
    assertTrue(Math.abs(bytes) < 100_000, contestant + ": " + bytes);
  }
}
