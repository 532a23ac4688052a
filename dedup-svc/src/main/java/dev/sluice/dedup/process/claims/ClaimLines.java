package dev.sluice.dedup.process.claims;

import dev.sluice.csp.Reply;
import dev.sluice.dedup.process.claims.ClaimMessage.Request;
import dev.sluice.dedup.store.claims.ClaimKey;
import dev.sluice.store.Fingerprint;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a claim to end: a line for each key that somebody waits for, first come, first
 * served, and the two orders in which lines and waiters are due. It only keeps; {@link ClaimShard}
 * decides.
 */
final class ClaimLines {
  private final Map<Fingerprint, Line> lines = new HashMap<>();
  private final Map<Reply<ClaimDecision>, Line> whereabouts = new HashMap<>();
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
   * @param deadline until when it will wait
   * @param number tells apart those with the same deadline
   */
  record Place(Request request, long deadline, long number) {}

  /** Those who wait for one key. */
  static final class Line {
    final ClaimKey key;

    /** When the present claim ends, as far as is known. */
    long leaseEnds;

    private final long number;

    /** By the reply, which is only equal to itself. */
    private final SequencedMap<Reply<ClaimDecision>, Place> places = new LinkedHashMap<>();

    private long due;

    Line(ClaimKey key, long number) {
      this.key = key;
      this.number = number;
    }

    int size() {
      return places.size();
    }

    Place first() {
      return places.firstEntry().getValue();
    }

    boolean isFirst(Request request) {
      return !places.isEmpty() && first().request == request;
    }

    List<Request> requests() {
      return places.values().stream().map(Place::request).toList();
    }
  }

  /** The line of those who wait for the key; null if nobody does. */
  @Nullable Line of(ClaimKey key) {
    return lines.get(key.fingerprint());
  }

  /** The line that the request waits in; null if it does not. */
  @Nullable Line of(Request request) {
    return whereabouts.get(request.reply());
  }

  /** How many wait for the key. */
  int waiting(ClaimKey key) {
    Line line = of(key);
    return line == null ? 0 : line.size();
  }

  /** How many wait in all lines. */
  int waiting() {
    return whereabouts.size();
  }

  /** All who wait. */
  List<Request> requests() {
    return lines.values().stream().flatMap(line -> line.requests().stream()).toList();
  }

  /** Adds one at the end of the key's line. */
  Line add(Request request, long deadline) {
    ClaimKey key = request.key();
    Line line = lines.computeIfAbsent(key.fingerprint(), _ -> new Line(key, numbered++));
    var place = new Place(request, deadline, numbered++);
    line.places.put(request.reply(), place);
    whereabouts.put(request.reply(), line);
    byDeadline.add(place);
    return line;
  }

  /** Takes one out; an empty line is closed. */
  void remove(Line line, Request request) {
    Place place = line.places.remove(request.reply());
    if (place != null) {
      whereabouts.remove(request.reply());
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

  /** Whether the line's first one is to be looked at some time; else its answer is under way. */
  boolean isPlanned(Line line) {
    return byDue.contains(line);
  }

  /** A line whose first one is to be looked at, planned no longer; null if there is none yet. */
  @Nullable Line pollDue(long now) {
    return byDue.isEmpty() || byDue.first().due > now ? null : byDue.pollFirst();
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
