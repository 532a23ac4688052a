package dev.sluice.pool.process;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Those who wait for room in the queue: first come, first served, each until its deadline. */
final class SubmitLine {

  /** One of them; each is only equal to itself. */
  static final class Place {
    final Submit request;
    final long since;
    final long deadline;
    private final long number;

    private Place(Submit request, long now, long number) {
      this.request = request;
      this.since = now;
      this.deadline = now + request.maxWait().toNanos();
      this.number = number;
    }
  }

  private final SequencedSet<Place> byArrival = new LinkedHashSet<>();
  private final TreeSet<Place> byDeadline =
      new TreeSet<>(
          Comparator.<Place>comparingLong(place -> place.deadline)
              .thenComparingLong(place -> place.number));
  private long nextNumber;

  void add(Submit request, long now) {
    var place = new Place(request, now, nextNumber++);
    byArrival.add(place);
    byDeadline.add(place);
  }

  /** Takes out the one who came first; null when nobody waits. */
  @Nullable Place pollFirst() {
    if (byArrival.isEmpty()) {
      return null;
    }
    Place first = byArrival.removeFirst();
    byDeadline.remove(first);
    return first;
  }

  /** Takes out one whose deadline has come; null when there is none. */
  @Nullable Place pollExpired(long now) {
    if (byDeadline.isEmpty() || byDeadline.first().deadline - now > 0) {
      return null;
    }
    Place expired = byDeadline.removeFirst();
    byArrival.remove(expired);
    return expired;
  }

  /** When the next deadline comes; {@code otherwise} when nobody waits. */
  long nextDeadline(long otherwise) {
    return byDeadline.isEmpty() ? otherwise : Math.min(byDeadline.first().deadline, otherwise);
  }

  /** How many places are taken. */
  int size() {
    return byArrival.size();
  }

  /** How many of them belong to somebody who has not gone away meanwhile. */
  int waiting() {
    return (int) byArrival.stream().filter(place -> !place.request.reply().isAbandoned()).count();
  }
}
