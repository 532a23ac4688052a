package dev.sluice.cookbook.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.cookbook.soup.SoupDesk;
import dev.sluice.cookbook.structured.StructuredDesk;
import dev.sluice.csp.Channel;
import dev.sluice.csp.Processes;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Closes each desk while a look-up hangs: the leak check passes in scopes, and fails in the soup.
 */
class DeskLeaksTest {
  @AfterEach
  void sweep() {
    Processes.scopes().forEach(Scope::close);
  }

  @Test
  void inScopesNothingIsLeft() {
    assertEquals(new TestRun(1, List.of()), TestRun.of(InScopes.class));
  }

  @Test
  void theSoupLeavesItsProcessesBehind() {
    var run = TestRun.of(InTheSoup.class);
    assertEquals(1, run.failures().size());
    String failure = run.failures().getFirst();
    assertTrue(failure.startsWith("the test left behind: scope intake"), failure);
    assertTrue(failure.contains("process reporter of scope reporter"), failure);
    assertTrue(failure.contains("process pricer for Ann of scope pricer for Ann"), failure);
    assertTrue(failure.contains("process lookup of rug of scope lookup of rug"), failure);
  }

  private static void closeWhileALookUpHangs(OrderDesk.Opening opening)
      throws InterruptedException {
    Channel<String> asked = Channel.rendezvous();
    Prices hanging =
        item -> {
          asked.send(item);
          return Channel.<OptionalInt>rendezvous().receive();
        };
    try (var customers = Scope.open("customers")) {
      try (var desk = opening.open(hanging, new VirtualClock())) {
        customers.start("Ann", () -> desk.submit(new Order("Ann", "rug", 1)));
        assertEquals("rug", asked.receive());
      }
      customers.join();
    }
  }

  // Run by the tests above only: they stand inside, where Surefire does not look

  static class InScopes {
    @Test
    @NoLeaks
    void closes() throws InterruptedException {
      closeWhileALookUpHangs(StructuredDesk::open);
    }
  }

  static class InTheSoup {
    @Test
    @NoLeaks
    void closes() throws InterruptedException {
      closeWhileALookUpHangs(SoupDesk::open);
    }
  }
}
