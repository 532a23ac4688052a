package dev.sluice.cspm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;

/**
 * The states that lie on a cycle of internal steps: strongly connected components (Tarjan 1972),
 * with a stack of its own in place of recursion.
 */
final class TauCycles {
  private final Graph graph;
  private final BitSet onCycle = new BitSet();
  private final int[] index;
  private final int[] low;
  private final int[] nextEdge;
  private final BitSet open = new BitSet();
  private final Deque<Integer> component = new ArrayDeque<>();
  private final Deque<Integer> calls = new ArrayDeque<>();
  private int visited;

  TauCycles(Graph graph) {
    this.graph = graph;
    index = new int[graph.size()];
    low = new int[graph.size()];
    nextEdge = new int[graph.size()];
  }

  BitSet states() {
    for (int state = 0; state < graph.size(); state++) {
      if (index[state] == 0) {
        visit(state);
      }
    }
    return onCycle;
  }

  private void visit(int root) {
    enter(root);
    while (!calls.isEmpty()) {
      int state = calls.element();
      if (!descend(state)) {
        leave(state);
      }
    }
  }

  private void enter(int state) {
    visited++;
    index[state] = visited;
    low[state] = visited;
    open.set(state);
    component.push(state);
    calls.push(state);
  }

  /** Follows the edges up to the first that leads to a state not seen yet. */
  private boolean descend(int state) {
    int[] events = graph.events(state);
    int[] targets = graph.targets(state);
    for (; nextEdge[state] < events.length; nextEdge[state]++) {
      int target = targets[nextEdge[state]];
      if (events[nextEdge[state]] != Event.TAU.id()) {
        continue;
      }
      if (target == state) {
        onCycle.set(state);
      }
      if (index[target] == 0) {
        enter(target);
        return true; // and looks at this edge again when it is back
      }
      if (open.get(target)) {
        low[state] = Math.min(low[state], low[target]);
      }
    }
    return false;
  }

  private void leave(int state) {
    calls.pop();
    if (low[state] == index[state]) {
      closeComponent(state);
    }
    if (!calls.isEmpty()) {
      int caller = calls.element();
      low[caller] = Math.min(low[caller], low[state]);
    }
  }

  private void closeComponent(int root) {
    var members = new ArrayList<Integer>();
    int member;
    do {
      member = component.pop();
      open.clear(member);
      members.add(member);
    } while (member != root);
    if (members.size() > 1) {
      members.forEach(onCycle::set);
    }
  }
}
