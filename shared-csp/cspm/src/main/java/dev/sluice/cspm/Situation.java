package dev.sluice.cspm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All states that a process may be in after what has been seen. */
final class Situation {
  private final Map<Event, List<Process>> targets = new HashMap<>();
  private final Map<Event, Situation> next = new HashMap<>();

  private Situation(Set<Process> members) {
    for (Process member : members) {
      for (Transition step : member.transitions()) {
        if (step.event() != Event.TAU) {
          targets.computeIfAbsent(step.event(), _ -> new ArrayList<>()).add(step.to());
        }
      }
    }
  }

  /** After one more event; null when it may not come. */
  @Nullable Situation after(Event event, All all) {
    Situation known = next.get(event);
    if (known != null) {
      return known;
    }
    List<Process> to = targets.get(event);
    if (to == null) {
      return null;
    }
    Situation found = all.of(to);
    next.put(event, found);
    return found;
  }

  Set<String> allowed() {
    var names = new TreeSet<String>();
    targets.keySet().forEach(event -> names.add(event.toString()));
    return names;
  }

  /** The situations that have come up, so that each is worked out once. */
  static final class All {
    private static final int LIMIT = 200_000;

    private final Map<Set<Process>, Situation> known = new HashMap<>();

    Situation of(Collection<Process> processes) {
      Set<Process> members = withInternalSteps(processes);
      Situation situation = known.get(members);
      if (situation == null) {
        situation = new Situation(members);
        known.put(members, situation);
      }
      return situation;
    }

    private static Set<Process> withInternalSteps(Collection<Process> processes) {
      var all = new HashSet<>(processes);
      var todo = new ArrayDeque<>(all);
      while (!todo.isEmpty()) {
        for (Transition step : todo.pop().transitions()) {
          if (step.event() == Event.TAU && all.add(step.to())) {
            todo.push(step.to());
          }
        }
        if (all.size() > LIMIT) {
          throw new CspmException("the process may be in more than " + LIMIT + " states at once");
        }
      }
      return all;
    }
  }
}
