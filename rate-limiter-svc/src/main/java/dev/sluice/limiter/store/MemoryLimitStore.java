package dev.sluice.limiter.store;

import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Counts in this process's memory: some 50 bytes a key, and none for one with all its permits. */
public final class MemoryLimitStore implements LimitStore {
  private static final long PASS = Duration.ofSeconds(10).toNanos();
  private static final long STEP = Duration.ofMillis(20).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(1).toNanos();

  /** How many counts the cells of each table have. */
  static final List<Integer> CELL_SIZES = List.of(TokenBucket.COUNTS, SlidingWindow.COUNTS);

  private final long max;
  private final Kept small = new Kept(TokenBucket.COUNTS); // and fixed windows
  private final Kept sliding = new Kept(SlidingWindow.COUNTS);

  /** A table, and the cell that its entries are read into. */
  private record Kept(CellTable table, Cell cell) {
    Kept(int counts) {
      this(new CellTable(counts), new Cell(counts));
    }
  }

  /**
   * @param max the most keys to keep
   */
  public MemoryLimitStore(long max) {
    this.max = max;
  }

  /** How many keys it keeps. */
  public long size() {
    return small.table.size() + sliding.table.size();
  }

  /** The table of cells of this size. */
  CellTable table(int counts) {
    return switch (counts) {
      case TokenBucket.COUNTS -> small.table;
      case SlidingWindow.COUNTS -> sliding.table;
      default -> throw new IllegalArgumentException("no cell has " + counts + " counts");
    };
  }

  /** Puts back what was kept of a key. */
  void restore(Fingerprint print, Cell cell) {
    table(cell.counts.length).write(print, cell);
  }

  @Override
  public void submit(Operation operation, long now, Consumer<? super Outcome> answer) {
    Kept kept = operation.key().limit() instanceof Limit.SlidingWindow ? sliding : small;
    answer.accept(done(operation, now, kept));
  }

  private Outcome done(Operation operation, long now, Kept kept) {
    Algorithm algorithm = Algorithm.of(operation.key().limit());
    Fingerprint print = operation.key().fingerprint();
    Cell cell = kept.cell;
    boolean known = kept.table.read(print, cell);
    if (!known) {
      Algorithm.clear(cell);
    }
    // Who acquires of all permits gets some, and needs an entry.
    if (!known && operation.kind() == Kind.ACQUIRE && !hasRoom(print, now, kept.table)) {
      return new Outcome.Full("all " + max + " entries of this shard are in use");
    }
    Outcome.Done done = algorithm.carryOut(operation.kind(), operation.permits(), cell, now);
    if (operation.kind() == Kind.RESET) {
      kept.table.remove(print);
    } else if (done.permits() > 0) {
      kept.table.write(print, cell);
    }
    return done;
  }

  private boolean hasRoom(Fingerprint print, long now, CellTable table) {
    if (size() >= max) {
      table.sweepAround(print, now);
    }
    return size() < max;
  }

  /** A few segments at a time, so that all are looked at every ten seconds. */
  @Override
  public long sweep(long now) {
    int most = Math.max(small.table.segments(), sliding.table.segments());
    sweep(small.table, now);
    sweep(sliding.table, now);
    return size() == 0 ? LONGEST_PAUSE : Math.clamp(PASS / most, STEP, LONGEST_PAUSE);
  }

  private static void sweep(CellTable table, long now) {
    table.sweepNext(Math.ceilDiv(table.segments(), (int) (PASS / STEP)), now);
  }
}
