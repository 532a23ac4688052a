package dev.sluice.dedup.process.stream;

import dev.sluice.csp.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Lets one item of each burst of a key pass. A burst is a run of items of one key that follow each
 * other within a quiet time; it ends when none has come for so long.
 *
 * <pre>
 *   items       x x x x x x          x x x
 *   quiet                  |-----|        |-----|
 *   LEADING     x                    x
 *   TRAILING                     x              x     (the last of each burst)
 * </pre>
 *
 * <p>The quiet time is the same for all keys, so the key that was seen last is due last: what is
 * pending stands in the order of its end, and no heap is needed.
 *
 * @param <T> the items' payload
 */
public final class Debounce<T> implements Sieve<T> {
  /** Which item of a burst passes. */
  public enum Edge {
    /** The first, at once. */
    LEADING,
    /** The last, after the quiet time, or at the end of the stream. */
    TRAILING
  }

  /**
   * How it goes.
   *
   * @param edge which item passes
   * @param quiet how long no item must come for a burst to be over; more than 0
   * @param maxKeys the most keys that are within a burst at once; a further one has to wait
   * @param maxBytes the most bytes they and their items hold; one item may be larger
   */
  public record Terms(Edge edge, Duration quiet, int maxKeys, long maxBytes) {}

  private final Terms terms;
  private final Executor owner;
  private final Clock clock;
  private final Outlet<T> outlet;

  private final LinkedHashMap<String, Pending<T>> bursts = new LinkedHashMap<>();
  private long bytes;
  private List<Item<T>> ready = new ArrayList<>();
  private long last;
  private Clock.@Nullable Alarm alarm;
  private boolean refused;
  private boolean over;

  /**
   * @param owner runs what comes from elsewhere as the owner of the stream
   * @param clock by which it is quiet
   */
  public Debounce(Terms terms, Executor owner, Clock clock, Outlet<T> outlet) {
    this.terms = terms;
    this.owner = owner;
    this.clock = clock;
    this.outlet = outlet;
  }

  /** A burst: its last item, for the leading edge without the payload's weight. */
  private record Pending<T>(@Nullable Item<T> item, long bytes, long since) {}

  @Override
  public boolean offer(Item<T> item) {
    long now = clock.nanos();
    endBursts(now);
    Pending<T> before = bursts.get(item.key());
    var pending = pending(item, now);
    if (!hasRoom(before, pending)) {
      refused = true;
      setAlarm(now);
      return false;
    }
    bursts.remove(item.key()); // to stand at the end
    bursts.put(item.key(), pending);
    bytes += pending.bytes() - (before == null ? 0 : before.bytes());
    last = item.number();
    if (terms.edge() == Edge.LEADING && before == null) {
      ready.add(item);
    }
    return true;
  }

  private Pending<T> pending(Item<T> item, long now) {
    long key = 2L * item.key().length();
    return terms.edge() == Edge.TRAILING
        ? new Pending<>(item, key + item.bytes(), now)
        : new Pending<>(null, key, now);
  }

  private boolean hasRoom(@Nullable Pending<T> before, Pending<T> pending) {
    int others = bursts.size() - (before == null ? 0 : 1);
    long held = bytes - (before == null ? 0 : before.bytes());
    return others == 0 || others < terms.maxKeys() && held + pending.bytes() <= terms.maxBytes();
  }

  @Override
  public void flush() {
    long now = clock.nanos();
    endBursts(now);
    pass();
    if (terms.edge() == Edge.TRAILING && !over) {
      setAlarm(now);
    }
  }

  @Override
  public void end() {
    bursts.values().forEach(this::makeReady);
    bursts.clear();
    pass();
    if (!over) {
      abandon();
      outlet.ended();
    }
  }

  @Override
  public boolean isPending() {
    return terms.edge() == Edge.TRAILING && !bursts.isEmpty() || !ready.isEmpty();
  }

  @Override
  public void abandon() {
    over = true;
    if (alarm != null) {
      alarm.cancel();
    }
  }

  private void endBursts(long now) {
    var inOrder = bursts.values().iterator();
    while (inOrder.hasNext()) {
      Pending<T> first = inOrder.next();
      if (now - first.since() < terms.quiet().toNanos()) {
        return;
      }
      inOrder.remove();
      bytes -= first.bytes();
      makeReady(first);
    }
  }

  private void makeReady(Pending<T> ended) {
    if (ended.item() != null) {
      ready.add(ended.item());
    }
  }

  private void pass() {
    if (!over && !ready.isEmpty()) {
      List<Item<T>> passing = ready;
      ready = new ArrayList<>();
      outlet.pass(passing, last);
    }
  }

  /** For the end of the earliest burst, unless one is set: that is no later. */
  private void setAlarm(long now) {
    if (alarm == null && !bursts.isEmpty()) {
      long left = terms.quiet().toNanos() - (now - bursts.firstEntry().getValue().since());
      alarm = clock.schedule(now + left, () -> owner.execute(this::rung));
    }
  }

  private void rung() {
    alarm = null;
    if (over) {
      return;
    }
    boolean held = refused;
    refused = false;
    flush();
    if (held && !over) {
      outlet.readOn();
    }
  }
}
