package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Multiplexer;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class MultiplexingTest {
  private static final int ROUNDS = 100;

  private final VirtualClock clock = new VirtualClock();

  /** What is sent in the last round may come through in it, or be the first of the next. */
  @Test
  void theNineGetTheirFullShare() throws InterruptedException {
    var shares = measure();
    for (int source = 1; source < Multiplexing.SOURCES; source++) {
      assertEquals(ROUNDS, shares[source].wanted());
      assertTrue(
          shares[source].received() >= ROUNDS - 1,
          "source " + source + " got " + shares[source].received() + " through");
    }
  }

  @Test
  void theFlooderGetsWhatTheyLeave() throws InterruptedException {
    var shares = measure();
    int others = 0;
    for (int source = 1; source < Multiplexing.SOURCES; source++) {
      others += shares[source].received();
    }
    assertEquals(100 * ROUNDS, shares[Multiplexing.FLOODER].wanted());
    assertEquals(20 * ROUNDS - others, shares[Multiplexing.FLOODER].received());
  }

  @Test
  void theFlooderFeelsBackpressureOnItsOwnInput() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      var multiplexer = Multiplexer.<String>start(scope, "multiplexed", List.of(2, 2));
      for (int i = 0; i < 3; i++) {
        multiplexer.input(0).send("flood"); // two wait there, and one for its receiver
      }
      assertTrue(!multiplexer.input(0).trySend("flood"));
      assertTrue(multiplexer.input(1).trySend("as ever"));
    }
  }

  /** Runs the program; each round begins when the nine and the receiver wait for it. */
  private Multiplexing.Share[] measure() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Channel<Multiplexing.Share[]> shares = scope.channel("shares", 1);
      scope.start("program", () -> shares.send(Multiplexing.measure(ROUNDS, clock)));
      clock.awaitAlarms(Multiplexing.SOURCES + 1); // at first the flooder too
      for (int round = 0; round < ROUNDS; round++) {
        clock.awaitAlarms(Multiplexing.SOURCES);
        clock.advance(Multiplexing.ROUND);
      }
      scope.join();
      assertEquals(0, clock.alarms());
      return shares.receive();
    }
  }
}
