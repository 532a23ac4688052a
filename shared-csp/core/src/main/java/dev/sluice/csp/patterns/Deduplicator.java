package dev.sluice.csp.patterns;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.Timer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets a value pass once, and again when a while has gone by. One process owns the set of what has
 * passed; that the oldest is to be forgotten is a message to it, from its one timer.
 *
 * <pre>
 *   values ---\
 *              +--> deduplicator, owns the set of keys that have passed --> those seen first
 *   timer ----/            ^ forgets the oldest
 * </pre>
 *
 * <p>A key is remembered for the time to live from the instant at which its value was taken in; a
 * repetition that is held back does not prolong it. At most {@code maxKeys} are remembered: when
 * one more passes, the oldest is forgotten before its time, and so passes again if it comes again.
 * A repetition thus never stops a new value, and the memory is bounded whatever comes.
 */
public final class Deduplicator {
  private Deduplicator() {}

  /**
   * Starts a deduplicator as a process of the scope.
   *
   * @param <T> the values
   * @param scope where it lives; by its clock it goes
   * @param name the process's and the output's name
   * @param values what comes in
   * @param key what makes two values the same; its answer is not null, has {@code equals} and
   *     {@code hashCode} and does not change; what it throws fails the scope
   * @param timeToLive how long a key is remembered; more than 0
   * @param maxKeys how many are remembered at most; at least 1
   * @return what passes, a rendezvous; ends when {@code values} has ended
   * @throws IllegalArgumentException {@code timeToLive} is zero or negative, {@code maxKeys} is
   *     less than 1, or the name is taken
   * @throws CancellationException the scope has been cancelled
   */
  public static <T> ReceiveChannel<T> start(
      Scope scope,
      String name,
      ReceiveChannel<T> values,
      Function<? super T, ?> key,
      Duration timeToLive,
      int maxKeys) {
    Objects.requireNonNull(values);
    Objects.requireNonNull(key);
    var seen = new Seen(scope.clock(), timeToLive, maxKeys);
    Channel<T> passed = scope.channel(name, 0);
    scope.start(
        name,
        () -> {
          try {
            deduplicate(values, key, seen, passed);
          } finally {
            passed.close();
          }
        });
    return passed;
  }

  private static <T> void deduplicate(
      ReceiveChannel<T> values, Function<? super T, ?> key, Seen seen, Channel<T> passed)
      throws InterruptedException {
    try (var timer = Timer.start(seen.timeToLive, seen.clock)) {
      var select = Select.fair(seen.clock);
      var next = select.receive(values);
      select.receive(timer.channel());
      while (true) {
        boolean isValue = select.await() == next;
        if (isValue && next.isClosed()) {
          return;
        }
        seen.forgetOld();
        if (isValue && seen.add(keyOf(next.value(), key))) {
          passed.send(next.value());
        }
        seen.plan(timer);
      }
    }
  }

  private static <T> Object keyOf(T value, Function<? super T, ?> key) {
    return Objects.requireNonNull(key.apply(value), "the key of a value must not be null");
  }

  /** The keys that have passed and the instants at which they did, oldest first. */
  private static final class Seen {
    final Clock clock;
    final Duration timeToLive;
    private final long nanosToLive;
    private final int maxKeys;
    private final SequencedMap<Object, Long> keys = new LinkedHashMap<>();

    /** For the end of which key the timer is set: the instant at which that one passed. */
    private @Nullable Long planned;

    Seen(Clock clock, Duration timeToLive, int maxKeys) {
      this.clock = clock;
      this.timeToLive = timeToLive;
      this.nanosToLive = Require.positive(timeToLive, "the time to live");
      this.maxKeys = Require.atLeast(1, maxKeys, "the number of keys");
    }

    /** Answers whether the key is new. */
    boolean add(Object key) {
      if (keys.containsKey(key)) {
        return false;
      }
      if (keys.size() == maxKeys) {
        keys.pollFirstEntry();
      }
      keys.put(key, clock.nanos());
      return true;
    }

    void forgetOld() {
      while (!keys.isEmpty() && nanosLeft(keys.firstEntry().getValue()) <= 0) {
        keys.pollFirstEntry();
      }
    }

    /** Sets the timer for the oldest key. */
    void plan(Timer timer) {
      Long oldest = keys.isEmpty() ? null : keys.firstEntry().getValue();
      if (Objects.equals(oldest, planned)) {
        return;
      }
      planned = oldest;
      if (oldest == null) {
        timer.stop();
      } else {
        timer.reset(Duration.ofNanos(nanosLeft(oldest)));
      }
    }

    private long nanosLeft(long passedAt) {
      return passedAt + nanosToLive - clock.nanos();
    }
  }
}
