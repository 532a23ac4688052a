package dev.sluice.pool.process;

import dev.sluice.csp.Reply;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait: a line for each key that somebody waits for, first come, first served, and the
 * order in which their patience ends. It only keeps.
 *
 * @param <K> what lines are told apart by
 * @param <W> who waits
 */
final class WaitingLines<K, W extends WaitingLines.Waiter> {

  /** Who waits for an answer. */
  interface Waiter {
    /** Gets it. */
    Reply<?> reply();
  }

  /** One place in a line; each is only equal to itself. */
  static final class Place<K, W> {
    final K key;
    final W who;
    final long deadline;
    private final long number;

    /** Whether its deadline has come, and it could not be answered then. */
    boolean isOver;

    private Place(K key, W who, long deadline, long number) {
      this.key = key;
      this.who = who;
      this.deadline = deadline;
      this.number = number;
    }
  }

  private final Map<K, SequencedSet<Place<K, W>>> lines = new HashMap<>();
  private final Map<Reply<?>, Place<K, W>> whereabouts = new HashMap<>();
  private final TreeSet<Place<K, W>> byDeadline =
      new TreeSet<>(
          Comparator.<Place<K, W>>comparingLong(place -> place.deadline)
              .thenComparingLong(place -> place.number));
  private long numbered;

  /** Adds one at the end of the key's line. */
  Place<K, W> add(K key, W who, long deadline) {
    var place = new Place<>(key, who, deadline, numbered++);
    lines.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(place);
    whereabouts.put(who.reply(), place);
    byDeadline.add(place);
    return place;
  }

  /** Those who came first to the key's line, so many at most. */
  List<Place<K, W>> first(K key, int max) {
    SequencedSet<Place<K, W>> line = lines.get(key);
    return line == null ? List.of() : line.stream().limit(max).toList();
  }

  /** All who wait in the key's line. */
  List<Place<K, W>> all(K key) {
    return first(key, Integer.MAX_VALUE);
  }

  /** All who wait. */
  List<Place<K, W>> all() {
    return List.copyOf(whereabouts.values());
  }

  /** Whom the reply belongs to; null if it waits no longer. */
  @Nullable Place<K, W> of(Reply<?> reply) {
    return whereabouts.get(reply);
  }

  /** Takes one out; false: it was not there any more. */
  boolean remove(Place<K, W> place) {
    if (whereabouts.remove(place.who.reply()) == null) {
      return false;
    }
    byDeadline.remove(place);
    SequencedSet<Place<K, W>> line = lines.get(place.key);
    if (line != null) {
      line.remove(place);
      if (line.isEmpty()) {
        lines.remove(place.key);
      }
    }
    return true;
  }

  /**
   * One whose deadline has come; it stays in its line, but is not told again. Null when there is
   * none.
   */
  @Nullable Place<K, W> pollExpired(long now) {
    return byDeadline.isEmpty() || byDeadline.first().deadline > now
        ? null
        : byDeadline.pollFirst();
  }

  /** When the next deadline comes; {@link Long#MAX_VALUE}: never. */
  long nextDeadline() {
    return byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.first().deadline;
  }

  /** How many wait in the key's line. */
  int size(K key) {
    SequencedSet<Place<K, W>> line = lines.get(key);
    return line == null ? 0 : line.size();
  }

  /** How many wait. */
  int size() {
    return whereabouts.size();
  }

  /** The keys that somebody waits for. */
  List<K> keys() {
    return List.copyOf(lines.keySet());
  }
}
