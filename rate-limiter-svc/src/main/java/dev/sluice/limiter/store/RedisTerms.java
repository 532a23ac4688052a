package dev.sluice.limiter.store;

import dev.sluice.csp.patterns.RateLimit;
import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.redis.RedisScript;
import java.util.List;

/**
 * How one limit is put to Redis, and what comes back is read. The script decides and keeps; it
 * answers the server's time and what was kept before, and from these the {@link Algorithm} that
 * counts in memory finds the numbers of the answer. So there is one arithmetic, and the script has
 * only to add and to compare.
 */
sealed interface RedisTerms {

  /** The terms of a limit. */
  static RedisTerms of(Limit limit) {
    return switch (limit) {
      case Limit.TokenBucket(RateLimit terms) -> new Bucket(new TokenBucket(terms));
      case Limit.SlidingWindow window -> Sliding.of(window);
      case Limit.FixedWindow window -> new Fixed(new FixedWindow(window));
    };
  }

  /** Decides under these terms. */
  RedisScript script();

  /** What distinguishes these terms from all others, in a key. */
  String name();

  /** What the script is told, its key apart. */
  List<String> arguments(Kind kind, long permits);

  /** Finds the numbers of the answer. */
  Algorithm algorithm();

  /** An empty cell of the algorithm. */
  Cell cell();

  /**
   * Reads what was kept.
   *
   * @param kept the script's answer without the time
   */
  void read(List<Long> kept, Cell cell);

  /** What was kept, or an empty cell if nothing was. */
  default Cell cellOf(List<Long> kept) {
    Cell cell = cell();
    if (!kept.isEmpty()) {
      read(kept, cell);
    }
    return cell;
  }

  /** An instant is whole microseconds and a rest in units of 1/rate nanosecond. */
  record Bucket(TokenBucket algorithm) implements RedisTerms {
    @Override
    public RedisScript script() {
      return LimiterScripts.TOKEN_BUCKET;
    }

    @Override
    public String name() {
      RateLimit terms = algorithm.terms();
      return "b" + terms.rate() + "/" + terms.per().toNanos() + "/" + terms.burst();
    }

    @Override
    public List<String> arguments(Kind kind, long permits) {
      if (kind == Kind.PEEK || kind == Kind.RESET) {
        return List.of(kind.name());
      }
      Cell worth = worth(permits);
      Cell other = worth(kind == Kind.ACQUIRE ? algorithm.limit() - permits : permits - 1);
      return List.of(
          kind.name(),
          Long.toString(radix()),
          micros(worth),
          rest(worth),
          micros(other),
          rest(other));
    }

    @Override
    public Cell cell() {
      return new Cell(TokenBucket.COUNTS);
    }

    @Override
    public void read(List<Long> kept, Cell cell) {
      long rest = kept.get(1);
      cell.at = kept.get(0) * 1000 + rest / rate();
      cell.counts[0] = (int) (rest % rate());
    }

    /**
     * What permits are worth: taken from a full bucket at instant 0, when it will be full again.
     */
    private Cell worth(long permits) {
      Cell cell = cell();
      if (permits > 0) {
        algorithm.take(cell, permits, 0);
      }
      return cell;
    }

    private long rate() {
      return algorithm.terms().rate();
    }

    private long radix() {
      return 1000 * rate();
    }

    private static String micros(Cell worth) {
      return Long.toString(worth.at / 1000);
    }

    private String rest(Cell worth) {
      return Long.toString(worth.at % 1000 * rate() + worth.counts[0]);
    }
  }

  /** Slices are whole microseconds, rounded up. */
  record Sliding(SlidingWindow algorithm, long sliceMicros) implements RedisTerms {
    static Sliding of(Limit.SlidingWindow window) {
      long micros = Math.ceilDiv(new SlidingWindow(window).slice(), 1000L);
      return new Sliding(new SlidingWindow(window.permits(), micros * 1000), micros);
    }

    @Override
    public RedisScript script() {
      return LimiterScripts.SLIDING_WINDOW;
    }

    @Override
    public String name() {
      return "s" + algorithm.limit() + "/" + sliceMicros;
    }

    @Override
    public List<String> arguments(Kind kind, long permits) {
      return List.of(
          kind.name(),
          Long.toString(permits),
          Long.toString(algorithm.limit()),
          Long.toString(sliceMicros));
    }

    @Override
    public Cell cell() {
      return new Cell(SlidingWindow.COUNTS);
    }

    @Override
    public void read(List<Long> kept, Cell cell) {
      cell.at = (kept.getFirst() + SlidingWindow.COUNTS) * algorithm.slice();
      for (int i = 0; i < SlidingWindow.COUNTS; i++) {
        cell.counts[i] = Math.toIntExact(kept.get(1 + i));
      }
    }
  }

  /** The unit's end is whole seconds. */
  record Fixed(FixedWindow algorithm) implements RedisTerms {
    private static final long SECOND_NANOS = 1_000_000_000;

    @Override
    public RedisScript script() {
      return LimiterScripts.FIXED_WINDOW;
    }

    @Override
    public String name() {
      return "f" + algorithm.limit() + "/" + algorithm.unit();
    }

    @Override
    public List<String> arguments(Kind kind, long permits) {
      return List.of(
          kind.name(),
          Long.toString(permits),
          Long.toString(algorithm.limit()),
          algorithm.unit().name());
    }

    @Override
    public Cell cell() {
      return new Cell(FixedWindow.COUNTS);
    }

    @Override
    public void read(List<Long> kept, Cell cell) {
      cell.at = kept.get(0) * SECOND_NANOS;
      cell.counts[0] = Math.toIntExact(kept.get(1));
    }
  }
}
