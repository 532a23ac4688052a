package dev.sluice.cspm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;

/** All states of a process, numbered in the order of their distance from the first. */
final class Graph {
  private static final class State {
    final Process process;
    final int[] events;
    final int[] targets;

    State(Process process, int[] events, int[] targets) {
      this.process = process;
      this.events = events;
      this.targets = targets;
    }
  }

  /** How a state was first found. */
  private record Reached(int from, int event) {}

  private static final int TAU = Event.TAU.id();
  private static final int TICK = Event.TICK.id();

  private final Process omega;
  private final List<State> states = new ArrayList<>();
  private final List<Reached> reached = new ArrayList<>();
  private final BitSet divergent;

  private Graph(Process omega, List<State> states, List<Reached> reached) {
    this.omega = omega;
    this.states.addAll(states);
    this.reached.addAll(reached);
    this.divergent = new TauCycles(this).states();
  }

  static Graph of(Process root, Process omega, int limit) {
    return new Explorer(limit).explore(root, omega);
  }

  /** Breadth first. */
  private static final class Explorer {
    private final int limit;
    private final IdentityHashMap<Process, Integer> numbers = new IdentityHashMap<>();
    private final List<Process> found = new ArrayList<>();
    private final List<Reached> reached = new ArrayList<>();

    Explorer(int limit) {
      this.limit = limit;
    }

    Graph explore(Process root, Process omega) {
      number(root.head(), new Reached(-1, TAU));
      var states = new ArrayList<State>();
      for (int i = 0; i < found.size(); i++) {
        states.add(expand(i));
      }
      return new Graph(omega, states, reached);
    }

    private State expand(int number) {
      List<Transition> steps = found.get(number).transitions();
      var events = new int[steps.size()];
      var targets = new int[steps.size()];
      for (int i = 0; i < events.length; i++) {
        events[i] = steps.get(i).event().id();
        targets[i] = number(steps.get(i).to(), new Reached(number, events[i]));
      }
      return new State(found.get(number), events, targets);
    }

    private int number(Process process, Reached how) {
      Integer known = numbers.putIfAbsent(process, found.size());
      if (known != null) {
        return known;
      }
      if (found.size() >= limit) {
        throw new TooLargeException("the process", limit);
      }
      found.add(process);
      reached.add(how);
      return found.size() - 1;
    }
  }

  int size() {
    return states.size();
  }

  int[] events(int state) {
    return states.get(state).events;
  }

  /** Where each of the events leads. */
  int[] targets(int state) {
    return states.get(state).targets;
  }

  /** It can do internal steps for ever, and nothing else. */
  boolean isDivergent(int state) {
    return divergent.get(state);
  }

  @SuppressWarnings("ReferenceEquality")
  boolean hasTerminated(int state) {
    return states.get(state).process == omega;
  }

  boolean isStable(int state) {
    for (int event : events(state)) {
      if (event == TAU) {
        return false;
      }
    }
    return true;
  }

  /** What a stable state offers; one that can terminate may refuse all else. */
  BitSet offers(int state) {
    var offers = new BitSet();
    for (int event : events(state)) {
      offers.set(event);
    }
    if (offers.get(TICK)) {
      offers.clear();
      offers.set(TICK);
    }
    return offers;
  }

  /** The visible events of a shortest way to the state. */
  List<Integer> trace(int state) {
    Deque<Integer> trace = new ArrayDeque<>();
    for (Reached how = reached.get(state); how.from >= 0; how = reached.get(how.from)) {
      if (how.event != TAU) {
        trace.addFirst(how.event);
      }
    }
    return List.copyOf(trace);
  }
}
