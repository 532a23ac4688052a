package dev.sluice.dedup.process.stream;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.dedup.process.Ask;
import dev.sluice.dedup.process.Decision;
import dev.sluice.dedup.process.Deduplicator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Lets the first of each key pass, as the deduplicator knows it.
 *
 * <p>One batch is under way at a time, and the next gathers meanwhile: so the order of a stream is
 * the order in which its keys are seen, also when the deduplicator has no room for a part of a
 * batch, which is asked again then.
 *
 * @param <T> the items' payload
 */
public final class Firsts<T> implements Sieve<T> {
  /** The most items of one batch. */
  static final int BATCH = 1_000;

  /** The most bytes of one batch, unless it is of one item. */
  static final int BATCH_BYTES = 1 << 20;

  private static final Duration PAUSE = Duration.ofMillis(1);

  private final Deduplicator deduplicator;
  private final Window window;
  private final Executor owner;
  private final Clock clock;
  private final Outlet<T> outlet;

  private List<Item<T>> next = new ArrayList<>();
  private long nextBytes;
  private @Nullable Batch underWay;
  private boolean refused;
  private boolean ending;
  private boolean over;

  /**
   * What is asked of every key.
   *
   * @param namespace whose keys
   * @param ttl how long a window lasts
   * @param extend whether it slides
   */
  public record Window(String namespace, Duration ttl, boolean extend) {}

  /**
   * @param owner runs what comes from elsewhere as the owner of the stream
   * @param clock by which a full deduplicator is asked again
   */
  public Firsts(
      Deduplicator deduplicator, Window window, Executor owner, Clock clock, Outlet<T> outlet) {
    this.deduplicator = deduplicator;
    this.window = window;
    this.owner = owner;
    this.clock = clock;
    this.outlet = outlet;
  }

  @Override
  public boolean offer(Item<T> item) {
    if (next.size() == BATCH || !next.isEmpty() && nextBytes + item.bytes() > BATCH_BYTES) {
      refused = true;
      return false;
    }
    next.add(item);
    nextBytes += item.bytes();
    return true;
  }

  @Override
  public void flush() {
    if (underWay == null && !next.isEmpty() && !over) {
      stopIf(begin());
      tellOfRoom(); // the next batch can gather
    }
  }

  @Override
  public void end() {
    ending = true;
    flush();
    endIfAnswered();
  }

  @Override
  public boolean isPending() {
    return underWay != null || !next.isEmpty();
  }

  @Override
  public void abandon() {
    over = true;
  }

  /**
   * @return why it cannot be
   */
  private @Nullable Stop begin() {
    var batch = new Batch(next);
    next = new ArrayList<>(batch.items.size());
    nextBytes = 0;
    underWay = batch;
    return batch.ask();
  }

  private void answered(Batch batch) {
    underWay = null;
    Stop stop = batch.stop();
    if (stop == null && !next.isEmpty()) {
      stop = begin(); // before the answers are written: the shards work meanwhile
    }
    outlet.pass(batch.firsts(), batch.last());
    if (stop != null) {
      stopIf(stop);
    } else if (!over) {
      tellOfRoom();
      endIfAnswered();
    }
  }

  private void tellOfRoom() {
    if (refused && !over) {
      refused = false;
      outlet.readOn();
    }
  }

  private void endIfAnswered() {
    if (ending && !over && !isPending()) {
      over = true;
      outlet.ended();
    }
  }

  private void stopIf(@Nullable Stop stop) {
    if (stop != null && !over) {
      over = true;
      outlet.stopped(stop);
    }
  }

  /** Some items, and what is known of them. */
  private final class Batch {
    private final List<Item<T>> items;
    private final @Nullable Decision[] decisions;
    private List<Integer> open; // places

    Batch(List<Item<T>> items) {
      this.items = items;
      this.decisions = new Decision[items.size()];
      this.open = new ArrayList<>(items.size());
      for (int i = 0; i < items.size(); i++) {
        open.add(i);
      }
    }

    /** Asks for all that is open. */
    @Nullable Stop ask() {
      try {
        deduplicator
            .seeAll(open.stream().map(this::question).toList())
            .stage()
            .whenComplete((decided, failure) -> owner.execute(() -> take(decided, failure)));
        return null;
      } catch (ChannelClosedException closed) {
        return new Stop(new Stop.Closed(), List.of());
      }
    }

    private Ask question(int place) {
      return new Ask(window.namespace(), items.get(place).key(), window.ttl(), window.extend());
    }

    private void take(@Nullable List<Decision> decided, @Nullable Throwable failure) {
      if (over) {
        return;
      }
      if (decided == null) {
        fail(new Stop.Failed(failure == null ? new IllegalStateException("no answer") : failure));
        return;
      }
      var again = new ArrayList<Integer>();
      for (int i = 0; i < decided.size(); i++) {
        int place = open.get(i);
        decisions[place] = decided.get(i);
        if (decided.get(i) instanceof Decision.NoRoom) {
          again.add(place);
        }
      }
      open = again;
      if (open.isEmpty()) {
        answered(this);
      } else {
        clock.schedule(clock.nanos() + PAUSE.toNanos(), () -> owner.execute(this::askAgain));
      }
    }

    private void askAgain() {
      if (!over && ask() != null) {
        fail(new Stop.Closed());
      }
    }

    /** Nothing will be known of what is open. */
    private void fail(Stop.Why why) {
      outlet.pass(firsts(), last());
      stopIf(new Stop(why, open.stream().map(place -> items.get(place).number()).toList()));
    }

    List<Item<T>> firsts() {
      var firsts = new ArrayList<Item<T>>(items.size());
      for (int i = 0; i < decisions.length; i++) {
        if (decisions[i] instanceof Decision.Sighting sighting && sighting.first()) {
          firsts.add(items.get(i));
        }
      }
      return firsts;
    }

    long last() {
      return items.getLast().number();
    }

    @Nullable Stop stop() {
      Decision refusal = null;
      var undecided = new ArrayList<Long>();
      for (int i = 0; i < decisions.length; i++) {
        Decision decision = decisions[i];
        if (!(decision instanceof Decision.Sighting)) {
          refusal = decision;
          undecided.add(items.get(i).number());
        }
      }
      return refusal == null ? null : new Stop(new Stop.Refused(refusal), undecided);
    }
  }
}
