package dev.sluice.csp.patterns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Process;
import dev.sluice.csp.Processes;
import dev.sluice.csp.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DynamicPipelineTest {
  private static final int MAX_STAGES = 4;

  /** A value that every stage stamps. */
  private record Parcel(int number, List<Integer> stamps) {
    Parcel stamped(int stamp) {
      return new Parcel(number, Stream.concat(stamps.stream(), Stream.of(stamp)).toList());
    }
  }

  @AfterEach
  void noScopeIsLeft() {
    assertEquals(List.of(), Processes.scopes());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aChangeAppliesFromTheNextValue(int capacity) throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<String> in = scope.channel("in", 0);
      var pipeline = DynamicPipeline.start(scope, "pipeline", capacity, MAX_STAGES, in);
      var out = pipeline.output();
      in.send("v");
      assertEquals("v", out.receive());
      assertTrue(pipeline.push("a", v -> v + "a"));
      in.send("v");
      assertEquals("va", out.receive());
      assertTrue(pipeline.push("b", v -> v + "b"));
      in.send("v");
      assertEquals("vab", out.receive());
      assertTrue(pipeline.pop());
      in.send("v");
      assertEquals("va", out.receive());
      assertTrue(pipeline.push("c", v -> v + "c"));
      in.send("v");
      assertEquals("vac", out.receive());
      assertTrue(pipeline.pop());
      assertTrue(pipeline.pop());
      in.send("v");
      assertEquals("v", out.receive());
      in.close();
      assertNull(out.receiveOrNull());
      scope.join();
    }
  }

  @Test
  void aStageThatIsRemovedFirstSendsOnWhatItHas() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<String> in = scope.channel("in", 0);
      Channel<Void> gate = scope.channel("gate", 0);
      var pipeline = DynamicPipeline.start(scope, "pipeline", 2, MAX_STAGES, in);
      pipeline.push(
          "slow",
          v -> {
            gate.receiveOrNull();
            return v + " by the slow way";
          });
      in.send("one");
      in.send("two");
      assertTrue(pipeline.pop());
      in.send("three");
      gate.close();
      assertEquals("one by the slow way", pipeline.output().receive());
      assertEquals("two by the slow way", pipeline.output().receive());
      assertEquals("three", pipeline.output().receive());
      assertFalse(scope.processes().stream().map(Process::name).anyMatch("pipeline.slow"::equals));
    }
  }

  @Test
  void changesAreTakenInWhileNobodyReceives() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> in = scope.channel("in", 0);
      var pipeline = DynamicPipeline.start(scope, "pipeline", 0, MAX_STAGES, in);
      int accepted = 0;
      while (accepted < 3) { // exit, stage 0 and entry hold one each
        in.send(accepted);
        accepted++;
      }
      for (int round = 0; round < 1_000; round++) {
        assertTrue(pipeline.push("plus 100", n -> n + 100));
        assertTrue(pipeline.push("times 2", n -> n * 2));
        assertTrue(pipeline.pop());
        assertTrue(pipeline.pop());
      }
      assertTrue(pipeline.push("plus 10", n -> n + 10));
      for (int i = 0; i < accepted; i++) {
        assertEquals(i, pipeline.output().receive());
      }
      in.send(3);
      assertEquals(13, pipeline.output().receive());
    }
  }

  @Test
  void thereAreNoMoreStagesThanAllowedAndNoneCanBeRemovedWhereNoneIs() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> in = scope.channel("in", 0);
      var pipeline = DynamicPipeline.start(scope, "pipeline", 0, 2, in);
      assertFalse(pipeline.pop());
      assertTrue(pipeline.push("one", n -> n + 1));
      assertTrue(pipeline.push("two", n -> n + 1));
      assertFalse(pipeline.push("three", n -> n + 1));
      in.send(0);
      assertEquals(2, pipeline.output().receive());
      assertTrue(pipeline.pop());
      assertTrue(pipeline.pop());
      assertFalse(pipeline.pop());
      in.send(0);
      assertEquals(0, pipeline.output().receive());
    }
  }

  @Test
  void afterTheEndOfTheInputNobodyWaitsThoughTheOutputIsFull() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> in = scope.channel("in", 0);
      var pipeline = DynamicPipeline.start(scope, "pipeline", 0, 2, in);
      in.send(1); // the exit has it
      in.send(2); // stage 0 has it, so the entry cannot hand on the end
      in.close();
      assertThrows(
          ChannelClosedException.class,
          () -> {
            while (true) { // until the entry has seen the end
              pipeline.push("late", n -> n);
              pipeline.pop();
            }
          });
      assertThrows(ChannelClosedException.class, pipeline::pop);
      assertEquals(1, pipeline.output().receive());
      assertEquals(2, pipeline.output().receive());
      assertNull(pipeline.output().receiveOrNull());
      scope.join();
    }
  }

  @Test
  void aStepThatAnswersNullFailsAndTheNextIsNotCalled() throws Exception {
    Channel<String> called = Channel.buffered(1);
    var scope = Scope.open("scope");
    Channel<Integer> in = scope.channel("in", 0);
    var pipeline = DynamicPipeline.start(scope, "pipeline", 0, 2, in);
    pipeline.push("null", DynamicPipelineTest::nothing);
    pipeline.push(
        "next",
        n -> {
          called.send("with " + n);
          return 1;
        });
    in.send(1);
    assertNull(pipeline.output().receiveOrNull());
    assertEquals(
        "null is not a value", assertThrows(NullPointerException.class, scope::join).getMessage());
    assertNull(called.tryReceive());
    scope.close();
  }

  @SuppressWarnings("NullAway") // what a caller without NullAway may do
  private static Integer nothing(Integer value) {
    return null;
  }

  @Test
  void afterTheEndOfTheInputNothingCanBeChanged() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> in = scope.channel("in", 0);
      var pipeline = DynamicPipeline.start(scope, "pipeline", 0, 2, in);
      pipeline.push("one", n -> n + 1);
      in.close();
      assertNull(pipeline.output().receiveOrNull());
      scope.join(); // all stages have ended
      assertThrows(ChannelClosedException.class, () -> pipeline.push("two", n -> n));
      assertThrows(ChannelClosedException.class, pipeline::pop);
    }
  }

  @Test
  void whatAStepThrowsIsTheScopesFailureAndTheOutputEnds() throws Exception {
    try (var scope = Scope.open("scope")) {
      var bad = new IllegalStateException("bad");
      Channel<Integer> in = scope.channel("in", 0);
      var pipeline = DynamicPipeline.start(scope, "pipeline", 0, 2, in);
      pipeline.push("first", n -> n);
      pipeline.push(
          "failing",
          _ -> {
            throw bad;
          });
      in.send(1);
      assertNull(pipeline.output().receiveOrNull());
      assertSame(bad, assertThrows(IllegalStateException.class, scope::join));
      assertThrows(ChannelClosedException.class, pipeline::pop);
    }
  }

  @Test
  void cancellingEndsItWhateverIsUnderWay() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> in = scope.channel("in", 0);
      var pipeline = DynamicPipeline.start(scope, "pipeline", 0, 2, in);
      pipeline.push("one", n -> n);
      in.send(1);
      in.send(2);
      pipeline.pop(); // which waits for a receiver
      scope.cancel();
      scope.join();
      assertTrue(pipeline.output().isClosedForReceive());
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> in = scope.channel("in", 0);
      var stages =
          assertThrows(
              IllegalArgumentException.class,
              () -> DynamicPipeline.start(scope, "pipeline", 0, 0, in));
      assertEquals("maxStages is 0, must be 1 to 1000", stages.getMessage());
      assertThrows(
          IllegalArgumentException.class,
          () -> DynamicPipeline.start(scope, "pipeline", -1, 1, in));
      assertEquals(List.of(), scope.processes());
    }
  }

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  /**
   * While parcels flow, one process changes the stages at random and keeps a history of what they
   * were. The parcels arrive each once and in order, and each bears the stamps of one entry of the
   * history, later parcels of the same or a later one.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void eachValueGoesThroughTheStagesOfItsTime(int seed) throws Exception {
    var random = new SplittableRandom(seed);
    try (var scope = Scope.open("scope")) {
      var run = new Run(scope, random.nextInt(3));
      Channel<List<List<Integer>>> history = scope.channel("history", 1);
      scope.start(
          "changer",
          () -> {
            history.send(run.change(random, 0));
            run.changed.close();
          });
      var parcels = run.receiveAll();
      scope.join();
      run.assertEachOnceInOrder(parcels);
      var states = history.receive().iterator();
      var state = states.next();
      for (Parcel parcel : parcels) {
        while (!state.equals(parcel.stamps())) {
          assertTrue(states.hasNext(), parcel + " has gone through stages that never were");
          state = states.next();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingIsLostOrDoubledWhenSeveralChangeItAtOnce(int seed) throws Exception {
    var random = new SplittableRandom(seed);
    try (var scope = Scope.open("scope")) {
      var run = new Run(scope, random.nextInt(3));
      scope.start(
          "changers",
          () -> {
            try (var changers = scope.child("changers")) {
              for (int i = 1; i <= 3; i++) {
                var mine = random.split();
                int first = i * 1_000;
                changers.start("changer-" + i, () -> run.change(mine, first));
              }
              changers.join();
            }
            run.changed.close();
          });
      var parcels = run.receiveAll();
      scope.join();
      run.assertEachOnceInOrder(parcels);
      for (Parcel parcel : parcels) {
        assertTrue(parcel.stamps().size() <= MAX_STAGES, parcel::toString);
        assertEquals(parcel.stamps().size(), new HashSet<>(parcel.stamps()).size());
      }
    }
  }

  /** Parcels flow through a pipeline until it is no longer changed. */
  private static final class Run {
    private static final int CHANGES = 60;

    final Channel<Void> changed;
    private final DynamicPipeline<Parcel> pipeline;
    private final Channel<?> source;

    Run(Scope scope, int capacity) {
      changed = scope.channel("changed", 0);
      var parcels =
          Stages.generate(
              scope,
              "parcels",
              changed,
              () -> Stream.iterate(0, n -> n + 1).map(n -> new Parcel(n, List.of())).iterator());
      source = scope.channels().getLast();
      pipeline = DynamicPipeline.start(scope, "pipeline", capacity, MAX_STAGES, parcels);
    }

    /** Pushes and pops at random; answers the stages' stamps before and after each change. */
    List<List<Integer>> change(SplittableRandom random, int firstStamp) throws Exception {
      var stamps = new ArrayList<Integer>();
      var history = new ArrayList<List<Integer>>();
      history.add(List.of());
      for (int i = 0; i < CHANGES; i++) {
        int stamp = firstStamp + i;
        if (random.nextInt(5) < 3) {
          if (pipeline.push("stamp " + stamp, parcel -> parcel.stamped(stamp))) {
            stamps.add(stamp);
          }
        } else if (pipeline.pop() && !stamps.isEmpty()) {
          stamps.removeLast();
        }
        history.add(List.copyOf(stamps));
      }
      return history;
    }

    List<Parcel> receiveAll() {
      var parcels = new ArrayList<Parcel>();
      for (Parcel parcel : pipeline.output()) {
        parcels.add(parcel);
      }
      return parcels;
    }

    void assertEachOnceInOrder(List<Parcel> parcels) {
      assertEquals(
          IntStream.range(0, parcels.size()).boxed().toList(),
          parcels.stream().map(Parcel::number).toList());
      assertEquals(source.stats().sent(), parcels.size());
    }
  }
}
