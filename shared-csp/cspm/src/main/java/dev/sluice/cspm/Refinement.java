package dev.sluice.cspm;

import dev.sluice.cspm.Assertion.Model;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether one process does nothing that another does not: walks through both together, the
 * implementation and the normalised specification, breadth first, so that the first counterexample
 * is a shortest one.
 */
final class Refinement {
  /** Both after one trace, and how they came there. */
  private record Pair(Normal.State allowed, int state, int parent, int event) {}

  private record Seen(int allowed, int state) {}

  private static final int TAU = Event.TAU.id();

  private final Normal specification;
  private final Graph implementation;
  private final Model model;
  private final Words words;
  private final List<Pair> pairs = new ArrayList<>();
  private final Set<Seen> seen = new HashSet<>();

  Refinement(Normal specification, Graph implementation, Model model, Words words) {
    this.specification = specification;
    this.implementation = implementation;
    this.model = model;
    this.words = words;
  }

  /** Null when it refines. */
  @Nullable String counterexample() {
    add(new Pair(specification.first(), 0, -1, TAU));
    for (int i = 0; i < pairs.size(); i++) {
      String problem = look(i);
      if (problem != null) {
        return "after " + words.trace(trace(i)) + " the implementation may " + problem;
      }
    }
    return null;
  }

  private void add(Pair pair) {
    if (seen.add(new Seen(pair.allowed.number(), pair.state))) {
      pairs.add(pair);
    }
  }

  private @Nullable String look(int index) {
    Pair pair = pairs.get(index);
    if (model == Model.FD && pair.allowed.isDivergent()) {
      return null; // then everything is allowed
    }
    if (model == Model.FD && implementation.isDivergent(pair.state)) {
      return "diverge";
    }
    String refusal = model == Model.T ? null : refusal(pair);
    return refusal != null ? refusal : step(index, pair);
  }

  private @Nullable String refusal(Pair pair) {
    int state = pair.state;
    if (!implementation.isStable(state) || implementation.hasTerminated(state)) {
      return null;
    }
    var offers = implementation.offers(state);
    return pair.allowed.allowsOffering(offers)
        ? null
        : "offer only "
            + words.set(offers)
            + " but the specification never offers less than "
            + words.anyOf(pair.allowed.acceptances());
  }

  private @Nullable String step(int index, Pair pair) {
    int[] events = implementation.events(pair.state);
    for (int i = 0; i < events.length; i++) {
      Normal.State next =
          events[i] == TAU ? pair.allowed : specification.after(pair.allowed, events[i]);
      if (next == null) {
        return "do "
            + words.name(events[i])
            + " but the specification allows only "
            + words.set(pair.allowed.initials());
      }
      add(new Pair(next, implementation.targets(pair.state)[i], index, events[i]));
    }
    return null;
  }

  private List<Integer> trace(int index) {
    Deque<Integer> trace = new ArrayDeque<>();
    for (Pair pair = pairs.get(index); pair.parent >= 0; pair = pairs.get(pair.parent)) {
      if (pair.event != TAU) {
        trace.addFirst(pair.event);
      }
    }
    return List.copyOf(trace);
  }
}
