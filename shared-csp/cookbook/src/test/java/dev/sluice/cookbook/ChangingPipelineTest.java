package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.testkit.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** What holds under any mix of changes and values, DynamicPipelineTest of the core shows. */
@NoLeaks
@Timeout(60)
class ChangingPipelineTest {
  @RepeatedTest(20)
  void eachWordGoesThroughTheStagesOfItsTime() throws InterruptedException {
    assertEquals(List.of("one", "TWO", "<THREE>", "FOUR", "five"), ChangingPipeline.change());
  }
}
