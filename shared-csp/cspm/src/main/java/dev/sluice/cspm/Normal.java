package dev.sluice.cspm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process made deterministic, as far as it is asked for: a state of it is the set of all states
 * that the process may be in after a trace.
 */
final class Normal {
  private static final int TAU = Event.TAU.id();

  /** All that the process may be after a trace. */
  static final class State {
    private final int number;
    private final BitSet members;
    private final BitSet initials = new BitSet();
    private final List<BitSet> acceptances = new ArrayList<>();
    private final Map<Integer, State> next = new HashMap<>();
    private boolean divergent;

    private State(int number, BitSet members) {
      this.number = number;
      this.members = members;
    }

    /** From 0, in the order of their making. */
    int number() {
      return number;
    }

    /** The events that may come next. */
    BitSet initials() {
      return initials;
    }

    boolean isDivergent() {
      return divergent;
    }

    /** What it may insist on offering: the smallest sets. */
    List<BitSet> acceptances() {
      return acceptances;
    }

    boolean allowsOffering(BitSet offers) {
      return acceptances.stream().anyMatch(acceptance -> isSubset(acceptance, offers));
    }
  }

  private final Graph graph;
  private final int limit;
  private final Map<BitSet, State> known = new HashMap<>();
  private final List<State> states = new ArrayList<>();

  Normal(Graph graph, int limit) {
    this.graph = graph;
    this.limit = limit;
  }

  State first() {
    var root = new BitSet();
    root.set(0);
    return of(root);
  }

  int size() {
    return states.size();
  }

  State state(int number) {
    return states.get(number);
  }

  /** After one more event; null when that event may not come. */
  @Nullable State after(State state, int event) {
    if (!state.initials.get(event)) {
      return null;
    }
    State next = state.next.get(event);
    if (next == null) {
      next = of(targets(state, event));
      state.next.put(event, next);
    }
    return next;
  }

  private BitSet targets(State state, int event) {
    var targets = new BitSet();
    state.members.stream().forEach(member -> addTargets(member, event, targets));
    return targets;
  }

  private void addTargets(int member, int event, BitSet into) {
    int[] events = graph.events(member);
    for (int i = 0; i < events.length; i++) {
      if (events[i] == event) {
        into.set(graph.targets(member)[i]);
      }
    }
  }

  private State of(BitSet from) {
    BitSet members = withInternalSteps(from);
    State state = known.get(members);
    if (state == null) {
      if (states.size() >= limit) {
        throw new TooLargeException("the specification, normalised,", limit);
      }
      state = new State(states.size(), members);
      members.stream().forEach(new Summary(state)::add);
      known.put(members, state);
      states.add(state);
    }
    return state;
  }

  private BitSet withInternalSteps(BitSet from) {
    var all = (BitSet) from.clone();
    var todo = new ArrayDeque<Integer>();
    from.stream().forEach(todo::push);
    while (!todo.isEmpty()) {
      int member = todo.pop();
      int[] events = graph.events(member);
      for (int i = 0; i < events.length; i++) {
        int target = graph.targets(member)[i];
        if (events[i] == TAU && !all.get(target)) {
          all.set(target);
          todo.push(target);
        }
      }
    }
    return all;
  }

  private final class Summary {
    private final State state;

    Summary(State state) {
      this.state = state;
    }

    void add(int member) {
      state.divergent |= graph.isDivergent(member);
      for (int event : graph.events(member)) {
        if (event != TAU) {
          state.initials.set(event);
        }
      }
      if (graph.isStable(member)) {
        addAcceptance(graph.offers(member));
      }
    }

    private void addAcceptance(BitSet offers) {
      if (!state.allowsOffering(offers)) {
        state.acceptances.removeIf(larger -> isSubset(offers, larger));
        state.acceptances.add(offers);
      }
    }
  }

  private static boolean isSubset(BitSet one, BitSet other) {
    var rest = (BitSet) one.clone();
    rest.andNot(other);
    return rest.isEmpty();
  }
}
