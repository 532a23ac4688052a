package dev.sluice.csp.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Select;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two kinds of fairness. Among ready cases each is equally likely: Pearson's chi-squared test on
 * seeded generators, so that a run can be repeated and a right choice never fails by chance. Those
 * who wait are served first come, first served, whether they wait in a plain call or in a select.
 */
class FairnessTest {
  private static final int ROUNDS = 30_000;
  private static final int SEEDS = 10;

  /** 0.999 quantiles of the chi-squared distribution, by degrees of freedom. */
  private static final Map<Integer, Double> CRITICAL_AT_0_001 =
      Map.of(1, 10.828, 2, 13.816, 7, 24.322);

  @ParameterizedTest
  @CsvSource({"2,false", "3,false", "8,false", "2,true", "3,true", "8,true"})
  void eachReadyCaseIsEquallyLikely(int cases, boolean mixed) throws Exception {
    assertUniform(seed -> {
      var table = new Table(cases, mixed, seed);
      var counts = new int[cases];
      for (int round = 0; round < ROUNDS; round++) {
        counts[table.round()]++;
      }
      return counts;
    });
  }

  /** Each alone may be likely enough and still follow the one before too often. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void whatHappensDoesNotDependOnWhatHappenedBefore(int cases) throws Exception {
    int pairs = cases * cases;
    double critical = pairs == 4 ? 16.266 : 26.124; // 0.999 quantiles for 3 and 8 degrees
    assertBelow(
        critical,
        seed -> {
          var table = new Table(cases, false, seed);
          var counts = new int[pairs];
          for (int round = 0; round < ROUNDS; round++) {
            counts[table.round() * cases + table.round()]++;
          }
          return counts;
        });
  }

  @ParameterizedTest
  @CsvSource({"0,7", "3,4", "6,7"})
  void ofTwoReadyCasesAmongEightEachIsEquallyLikely(int one, int other) throws Exception {
    assertUniform(seed -> {
      var select = Select.fair(Clock.system(), new SplittableRandom(seed));
      var cases = new ArrayList<Select.Case>();
      for (int i = 0; i < 8; i++) {
        Channel<Integer> channel = Channel.rendezvous();
        if (i == one || i == other) {
          channel.close(); // always ready
        }
        cases.add(select.receive(channel));
      }
      var counts = new int[2];
      for (int round = 0; round < ROUNDS; round++) {
        counts[cases.indexOf(select.await()) == one ? 0 : 1]++;
      }
      return counts;
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void sendersAreServedFirstComeFirstServedWhateverTheyWaitIn(int capacity) throws Exception {
    Channel<Integer> channel = Channel.of(capacity);
    for (int i = 0; i < capacity; i++) {
      channel.send(-1);
    }
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 8; i++) {
      int value = i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  if (value % 2 == 0) {
                    channel.send(value);
                  } else {
                    var select = Select.fair();
                    select.receive(Channel.<Integer>rendezvous());
                    select.send(channel).value(value);
                    select.await();
                  }
                } catch (InterruptedException interrupted) {
                  throw new AssertionError("nobody interrupts", interrupted);
                }
              }));
      WakeUpTest.await(channel, i + 1, 0);
    }
    var received = new ArrayList<Integer>();
    for (int i = 0; i < capacity + 8; i++) {
      received.add(channel.receive());
    }
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), received.subList(capacity, capacity + 8));
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void receiversAreServedFirstComeFirstServedWhateverTheyWaitIn(int capacity) throws Exception {
    Channel<Integer> channel = Channel.of(capacity);
    var received = new int[8];
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 8; i++) {
      int place = i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  if (place % 2 == 0) {
                    received[place] = channel.receive();
                  } else {
                    var select = Select.fair();
                    select.receive(Channel.<Integer>rendezvous());
                    var in = select.receive(channel);
                    select.await();
                    received[place] = in.value();
                  }
                } catch (InterruptedException interrupted) {
                  throw new AssertionError("nobody interrupts", interrupted);
                }
              }));
      WakeUpTest.await(channel, 0, i + 1);
    }
    for (int value = 0; value < 8; value++) {
      channel.send(value);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals("[0, 1, 2, 3, 4, 5, 6, 7]", Arrays.toString(received));
  }

  @Test
  void whoLeavesTheQueueDoesNotChangeTheOrderOfTheOthers() throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 5; i++) {
      int value = i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  channel.send(value);
                } catch (InterruptedException interrupted) {
                  // it leaves
                }
              }));
      WakeUpTest.await(channel, i + 1, 0);
    }
    threads.get(0).interrupt();
    threads.get(0).join();
    threads.get(3).interrupt();
    threads.get(3).join();
    var received = new ArrayList<Integer>();
    channel.drainTo(received, 9);
    assertEquals(List.of(1, 2, 4), received);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private interface Experiment {
    int[] counts(long seed) throws InterruptedException;
  }

  private static void assertUniform(Experiment experiment) throws InterruptedException {
    int degrees = experiment.counts(0).length - 1;
    Double critical = CRITICAL_AT_0_001.get(degrees);
    if (critical == null) {
      throw new IllegalArgumentException("no critical value for " + degrees);
    }
    assertBelow(critical, experiment);
  }

  private static void assertBelow(double critical, Experiment experiment)
      throws InterruptedException {
    for (long seed = 1; seed <= SEEDS; seed++) {
      int[] counts = experiment.counts(seed);
      double statistic = chiSquared(counts);
      assertTrue(
          statistic < critical,
          "chi-squared of %s is %.2f, critical value %.2f, seed %d"
              .formatted(Arrays.toString(counts), statistic, critical, seed));
    }
  }

  /** The sum of (observed - expected)^2 / expected, when all are expected equally often. */
  private static double chiSquared(int[] counts) {
    double expected = (double) Arrays.stream(counts).sum() / counts.length;
    return Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
  }

  /** A select all of whose cases are ready in every round. */
  private static final class Table {
    private final Select select;
    private final List<Channel<Integer>> channels = new ArrayList<>();
    private final Map<Select.Case, Integer> places = new HashMap<>();

    Table(int cases, boolean mixed, long seed) throws InterruptedException {
      select = Select.fair(Clock.system(), new SplittableRandom(seed));
      for (int i = 0; i < cases; i++) {
        Channel<Integer> channel = Channel.buffered(1);
        channels.add(channel);
        if (mixed && i % 2 == 1) {
          places.put(select.send(channel).value(i), i);
        } else {
          channel.send(i);
          places.put(select.receive(channel), i);
        }
      }
    }

    /** The place of the case that happened; it is ready again. */
    int round() throws InterruptedException {
      Select.Case happened = select.await();
      Integer place = places.get(happened);
      if (place == null) {
        throw new AssertionError("a case of another select: " + happened);
      }
      if (happened instanceof Select.SendCase<?>) {
        channels.get(place).receive();
      } else {
        channels.get(place).send(place);
      }
      return place;
    }
  }
}
