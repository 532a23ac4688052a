package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.testkit.NoLeaks;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code @NoLeaks} holds that no process is left. */
@NoLeaks
class PingPongTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "2, 0", "10000, 0", "0, 1", "1, 1", "10000, 1", "10000, 16"})
  void theCountIsExactWhateverTheBuffer(int rounds, int capacity) throws InterruptedException {
    assertEquals(rounds, PingPong.rally(rounds, capacity));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void theCountIsExactForAnyNumberOfRounds(int capacity) throws InterruptedException {
    var random = new SplittableRandom(2);
    for (int i = 0; i < 100; i++) {
      int rounds = random.nextInt(200);
      assertEquals(rounds, PingPong.rally(rounds, capacity));
    }
  }

  @Test
  void thereAreNoFewerThanNoRounds() {
    var error = assertThrows(IllegalArgumentException.class, () -> PingPong.rally(-1, 0));
    assertEquals("rounds is -1, must be 0 or more", error.getMessage());
  }
}
