package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Stages;
import dev.sluice.csp.testkit.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class OrDoneTest {
  @Test
  void endsWhenDoneFires() throws InterruptedException {
    assertEquals(List.of(1, 2, 3), OrDone.firstOf(3));
  }

  @Test
  void endsWithItsInput() throws InterruptedException {
    assertEquals(List.of(7, 8, 9), OrDone.allOf(List.of(7, 8, 9)));
    assertEquals(List.of(), OrDone.allOf(List.of()));
  }

  @Test
  void endsThoughItsInputIsSilent() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Channel<Void> done = scope.channel("done", 0);
      Channel<Integer> silent = scope.channel("silent", 0);
      var values = Stages.orDone(scope, "until done", done, silent);
      done.close();
      assertNull(values.receiveOrNull());
      scope.join();
    }
  }

  @Test
  void theInputIsLeftToOthers() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Channel<Void> done = scope.channel("done", 0);
      Channel<Integer> shared = scope.channel("shared", 1);
      var values = Stages.orDone(scope, "until done", done, shared);
      done.close();
      assertNull(values.receiveOrNull());
      shared.send(1);
      assertEquals(1, shared.receive());
    }
  }
}
