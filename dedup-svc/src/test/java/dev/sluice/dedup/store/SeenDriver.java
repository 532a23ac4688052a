package dev.sluice.dedup.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Drives one store as a shard's process does, by the thread of the test: it submits, flushes, and
 * collects when it is woken.
 */
final class SeenDriver {
  private static final Fingerprint.Secret SECRET = new Fingerprint.Secret(1, 2);
  private static final long MOST = Duration.ofMinutes(1).toNanos();

  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final SeenStore store;
  private final LongSupplier clock;

  /**
   * @param clock nanoseconds since 1970, as the shard has them
   */
  SeenDriver(SeenStore.Factory stores, LongSupplier clock) {
    this.store = stores.open(0, () -> wakes.add(true));
    this.clock = clock;
    store.sweep(clock.getAsLong());
  }

  SeenStore store() {
    return store;
  }

  long now() {
    return clock.getAsLong();
  }

  static SeenKey key(String namespace, String key) {
    return new SeenKey(namespace, key, Fingerprint.of(SECRET, namespace, key));
  }

  static SeenOperation.See see(SeenKey key, Duration ttl) {
    return new SeenOperation.See(key, ttl.toNanos(), false);
  }

  static SeenOperation.See extend(SeenKey key, Duration ttl) {
    return new SeenOperation.See(key, ttl.toNanos(), true);
  }

  /** Asks, and waits for what the answer must be. */
  SeenOutcome.Seen seen(SeenOperation operation) {
    return assertInstanceOf(SeenOutcome.Seen.class, ask(operation));
  }

  SeenOutcome peek(SeenKey key) {
    return ask(new SeenOperation.Peek(key));
  }

  SeenOutcome forget(SeenKey key) {
    return ask(new SeenOperation.Forget(key));
  }

  long count(String namespace) {
    return assertInstanceOf(SeenOutcome.Counted.class, ask(new SeenOperation.Count(namespace)))
        .keys();
  }

  SeenOutcome ask(SeenOperation operation) {
    return askAll(List.of(operation)).getFirst();
  }

  /** Asks all in one batch; the outcomes are in the order of the operations. */
  List<SeenOutcome> askAll(List<? extends SeenOperation> operations) {
    var outcomes = new SeenOutcome[operations.size()];
    int[] answers = {0};
    for (int i = 0; i < outcomes.length; i++) {
      int place = i;
      submit(
          operations.get(i),
          outcome -> {
            outcomes[place] = outcome;
            answers[0]++;
          });
    }
    awaitAnswers();
    assertEquals(outcomes.length, answers[0], "one answer each");
    return new ArrayList<>(Arrays.asList(outcomes));
  }

  void submit(SeenOperation operation, Consumer<? super SeenOutcome> answer) {
    store.submit(operation, now(), answer);
  }

  /** Ends the batch and goes on until all answers have come. */
  void awaitAnswers() {
    store.flush();
    until("all answers", () -> !store.isWaiting());
  }

  /** Goes on as the shard would until it is so, a minute at most. */
  void until(String awaited, BooleanSupplier met) {
    long start = System.nanoTime();
    while (!met.getAsBoolean()) {
      if (System.nanoTime() - start > MOST) {
        throw new AssertionError("in a minute there was none of this: " + awaited);
      }
      turn();
    }
  }

  /** Waits for what the store wakes its shard for, or for its next look at the time. */
  private void turn() {
    try {
      if (wakes.poll(5, TimeUnit.MILLISECONDS) == null) {
        store.sweep(now());
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    store.collect();
    store.flush();
  }
}
