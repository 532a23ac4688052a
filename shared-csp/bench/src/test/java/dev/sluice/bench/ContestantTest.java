package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ContestantTest {

  @Test
  void aRunThatLosesAValueFails() {
    Contestant loser = shape -> shape.sum() - 1;
    var failure =
        assertThrows(
            IllegalStateException.class, () -> loser.runChecked(new Shape.Flow(0, 1, 1, 200)));
    assertTrue(failure.toString().endsWith("must be " + Values.sum(200)), failure::toString);
  }

  @Test
  void aProcessThatFailsFailsTheRun() {
    Crew crew = new Crew();
    crew.start(() -> {
      throw new IllegalArgumentException("broken");
    });
    var failure = assertThrows(IllegalStateException.class, crew::join);
    assertInstanceOf(IllegalArgumentException.class, failure.getCause());
  }

  @Test
  void theSumOfTheFirstValuesIsTheirSum() {
    for (int count : new int[] {0, 1, 127, 128, 129, 1_000}) {
      long sum = 0;
      for (int i = 0; i < count; i++) {
        sum += Values.value(i);
      }
      assertEquals(sum, Values.sum(count), () -> count + " values");
    }
  }
}
