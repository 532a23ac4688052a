package dev.sluice.cspm;

import static dev.sluice.cspm.Event.TAU;
import static dev.sluice.cspm.Event.TICK;

import dev.sluice.cspm.Process.Steps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The operators of CSP by their structured operational semantics: each says what its process can do
 * in terms of what its arguments can do.
 */
final class Algebra {
  private enum Operator {
    DIV,
    RUN,
    CHAOS,
    EXTERNAL,
    INTERNAL,
    SLIDING,
    INTERRUPT,
    SEQUENCE,
    HIDING,
    RENAMING,
    SHARING,
    ALPHABETISED
  }

  private final Map<List<Object>, Process> known = new HashMap<>();
  private final Map<Map<Event, List<Event>>, Relation> relations = new HashMap<>();

  /** Has terminated. */
  final Process omega = Process.stepping(_ -> {});

  final Process stop = Process.stepping(_ -> {});
  final Process skip = Process.stepping(out -> out.accept(new Transition(TICK, omega)));

  /** The process of that key; made when there is none yet. */
  Process interned(List<Object> key, Supplier<Process> make) {
    Process process = known.get(key);
    if (process == null) {
      process = make.get();
      known.put(key, process);
    }
    return process;
  }

  private Process interned(List<Object> key, Steps steps) {
    return interned(key, () -> Process.stepping(steps));
  }

  private static List<Object> key(Object... parts) {
    return Arrays.asList(parts);
  }

  Process div() {
    return interned(key(Operator.DIV), out -> out.accept(new Transition(TAU, div())));
  }

  Process run(EventSet events) {
    return interned(
        key(Operator.RUN, events),
        out -> events.events().forEach(event -> out.accept(new Transition(event, run(events)))));
  }

  Process chaos(EventSet events) {
    return interned(
        key(Operator.CHAOS, events),
        out -> {
          out.accept(new Transition(TAU, stop));
          events.events().forEach(event -> out.accept(new Transition(event, chaos(events))));
        });
  }

  /** An internal step of one does not decide. */
  Process externalChoice(List<Process> all) {
    var distinct = new LinkedHashSet<>(all);
    distinct.remove(stop);
    var choices = List.copyOf(distinct);
    return switch (choices.size()) {
      case 0 -> stop;
      case 1 -> choices.getFirst();
      default -> interned(key(Operator.EXTERNAL, choices), out -> chooseAny(choices, out));
    };
  }

  private void chooseAny(List<Process> choices, Consumer<Transition> out) {
    for (int i = 0; i < choices.size(); i++) {
      for (Transition step : choices.get(i).transitions()) {
        if (step.event() == TAU) {
          var others = new ArrayList<>(choices);
          others.set(i, step.to());
          out.accept(new Transition(TAU, externalChoice(others)));
        } else {
          out.accept(step);
        }
      }
    }
  }

  Process internalChoice(List<Process> all) {
    var choices = List.copyOf(new LinkedHashSet<>(all));
    return interned(
        key(Operator.INTERNAL, choices),
        out -> choices.forEach(choice -> out.accept(new Transition(TAU, choice))));
  }

  /** The first until it withdraws by itself. */
  Process slidingChoice(Process first, Process second) {
    return interned(
        key(Operator.SLIDING, first, second),
        out -> {
          for (Transition step : first.transitions()) {
            out.accept(
                step.event() == TAU ? new Transition(TAU, slidingChoice(step.to(), second)) : step);
          }
          out.accept(new Transition(TAU, second));
        });
  }

  Process interrupt(Process first, Process second) {
    return interned(
        key(Operator.INTERRUPT, first, second),
        out -> {
          for (Transition step : first.transitions()) {
            out.accept(
                step.event() == TICK
                    ? step
                    : new Transition(step.event(), interrupt(step.to(), second)));
          }
          for (Transition step : second.transitions()) {
            out.accept(
                step.event() == TAU ? new Transition(TAU, interrupt(first, step.to())) : step);
          }
        });
  }

  Process sequence(Process first, Process second) {
    return interned(
        key(Operator.SEQUENCE, first, second),
        out -> {
          for (Transition step : first.transitions()) {
            out.accept(
                step.event() == TICK
                    ? new Transition(TAU, second)
                    : new Transition(step.event(), sequence(step.to(), second)));
          }
        });
  }

  Process hiding(Process process, EventSet hidden) {
    return interned(
        key(Operator.HIDING, process, hidden),
        out -> {
          for (Transition step : process.transitions()) {
            if (step.event() == TICK) {
              out.accept(step);
            } else {
              Event event = hidden.contains(step.event()) ? TAU : step.event();
              out.accept(new Transition(event, hiding(step.to(), hidden)));
            }
          }
        });
  }

  /** An event may look like several others. */
  Process renaming(Process process, Map<Event, List<Event>> names) {
    return renaming(process, relations.computeIfAbsent(names, Relation::new));
  }

  private Process renaming(Process process, Relation relation) {
    return interned(
        key(Operator.RENAMING, process, relation),
        out -> {
          for (Transition step : process.transitions()) {
            if (step.event() == TICK) {
              out.accept(step);
            } else {
              Process next = renaming(step.to(), relation);
              for (Event event : relation.of(step.event())) {
                out.accept(new Transition(event, next));
              }
            }
          }
        });
  }

  /** One object a relation. */
  private static final class Relation {
    private final Map<Event, List<Event>> names;

    Relation(Map<Event, List<Event>> names) {
      this.names = names;
    }

    List<Event> of(Event event) {
      List<Event> to = names.get(event);
      return to == null ? List.of(event) : to;
    }
  }

  /** They do the shared events together, and end together. */
  Process sharing(Process left, EventSet shared, Process right) {
    return interned(
        key(Operator.SHARING, left, shared, right),
        out -> {
          for (Transition step : left.transitions()) {
            if (step.event() == TICK) {
              endTogether(right, out);
            } else if (!shared.contains(step.event())) {
              out.accept(new Transition(step.event(), sharing(step.to(), shared, right)));
            } else {
              for (Transition other : right.transitions()) {
                if (other.event() == step.event()) {
                  out.accept(new Transition(step.event(), sharing(step.to(), shared, other.to())));
                }
              }
            }
          }
          for (Transition step : right.transitions()) {
            if (step.event() != TICK && !shared.contains(step.event())) {
              out.accept(new Transition(step.event(), sharing(left, shared, step.to())));
            }
          }
        });
  }

  /** Each does the events of its alphabet only; those of both they do together. */
  Process alphabetised(Process left, EventSet mine, EventSet yours, Process right) {
    return interned(
        key(Operator.ALPHABETISED, left, mine, yours, right),
        out -> {
          for (Transition step : left.transitions()) {
            Event event = step.event();
            if (event == TICK) {
              endTogether(right, out);
            } else if (event == TAU || (mine.contains(event) && !yours.contains(event))) {
              out.accept(new Transition(event, alphabetised(step.to(), mine, yours, right)));
            } else if (mine.contains(event)) {
              for (Transition other : right.transitions()) {
                if (other.event() == event) {
                  out.accept(
                      new Transition(event, alphabetised(step.to(), mine, yours, other.to())));
                }
              }
            }
          }
          for (Transition step : right.transitions()) {
            Event event = step.event();
            if (event == TAU || (yours.contains(event) && !mine.contains(event))) {
              out.accept(new Transition(event, alphabetised(left, mine, yours, step.to())));
            }
          }
        });
  }

  private void endTogether(Process right, Consumer<Transition> out) {
    for (Transition other : right.transitions()) {
      if (other.event() == TICK) {
        out.accept(new Transition(TICK, omega));
        return;
      }
    }
  }
}
