package dev.sluice.cspm;

import java.util.BitSet;
import java.util.List;

/** Visible events. One object a set, so that sets are compared by identity. */
final class EventSet {
  private final BitSet ids;
  private final List<Event> events;

  EventSet(BitSet ids, List<Event> events) {
    this.ids = ids;
    this.events = events;
  }

  boolean contains(Event event) {
    return ids.get(event.id());
  }

  List<Event> events() {
    return events;
  }
}
