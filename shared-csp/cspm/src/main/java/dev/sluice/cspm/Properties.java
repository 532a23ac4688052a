package dev.sluice.cspm;

import dev.sluice.cspm.Assertion.Model;
import dev.sluice.cspm.Assertion.Property;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a process is free of deadlock or divergence, or deterministic. */
final class Properties {
  private final Graph graph;
  private final Model model;
  private final Words words;
  private final int limit;

  Properties(Graph graph, Model model, Words words, int limit) {
    this.graph = graph;
    this.model = model;
    this.words = words;
    this.limit = limit;
  }

  /** Null when the process has the property. */
  @Nullable String counterexample(Property property) {
    boolean divergenceCounts = model == Model.FD || property == Property.DIVERGENCE_FREE;
    for (int state = 0; state < graph.size(); state++) {
      if (divergenceCounts && graph.isDivergent(state)) {
        return after(graph.trace(state)) + "diverge: an endless loop of internal steps";
      }
      if (property == Property.DEADLOCK_FREE && isDeadlock(state)) {
        return after(graph.trace(state)) + "deadlock";
      }
    }
    return property == Property.DETERMINISTIC ? choice() : null;
  }

  private boolean isDeadlock(int state) {
    return graph.events(state).length == 0 && !graph.hasTerminated(state);
  }

  private String after(List<Integer> trace) {
    return "after " + words.trace(trace) + " it may ";
  }

  private record Reached(int from, int event) {}

  /** What is accepted or refused after one and the same trace. */
  private @Nullable String choice() {
    var normal = new Normal(graph, limit);
    normal.first();
    var reached = new ArrayList<Reached>();
    reached.add(new Reached(-1, 0));
    for (int i = 0; i < normal.size(); i++) {
      Normal.State state = normal.state(i);
      for (BitSet acceptance : state.acceptances()) {
        var refused = (BitSet) state.initials().clone();
        refused.andNot(acceptance);
        if (!refused.isEmpty()) {
          return after(trace(reached, i))
              + "both accept and refuse "
              + words.name(refused.nextSetBit(0));
        }
      }
      int from = i;
      state.initials().stream()
          .forEach(event -> {
            int before = normal.size();
            normal.after(state, event);
            if (normal.size() > before) {
              reached.add(new Reached(from, event));
            }
          });
    }
    return null;
  }

  private static List<Integer> trace(List<Reached> reached, int state) {
    Deque<Integer> trace = new ArrayDeque<>();
    for (Reached how = reached.get(state); how.from >= 0; how = reached.get(how.from)) {
      trace.addFirst(how.event);
    }
    return List.copyOf(trace);
  }
}
