package dev.sluice.cspm;

import dev.sluice.cspm.Value.Bool;
import dev.sluice.cspm.Value.Int;
import dev.sluice.cspm.Value.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The names that every script may use. */
final class Builtins {
  private final Evaluator values;

  Builtins(Evaluator values) {
    this.values = values;
  }

  Value constant(Expr.Name name) {
    return switch (name.name()) {
      case "true" -> new Bool(true);
      case "false" -> new Bool(false);
      case "STOP" -> values.algebra.stop;
      case "SKIP" -> values.algebra.skip;
      case "DIV" -> values.algebra.div();
      case "Bool" -> setOf(List.of(new Bool(true), new Bool(false)));
      case "Events" -> new Value.Of(values.allEvents());
      default -> throw undefined(name);
    };
  }

  private static CspmException undefined(Expr.Name name) {
    return new CspmException(name.at(), name.name() + " is not defined");
  }

  Value call(Expr.Name name, Expr.Call call, List<Value> arguments) {
    return switch (name.name()) {
      // Compressions change the size of what is checked, not its meaning.
      case "normal",
          "normalise",
          "normalize",
          "sbisim",
          "wbisim",
          "dbisim",
          "diamond",
          "explicate",
          "tau_loop_factor",
          "model_compress" ->
          new Arguments(call, arguments, 1).any(0);
      case "union", "inter", "diff" -> ofTwoSets(name.name(), new Arguments(call, arguments, 2));
      case "member", "elem" -> contains(name.name(), new Arguments(call, arguments, 2));
      case "Union", "card", "empty", "seq", "Set", "RUN", "CHAOS" ->
          ofSet(name.name(), new Arguments(call, arguments, 1));
      case "set", "head", "tail", "null", "length", "concat" ->
          ofSequence(name.name(), new Arguments(call, arguments, 1));
      default -> throw undefined(name);
    };
  }

  private static Value ofTwoSets(String name, Arguments arguments) {
    var result = new LinkedHashSet<>(arguments.set(0));
    Set<Value> other = arguments.set(1);
    switch (name) {
      case "union" -> result.addAll(other);
      case "inter" -> result.retainAll(other);
      default -> result.removeIf(other::contains);
    }
    return new Value.Of(result);
  }

  private static Value contains(String name, Arguments arguments) {
    var all = name.equals("member") ? arguments.set(1) : arguments.sequence(1);
    return new Bool(all.contains(arguments.any(0)));
  }

  private Value ofSet(String name, Arguments arguments) {
    Set<Value> set = arguments.set(0);
    return switch (name) {
      case "Union" -> {
        var all = new LinkedHashSet<Value>();
        set.forEach(each -> all.addAll(values.set(arguments.call, each)));
        yield new Value.Of(all);
      }
      case "card" -> new Int(set.size());
      case "empty" -> new Bool(set.isEmpty());
      case "seq" -> new Sequence(List.copyOf(set));
      case "Set" -> subsets(set);
      case "RUN" -> values.algebra.run(values.events(arguments.call, arguments.any(0)));
      default -> values.algebra.chaos(values.events(arguments.call, arguments.any(0)));
    };
  }

  private static Value subsets(Set<Value> set) {
    var all = new LinkedHashSet<Value>();
    all.add(setOf(List.of()));
    for (Value each : set) {
      for (Value smaller : List.copyOf(all)) {
        var larger = new LinkedHashSet<>(((Value.Of) smaller).items());
        larger.add(each);
        all.add(new Value.Of(larger));
      }
    }
    return new Value.Of(all);
  }

  private Value ofSequence(String name, Arguments arguments) {
    List<Value> items = arguments.sequence(0);
    return switch (name) {
      case "set" -> setOf(items);
      case "null" -> new Bool(items.isEmpty());
      case "length" -> new Int(items.size());
      case "concat" -> {
        var all = new ArrayList<Value>();
        items.forEach(each -> all.addAll(values.sequence(arguments.call, each)));
        yield new Sequence(all);
      }
      default -> {
        if (items.isEmpty()) {
          throw new CspmException(arguments.call.at(), "the empty sequence has no " + name);
        }
        yield name.equals("head") ? items.getFirst() : new Sequence(items.subList(1, items.size()));
      }
    };
  }

  private static Value setOf(List<? extends Value> items) {
    return new Value.Of(new LinkedHashSet<>(items));
  }

  /** What a function is given; as many as it takes. */
  private final class Arguments {
    private final Expr.Call call;
    private final List<Value> all;

    Arguments(Expr.Call call, List<Value> all, int taken) {
      this.call = call;
      this.all = all;
      if (all.size() != taken) {
        throw new CspmException(
            call.at(), "expected " + taken + " arguments but found " + all.size());
      }
    }

    Value any(int index) {
      return all.get(index);
    }

    Set<Value> set(int index) {
      return values.set(call.arguments().get(index), all.get(index));
    }

    List<Value> sequence(int index) {
      return values.sequence(call.arguments().get(index), all.get(index));
    }
  }
}
