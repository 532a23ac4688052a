package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Among the ready cases each is equally likely: measured, by a generator that can be repeated. */
class SelectFairnessTest {
  private static final int ROUNDS_EACH = 2_000;

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 8})
  void whenAllAreReady(int cases) throws Exception {
    var everyOne = new int[cases];
    Arrays.setAll(everyOne, i -> i);
    assertFair(counts(cases, everyOne));
  }

  @ParameterizedTest
  @CsvSource({"0,1", "0,7", "2,3", "6,7", "3,6"})
  void whenTwoOfEightAreReadyWhereverTheyStand(int one, int other) throws Exception {
    assertFair(counts(8, one, other));
  }

  @Test
  void whenThreeOfEightAreReady() throws Exception {
    assertFair(counts(8, 2, 3, 7));
  }

  @Test
  void whateverKindTheReadyCasesAre() throws Exception {
    var select = Select.fair(Clock.system(), new SplittableRandom(3));
    Channel<Integer> in = Channel.buffered(1);
    Channel<Integer> out = Channel.buffered(1);
    Channel<Integer> ended = Channel.rendezvous();
    ended.close();
    select.receive(Channel.<Integer>rendezvous());
    var receive = select.receive(in);
    var send = select.send(out).value(1);
    var closed = select.receive(ended);
    IdentityHashMap<Select.Case, Integer> counts = new IdentityHashMap<>();
    for (int round = 0; round < 3 * ROUNDS_EACH; round++) {
      if (in.stats().depth() == 0) {
        in.send(1);
      }
      if (out.stats().depth() == 1) {
        out.receive();
      }
      counts.merge(select.await(), 1, Integer::sum);
    }
    assertFair(
        new int[] {
          counts.getOrDefault(receive, 0),
          counts.getOrDefault(send, 0),
          counts.getOrDefault(closed, 0)
        });
  }

  @Test
  void whenTheOneThatWasDrawnIsGoneEachOfTheOthersMayHappen() throws Exception {
    Set<Integer> happened = new HashSet<>();
    for (int second = 0; second < 2; second++) {
      var channels = Stream.generate(() -> Channel.<Integer>buffered(1)).limit(3).toList();
      for (int i = 0; i < channels.size(); i++) {
        channels.get(i).send(i);
      }
      var draws = new ArrayDeque<>(List.of(0, second));
      var select =
          Select.fair(
              Clock.system(),
              new RandomGenerator() {
                @Override
                public int nextInt(int bound) {
                  if (draws.size() == 2) {
                    channels.getFirst().tryReceive(); // somebody takes it just before the select
                  }
                  return draws.remove();
                }

                @Override
                public long nextLong() {
                  throw new AssertionError("draws below a bound only");
                }
              });
      var cases = channels.stream().map(select::receive).toList();
      happened.add(cases.get(cases.indexOf(select.await())).value());
    }
    assertEquals(Set.of(1, 2), happened);
  }

  @Test
  void isTheSameForTheSameGenerator() throws Exception {
    assertEquals(Arrays.toString(counts(4, 0, 1, 3)), Arrays.toString(counts(4, 0, 1, 3)));
  }

  @Test
  void neitherCaseStarvesWithoutAGeneratorOfOnesOwn() throws Exception {
    var select = Select.fair();
    Channel<Integer> one = Channel.buffered(1);
    Channel<Integer> other = Channel.buffered(1);
    one.close();
    other.close();
    var first = select.receive(one);
    select.receive(other);
    int happened = 0;
    for (int round = 0; round < 1_000; round++) {
      happened += select.await() == first ? 1 : 0;
    }
    // Fair coins leave these bounds once in 10^36 runs.
    assertTrue(happened > 300 && happened < 700, "one of two happened " + happened + " times");
  }

  /** How often each ready case happens, of so many cases. */
  private static int[] counts(int cases, int... ready) throws InterruptedException {
    var select = Select.fair(Clock.system(), new SplittableRandom(42));
    List<Channel<Integer>> channels = new ArrayList<>();
    List<Select.Case> all = new ArrayList<>();
    for (int i = 0; i < cases; i++) {
      Channel<Integer> channel = Channel.buffered(1);
      channels.add(channel);
      all.add(select.receive(channel));
    }
    for (int i : ready) {
      channels.get(i).send(i);
    }
    var counts = new int[ready.length];
    for (int round = 0; round < ROUNDS_EACH * ready.length; round++) {
      int happened = all.indexOf(select.await());
      counts[Arrays.binarySearch(ready, happened)]++;
      channels.get(happened).send(happened);
    }
    return counts;
  }

  /** Pearson's chi-squared test; a fair choice is above the bound once in 10,000 generators. */
  private static void assertFair(int[] counts) {
    double expected = (double) Arrays.stream(counts).sum() / counts.length;
    double chiSquared =
        Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    double bound =
        switch (counts.length) {
          case 2 -> 15.14;
          case 3 -> 18.42;
          case 5 -> 23.51;
          case 8 -> 29.88;
          default -> throw new IllegalArgumentException("no bound for " + counts.length);
        };
    assertTrue(
        chiSquared < bound,
        () -> "chi-squared is " + chiSquared + " of " + Arrays.toString(counts));
  }
}
