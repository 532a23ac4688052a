package dev.sluice.cspm;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process in one of its states. {@link Algebra} makes equal ones one object, so they are compared
 * by identity; what they can do is found out when it is first asked for.
 */
@SuppressWarnings("AvoidCommonTypeNames") // CSP calls it so
final class Process implements Value {

  /** Says what a process can do. */
  @FunctionalInterface
  interface Steps {
    void into(Consumer<Transition> out);
  }

  private final Steps steps;
  private final @Nullable Supplier<Process> unevaluated;
  private @Nullable List<Transition> transitions;
  private @Nullable Process head;

  private Process(Steps steps, @Nullable Supplier<Process> unevaluated) {
    this.steps = steps;
    this.unevaluated = unevaluated;
  }

  static Process stepping(Steps steps) {
    return new Process(steps, null);
  }

  /** Evaluated when it is needed, which makes recursion possible. */
  static Process suspended(Supplier<Process> process) {
    return new Process(_ -> {}, process);
  }

  /** This process, evaluated. */
  Process head() {
    if (unevaluated == null) {
      return this;
    }
    if (head == null) {
      head = unevaluated.get().head();
    }
    return head;
  }

  /** Without doubles; they lead to evaluated processes. */
  List<Transition> transitions() {
    if (unevaluated != null) {
      return head().transitions();
    }
    if (transitions == null) {
      var found = new LinkedHashSet<Transition>();
      steps.into(step -> found.add(new Transition(step.event(), step.to().head())));
      transitions = List.copyOf(found);
    }
    return transitions;
  }

  @Override
  public String toString() {
    return "a process";
  }
}
