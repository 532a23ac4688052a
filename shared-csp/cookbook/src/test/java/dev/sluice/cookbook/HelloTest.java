package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.testkit.NoLeaks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NoLeaks
class HelloTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatIsSaidIsHeard(int capacity) throws InterruptedException {
    assertEquals("hello", Hello.say("hello", capacity));
  }
}
