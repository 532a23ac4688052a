package dev.sluice.cspm;

import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Traces and sets of events as they are written in counterexamples. */
final class Words {
  private static final int ALTERNATIVES = 3;

  private final Events events;

  Words(Events events) {
    this.events = events;
  }

  String name(int event) {
    return events.byId(event).toString();
  }

  String trace(List<Integer> trace) {
    return trace.stream().map(this::name).collect(Collectors.joining(", ", "<", ">"));
  }

  String set(BitSet set) {
    var names = new TreeSet<String>();
    set.stream().forEach(event -> names.add(name(event)));
    return "{" + String.join(", ", names) + "}";
  }

  String anyOf(List<BitSet> sets) {
    if (sets.isEmpty()) {
      return "(no stable state)";
    }
    String some =
        sets.stream().limit(ALTERNATIVES).map(this::set).collect(Collectors.joining(" or "));
    return sets.size() <= ALTERNATIVES ? some : some + " or ... (" + sets.size() + " in all)";
  }
}
