package dev.sluice.csp.patterns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Processes;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultiplexerTest {
  @AfterEach
  void noScopeIsLeft() {
    assertEquals(List.of(), Processes.scopes());
  }

  @Test
  void servesTheInputsInTurn() throws Exception {
    try (var scope = Scope.open("scope")) {
      var multiplexer = plugged(scope, 0, 3, 3, 3);
      for (String round : List.of("a", "b", "c")) {
        for (int input = 1; input <= 3; input++) {
          multiplexer.input(input).send(round + input);
        }
      }
      closeAll(multiplexer);
      assertEquals(
          List.of("plug", "a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3"),
          received(multiplexer.output()));
      scope.join();
    }
  }

  @Test
  void passesOverWhatIsEmpty() throws Exception {
    try (var scope = Scope.open("scope")) {
      var multiplexer = plugged(scope, 0, 3, 3, 3);
      multiplexer.input(3).send("a3");
      multiplexer.input(3).send("b3");
      multiplexer.input(1).send("a1");
      closeAll(multiplexer);
      assertEquals(List.of("plug", "a1", "a3", "b3"), received(multiplexer.output()));
      scope.join();
    }
  }

  @Test
  void aFloodDelaysEachOtherValueByOneRoundAtMost() throws Exception {
    try (var scope = Scope.open("scope")) {
      var multiplexer = plugged(scope, 0, 4, 5, 5);
      scope.start(
          "flooder",
          () -> {
            while (true) {
              multiplexer.input(1).send("flood");
            }
          });
      for (int i = 1; i <= 5; i++) {
        multiplexer.input(2).send("two " + i);
        multiplexer.input(3).send("three " + i);
      }
      var first = new ArrayList<String>();
      for (int i = 0; i < 1 + 5 * 3; i++) {
        first.add(multiplexer.output().receive());
      }
      first.removeIf("flood"::equals);
      assertEquals(1 + 5 + 5, first.size());
    }
  }

  @Test
  void whoeverSendsTooMuchWaitsAtItsOwnInputOnly() throws Exception {
    try (var scope = Scope.open("scope")) {
      var multiplexer = plugged(scope, 0, 2, 1);
      assertTrue(multiplexer.input(1).trySend("one"));
      assertTrue(multiplexer.input(1).trySend("two"));
      assertFalse(multiplexer.input(1).trySend("three"));
      assertTrue(multiplexer.input(2).trySend("as ever"));
      assertFalse(multiplexer.input(2).trySend("too much here too"));
      assertFalse(multiplexer.input(0).trySend("and here"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void losesNothingAndKeepsTheOrderOfEachInput(int cap) throws Exception {
    try (var scope = Scope.open("scope")) {
      var multiplexer = Multiplexer.<Integer>start(scope, "all", Collections.nCopies(4, cap));
      assertEquals(4, multiplexer.inputs());
      for (int i = 0; i < 4; i++) {
        int input = i;
        scope.start(
            "source-" + input,
            () -> {
              for (int n = 0; n < 100; n++) {
                multiplexer.input(input).send(1000 * input + n);
              }
              multiplexer.input(input).close();
            });
      }
      var all = received(multiplexer.output());
      assertEquals(400, all.size());
      for (int i = 0; i < 4; i++) {
        int input = i;
        assertEquals(
            IntStream.range(1000 * i, 1000 * i + 100).boxed().toList(),
            all.stream().filter(n -> n / 1000 == input).toList());
      }
      scope.join();
    }
  }

  @Test
  void endsAfterTheLastInput() throws Exception {
    try (var scope = Scope.open("scope")) {
      var multiplexer = Multiplexer.<String>start(scope, "all", List.of(1, 0));
      multiplexer.input(0).close();
      multiplexer.input(1).send("still here");
      assertEquals("still here", multiplexer.output().receive());
      multiplexer.input(1).close();
      assertNull(multiplexer.output().receiveOrNull());
      scope.join();
    }
  }

  @Test
  void endsAtOnceWithoutInputs() throws Exception {
    try (var scope = Scope.open("scope")) {
      assertNull(Multiplexer.start(scope, "none", List.of()).output().receiveOrNull());
      scope.join();
    }
  }

  @Test
  void endsWhenItsScopeIsCancelled() throws Exception {
    try (var scope = Scope.open("scope")) {
      var idle = Multiplexer.<String>start(scope, "idle", List.of(1));
      var multiplexer = plugged(scope, 0, 1);
      scope.cancel();
      scope.join();
      assertTrue(idle.output().isClosedForReceive());
      assertTrue(multiplexer.output().isClosedForReceive());
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    try (var scope = Scope.open("scope")) {
      var cap =
          assertThrows(
              IllegalArgumentException.class,
              () -> Multiplexer.start(scope, "all", List.of(1, -1)));
      assertEquals("the cap of input 1 is -1, must be 0 or more", cap.getMessage());
      assertEquals(List.of(), scope.channels());
      var multiplexer = Multiplexer.<String>start(scope, "all", List.of(1, 1));
      var input = assertThrows(IllegalArgumentException.class, () -> multiplexer.input(2));
      assertEquals("input 2 is asked for, but there are 2, from 0", input.getMessage());
      assertThrows(IllegalArgumentException.class, () -> multiplexer.input(-1));
    }
  }

  /** A multiplexer that waits with a first value of input 0, a rendezvous, for its receiver. */
  private static Multiplexer<String> plugged(Scope scope, Integer... caps) throws Exception {
    var multiplexer = Multiplexer.<String>start(scope, "all", List.of(caps));
    multiplexer.input(0).send("plug");
    return multiplexer;
  }

  private static void closeAll(Multiplexer<?> multiplexer) {
    for (int i = 0; i < multiplexer.inputs(); i++) {
      multiplexer.input(i).close();
    }
  }

  private static <T> List<T> received(ReceiveChannel<T> channel) {
    var values = new ArrayList<T>();
    for (T value : channel) {
      values.add(value);
    }
    return values;
  }
}
