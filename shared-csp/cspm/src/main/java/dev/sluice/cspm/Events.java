package dev.sluice.cspm;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All events and sets of events of a script. */
final class Events {
  private final Map<Value, Event> known = new HashMap<>();
  private final Map<BitSet, EventSet> sets = new HashMap<>();
  private final List<Event> byId = new ArrayList<>(List.of(Event.TAU, Event.TICK));

  Event of(Value value) {
    return known.computeIfAbsent(
        value,
        _ -> {
          var event = new Event(byId.size(), value.toString());
          byId.add(event);
          return event;
        });
  }

  Event byId(int id) {
    return byId.get(id);
  }

  EventSet set(Collection<Value> values) {
    return setOf(values.stream().map(this::of).toList());
  }

  EventSet union(EventSet one, EventSet other) {
    var all = new ArrayList<Event>(one.events());
    all.addAll(other.events());
    return setOf(all);
  }

  private EventSet setOf(List<Event> events) {
    var ids = new BitSet();
    events.forEach(event -> ids.set(event.id()));
    return sets.computeIfAbsent(
        ids, _ -> new EventSet(ids, ids.stream().mapToObj(this::byId).toList()));
  }
}
