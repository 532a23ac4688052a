package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.testkit.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class RepliesTest {

  @Test
  void theProgramServesAllAndOneMore() throws Exception {
    List<String> printed = Printed.by(Replies::run);

    assertEquals(
        List.of(
            "100 requesters have got their own square",
            "after one that has gone away the next gets 144"),
        printed);
  }

  @RepeatedTest(20)
  void aHundredRequestersGetEachTheirOwnAnswer() throws InterruptedException {
    assertEquals(100, Replies.askAll(100));
  }

  @RepeatedTest(20)
  void aCancelledRequesterDoesNotBlockTheServer() throws InterruptedException {
    assertEquals(81, Replies.askAfterOneThatHasGone(9));
  }
}
