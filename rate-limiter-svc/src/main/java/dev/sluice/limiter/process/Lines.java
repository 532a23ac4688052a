package dev.sluice.limiter.process;

import dev.sluice.csp.Reply;
import dev.sluice.limiter.process.LimiterMessage.Request;
import dev.sluice.limiter.store.LimitKey;
import dev.sluice.store.Fingerprint;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for permits: a line for each key that somebody waits for, first come, first served, and
 * the two orders in which lines and waiters are due. It only keeps; {@link LimiterShard} decides.
 */
final class Lines {
  private final Map<Fingerprint, Line> lines = new HashMap<>();
  private final Map<Reply<Decision>, Line> whereabouts = new HashMap<>();
  private final TreeSet<Line> byDue =
      new TreeSet<>(
          Comparator.<Line>comparingLong(line -> line.due).thenComparingLong(line -> line.number));
  private final TreeSet<Place> byDeadline =
      new TreeSet<>(Comparator.comparingLong(Place::deadline).thenComparingLong(Place::number));
  private long numbered;

  /**
   * One who waits.
   *
   * @param request what it has asked
   * @param rule under which limit
   * @param since when
   * @param deadline until when it will wait
   * @param number tells apart those with the same deadline
   */
  record Place(Request request, Rule rule, long since, long deadline, long number) {}

  /** Those who wait for one key. */
  static final class Line {
    final LimitKey key;
    private final long number;

    /** By the reply, which is only equal to itself. */
    private final SequencedMap<Reply<Decision>, Place> places = new LinkedHashMap<>();

    private long queued;
    private long due;

    Line(LimitKey key, long number) {
      this.key = key;
      this.number = number;
    }

    int size() {
      return places.size();
    }

    /** How many permits all of them want. */
    long queued() {
      return queued;
    }

    Place first() {
      return places.firstEntry().getValue();
    }

    boolean isFirst(Request request) {
      return !places.isEmpty() && first().request == request;
    }
  }

  /** The line of those who wait for the key; null if nobody does. */
  @Nullable Line of(LimitKey key) {
    return lines.get(key.fingerprint());
  }

  /** The line that the request waits in; null if it does not. */
  @Nullable Line of(Request request) {
    return whereabouts.get(request.reply());
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** Adds one at the end of the key's line. */
  Line add(LimitKey key, Request request, Rule rule, long since) {
    Line line = lines.get(key.fingerprint());
    if (line == null) {
      line = new Line(key, numbered++);
      lines.put(key.fingerprint(), line);
    }
    var place =
        new Place(request, rule, since, since + request.ask().maxWait().toNanos(), numbered++);
    line.places.put(request.reply(), place);
    whereabouts.put(request.reply(), line);
    line.queued += request.ask().permits();
    byDeadline.add(place);
    return line;
  }

  /** Takes one out; an empty line is closed. */
  void remove(Line line, Request request) {
    Place place = line.places.remove(request.reply());
    if (place != null) {
      whereabouts.remove(request.reply());
      line.queued -= request.ask().permits();
      byDeadline.remove(place);
      if (line.places.isEmpty()) {
        lines.remove(line.key.fingerprint());
        byDue.remove(line);
      }
    }
  }

  /** The line's first one is to be looked at then. */
  void plan(Line line, long due) {
    byDue.remove(line);
    line.due = due;
    byDue.add(line);
  }

  /** A line whose first one is to be looked at, planned no longer; null if there is none yet. */
  @Nullable Line pollDue(long now) {
    return byDue.isEmpty() || byDue.first().due > now ? null : byDue.pollFirst();
  }

  /** Whether the line's first one is to be looked at some time; else its answer is under way. */
  boolean isPlanned(Line line) {
    return byDue.contains(line);
  }

  /** Who waits no longer, taken off the order of deadlines; null if there is none yet. */
  @Nullable Place pollExpired(long now) {
    return byDeadline.isEmpty() || byDeadline.first().deadline > now
        ? null
        : byDeadline.pollFirst();
  }

  /** When {@link #pollDue} or {@link #pollExpired} will have something. */
  long next() {
    return Math.min(
        byDue.isEmpty() ? Long.MAX_VALUE : byDue.first().due,
        byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.first().deadline);
  }
}
