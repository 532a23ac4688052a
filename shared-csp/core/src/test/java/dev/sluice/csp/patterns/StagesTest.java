package dev.sluice.csp.patterns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Processes;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagesTest {
  private final IllegalStateException bad = new IllegalStateException("bad");

  @AfterEach
  void noScopeIsLeft() {
    assertEquals(List.of(), Processes.scopes());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void aPipelineKeepsOrderAndLosesNothing(int capacity) throws Exception {
    try (var scope = Scope.open("scope")) {
      var numbers = Stages.generate(scope, "numbers", capacity, upTo(100));
      var even = Stages.filter(scope, "even", capacity, numbers, n -> n % 2 == 0);
      var squares = Stages.map(scope, "squares", capacity, even, n -> n * n);
      assertEquals(
          IntStream.rangeClosed(1, 50).mapToObj(n -> 4 * n * n).toList(), received(squares));
      scope.join();
    }
  }

  @Test
  void anEmptySourceEndsAtOnce() throws Exception {
    try (var scope = Scope.open("scope")) {
      var none = Stages.generate(scope, "none", 0, List.<Integer>of());
      assertNull(Stages.map(scope, "still none", 0, none, n -> n).receiveOrNull());
      scope.join();
    }
  }

  @Test
  void processAndOutputHaveTheStagesName() throws Exception {
    try (var scope = Scope.open("scope")) {
      var numbers = Stages.generate(scope, "numbers", 0, StagesTest::naturals);
      assertEquals(List.of(numbers), scope.channels());
      assertEquals("numbers", numbers.toString());
      assertEquals("numbers", scope.processes().getFirst().name());
    }
  }

  @Test
  void aNameThatIsTakenIsRefused() throws Exception {
    try (var scope = Scope.open("scope")) {
      Stages.generate(scope, "numbers", 0, StagesTest::naturals);
      var refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> Stages.generate(scope, "numbers", 0, StagesTest::naturals));
      assertEquals("scope scope has a channel named numbers already", refused.getMessage());
      assertEquals(1, scope.processes().size());
    }
  }

  @Test
  void aNegativeCapacityIsRefused() {
    try (var scope = Scope.open("scope")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Stages.generate(scope, "numbers", -1, StagesTest::naturals));
      assertEquals(List.of(), scope.processes());
    }
  }

  @Test
  void nothingStartsInACancelledScope() {
    try (var scope = Scope.open("scope")) {
      scope.cancel();
      assertThrows(
          CancellationException.class,
          () -> Stages.generate(scope, "numbers", 0, StagesTest::naturals));
    }
  }

  @Test
  void whatAStepThrowsIsTheScopesFailureAndTheOutputEnds() throws Exception {
    try (var scope = Scope.open("scope")) {
      var numbers = Stages.generate(scope, "numbers", 0, StagesTest::naturals);
      var failing =
          Stages.map(
              scope,
              "failing",
              0,
              numbers,
              n -> {
                if (n == 3) {
                  throw bad;
                }
                return n;
              });
      assertEquals(List.of(1, 2), received(failing));
      assertSame(bad, assertThrows(IllegalStateException.class, scope::join));
    }
  }

  @Test
  @SuppressWarnings("NullAway") // the compiler does not let it pass either
  void aStepThatAnswersNullFails() {
    try (var scope = Scope.open("scope")) {
      var numbers = Stages.generate(scope, "numbers", 0, StagesTest::naturals);
      Stages.map(scope, "nulls", 0, numbers, _ -> null);
      var failure = assertThrows(NullPointerException.class, scope::join);
      assertEquals("null is not a value", failure.getMessage());
    }
  }

  @Test
  void whatASourceThrowsIsTheScopesFailureAndTheOutputEnds() {
    try (var scope = Scope.open("scope")) {
      var numbers =
          Stages.<Integer>generate(
              scope,
              "numbers",
              0,
              () -> {
                throw bad;
              });
      assertEquals(List.of(), received(numbers));
      assertSame(bad, assertThrows(IllegalStateException.class, scope::join));
    }
  }

  @Test
  void aProducerThatHasClosedItsOutputDoesNotHideWhatItThrows() throws InterruptedException {
    var failure = new IllegalStateException("no more");
    var scope = Scope.open("scope");
    var out =
        Stages.<Integer>produce(
            scope,
            "producer",
            0,
            to -> {
              to.close();
              throw failure;
            });
    assertNull(out.receiveOrNull());
    assertSame(failure, assertThrows(IllegalStateException.class, scope::join));
    scope.close();
  }

  @Test
  void cancellingEndsEveryKindOfStageAndItsOutput() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> silent = scope.channel("silent", 0);
      var outputs =
          List.of(
              Stages.generate(scope, "generate", 0, StagesTest::naturals),
              Stages.generate(scope, "generate until", scope.done(), StagesTest::naturals),
              Stages.map(scope, "map", 0, silent, n -> n),
              Stages.filter(scope, "filter", 0, silent, _ -> true),
              Stages.merge(scope, "merge", 0, List.of(silent)),
              Stages.fanOut(scope, "fan out", 0, 3, silent, _ -> n -> n),
              Stages.orDone(scope, "or done", silent, silent),
              Stages.prioritise(scope, "prioritise", silent, silent));
      scope.cancel();
      scope.join();
      for (ReceiveChannel<Integer> output : outputs) {
        assertTrue(output.isClosedForReceive(), output + " has ended");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 10, 100})
  void mergeTakesEachValueOnceAndKeepsTheOrderOfEachInput(int inputs) throws Exception {
    try (var scope = Scope.open("scope")) {
      var sources = new ArrayList<ReceiveChannel<Integer>>();
      for (int i = 0; i < inputs; i++) {
        int first = i * 1000;
        sources.add(
            Stages.generate(
                scope, "source-" + i, i % 3, IntStream.range(first, first + 50).boxed().toList()));
      }
      var merged = received(Stages.merge(scope, "merged", 0, sources));
      scope.join();
      assertEquals(50 * inputs, merged.size());
      for (int i = 0; i < inputs; i++) {
        int source = i;
        assertEquals(
            IntStream.range(i * 1000, i * 1000 + 50).boxed().toList(),
            merged.stream().filter(n -> n / 1000 == source).toList());
      }
    }
  }

  @Test
  void mergeTakesTheSameInputTwice() throws Exception {
    try (var scope = Scope.open("scope")) {
      var numbers = Stages.generate(scope, "numbers", 2, upTo(100));
      var merged = Stages.merge(scope, "merged", 0, List.of(numbers, numbers));
      assertEquals(upTo(100), received(merged));
      scope.join();
    }
  }

  @Test
  void mergeDoesNotEndBeforeTheLastInput() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> brief = scope.channel("brief", 1);
      Channel<Integer> lasting = scope.channel("lasting", 0);
      var merged = Stages.merge(scope, "merged", 0, List.of(brief, lasting));
      brief.send(1);
      brief.close();
      assertEquals(1, merged.receive());
      lasting.send(2); // taken only by a merge that goes on
      assertFalse(merged.isClosedForReceive());
      assertEquals(2, merged.receive());
      lasting.close();
      assertNull(merged.receiveOrNull());
      scope.join();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void fanOutDoesEachValueOnce(int workers) throws Exception {
    try (var scope = Scope.open("scope")) {
      var numbers = Stages.generate(scope, "numbers", 3, upTo(500));
      var same = received(Stages.fanOut(scope, "same", 2, workers, numbers, _ -> n -> n));
      scope.join();
      Collections.sort(same);
      assertEquals(upTo(500), same);
    }
  }

  @Test
  void everyWorkerOfAFanOutHasItsOwnStep() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> numbers = scope.channel("numbers", 0);
      Channel<Void> gate = scope.channel("gate", 0);
      var workers =
          Stages.fanOut(
              scope,
              "workers",
              0,
              3,
              numbers,
              worker ->
                  _ -> {
                    gate.receiveOrNull(); // so that each takes one and no more
                    return worker;
                  });
      for (int i = 0; i < 3; i++) {
        numbers.send(i);
      }
      assertFalse(numbers.trySend(3)); // none is free
      numbers.close();
      gate.close();
      var busy = received(workers);
      Collections.sort(busy);
      assertEquals(List.of(0, 1, 2), busy);
      scope.join();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void aFanOutWithoutWorkersIsRefused(int workers) {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> numbers = scope.channel("numbers", 0);
      var refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> Stages.fanOut(scope, "fan out", 0, workers, numbers, _ -> n -> n));
      assertEquals(
          "the number of workers is " + workers + ", must be 1 or more", refused.getMessage());
    }
  }

  @Test
  void aFailingWorkerFailsTheScopeAndTheOutputEnds() {
    try (var scope = Scope.open("scope")) {
      var numbers = Stages.generate(scope, "numbers", 0, StagesTest::naturals);
      var results =
          Stages.<Integer, Integer>fanOut(
              scope,
              "results",
              0,
              3,
              numbers,
              _ ->
                  n -> {
                    if (n == 20) {
                      throw bad;
                    }
                    return n;
                  });
      assertFalse(received(results).contains(20));
      assertSame(bad, assertThrows(IllegalStateException.class, scope::join));
    }
  }

  @Test
  void generateEndsAtOnceWhenDoneFiresThoughNobodyReceives() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Void> done = scope.channel("done", 0);
      var numbers = Stages.generate(scope, "numbers", done, StagesTest::naturals);
      assertEquals(1, numbers.receive());
      done.close();
      scope.join(); // nobody takes the 2
      assertNull(numbers.receiveOrNull());
    }
  }

  @Test
  void generateEndsWithItsLastValueToo() throws Exception {
    try (var scope = Scope.open("scope")) {
      var numbers = Stages.generate(scope, "numbers", scope.done(), upTo(10));
      assertEquals(upTo(10), received(numbers));
      scope.join();
    }
  }

  @Test
  void aValueFiresDoneAsWellAsItsEnd() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<String> done = scope.channel("done", 0);
      var numbers = Stages.generate(scope, "numbers", done, StagesTest::naturals);
      done.send("enough");
      assertNull(numbers.receiveOrNull());
      scope.join();
    }
  }

  @Test
  void orDoneForwardsUntilTheInputEnds() throws Exception {
    try (var scope = Scope.open("scope")) {
      var numbers = Stages.generate(scope, "numbers", 0, upTo(100));
      assertEquals(upTo(100), received(Stages.orDone(scope, "or done", scope.done(), numbers)));
      scope.join();
    }
  }

  @Test
  void orDoneEndsAtOnceWhenDoneFiresWhereverItWaits() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Void> done = scope.channel("done", 0);
      Channel<Integer> silent = scope.channel("silent", 0);
      Channel<Integer> unheard = scope.channel("unheard", 0);
      var waitsForInput = Stages.orDone(scope, "waits for input", done, silent);
      var waitsForReceiver = Stages.orDone(scope, "waits for its receiver", done, unheard);
      unheard.send(1);
      done.close();
      scope.join();
      assertNull(waitsForInput.receiveOrNull());
      assertNull(waitsForReceiver.receiveOrNull());
    }
  }

  @Test
  void afterDoneNothingIsTakenFromTheInput() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Void> done = scope.channel("done", 0);
      Channel<Integer> ready = scope.channel("ready", 1);
      ready.send(1);
      done.close();
      assertNull(Stages.orDone(scope, "or done", done, ready).receiveOrNull());
      assertEquals(1, ready.receive());
      scope.join();
    }
  }

  @Test
  void whatIsUrgentGoesFirst() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<String> high = scope.channel("high", 3);
      Channel<String> low = scope.channel("low", 3);
      for (int i = 1; i <= 3; i++) {
        high.send("high " + i);
        low.send("low " + i);
      }
      high.close();
      low.close();
      var ordered = Stages.prioritise(scope, "ordered", high, low);
      assertEquals(
          List.of("high 1", "high 2", "high 3", "low 1", "low 2", "low 3"), received(ordered));
      scope.join();
    }
  }

  @Test
  void whatIsUrgentOvertakesWhatWaitsForItsReceiver() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<String> high = scope.channel("high", 0);
      Channel<String> low = scope.channel("low", 0);
      var ordered = Stages.prioritise(scope, "ordered", high, low);
      low.send("low"); // the stage has it now
      high.send("high");
      assertEquals("high", ordered.receive());
      assertEquals("low", ordered.receive());
    }
  }

  @Test
  void whatIsNotUrgentGoesWhenNothingIsAndEachInputMayEndFirst() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> high = scope.channel("high", 0);
      Channel<Integer> low = scope.channel("low", 0);
      var ordered = Stages.prioritise(scope, "ordered", high, low);
      low.send(1);
      assertEquals(1, ordered.receive());
      high.close();
      low.send(2);
      assertEquals(2, ordered.receive());
      low.close();
      assertNull(ordered.receiveOrNull());
      scope.join();
    }
  }

  private static Iterator<Integer> naturals() {
    return Stream.iterate(1, n -> n + 1).iterator();
  }

  private static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  private static <T> List<T> received(ReceiveChannel<T> channel) {
    var values = new ArrayList<T>();
    for (T value : channel) {
      values.add(value);
    }
    return values;
  }
}
