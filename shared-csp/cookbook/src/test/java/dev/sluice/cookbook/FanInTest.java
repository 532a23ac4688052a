package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Stages;
import dev.sluice.csp.testkit.NoLeaks;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NoLeaks
@Timeout(60)
class FanInTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 10, 100})
  void anyNumberOfInputsAndNothingIsLostOrDoubled(int inputs) throws InterruptedException {
    List<String> merged = FanIn.merge(inputs, 20);
    assertEquals(20 * inputs, merged.size());
    for (int i = 0; i < inputs; i++) {
      String prefix = i + ".";
      assertEquals(
          IntStream.rangeClosed(1, 20).mapToObj(n -> prefix + n).toList(),
          merged.stream().filter(value -> value.startsWith(prefix)).toList());
    }
  }

  @Test
  void theOutputClosesAfterTheLastInput() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Channel<String> first = scope.channel("first", 0);
      Channel<String> last = scope.channel("last", 0);
      var merged = Stages.merge(scope, "merged", 0, List.of(first, last));
      first.close();
      last.send("still here");
      assertFalse(merged.isClosedForReceive());
      assertEquals("still here", merged.receive());
      last.close();
      assertNull(merged.receiveOrNull());
      scope.join();
    }
  }
}
