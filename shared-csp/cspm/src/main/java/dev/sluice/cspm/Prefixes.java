package dev.sluice.cspm;

import dev.sluice.cspm.Expr.Field;
import dev.sluice.cspm.Value.Compound;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The events that a prefix offers, each with the names that its inputs bind. */
final class Prefixes {
  private final Evaluator values;

  Prefixes(Evaluator values) {
    this.values = values;
  }

  void each(Expr.Prefix prefix, Env env, BiConsumer<Event, Env> out) {
    Value beginning = values.eval(prefix.event(), env);
    List<Value> parts = Dots.parts(beginning);
    if (!(parts.getFirst() instanceof Symbol channel) || !channel.isChannel()) {
      throw Evaluator.wrong(prefix.event(), "an event", beginning);
    }
    new Offer(prefix, channel, out).field(0, parts, env);
  }

  private final class Offer {
    private final Expr.Prefix prefix;
    private final Symbol channel;
    private final BiConsumer<Event, Env> out;

    Offer(Expr.Prefix prefix, Symbol channel, BiConsumer<Event, Env> out) {
      this.prefix = prefix;
      this.channel = channel;
      this.out = out;
    }

    void field(int index, List<Value> given, Env env) {
      if (index == prefix.fields().size()) {
        out.accept(values.events.of(complete(given)), env);
        return;
      }
      switch (prefix.fields().get(index)) {
        case Field.Output(Expr value) -> {
          Value joined = Dots.join(Dots.with(given, List.of(values.eval(value, env))));
          field(index + 1, Dots.parts(joined), env);
        }
        case Field.Input(Expr pattern, Expr from) -> input(index, given, pattern, from, env);
      }
    }

    private void input(int index, List<Value> given, Expr pattern, @Nullable Expr from, Env env) {
      Set<Value> only = from == null ? null : values.set(from, env);
      for (List<Value> choice : choices(index, given)) {
        Value value = choice.size() == 1 ? choice.getFirst() : new Compound(choice);
        Env bound =
            only == null || only.contains(value)
                ? values.patterns.match(pattern, value, env)
                : null;
        if (bound != null) {
          field(index + 1, Dots.with(given, choice), bound);
        }
      }
    }

    /** What may come for an input: the last one takes all fields that are left. */
    private List<List<Value>> choices(int index, List<Value> given) {
      List<List<Value>> types = channel.fields();
      int at = given.size() - 1;
      if (at >= types.size()) {
        throw new CspmException(
            prefix.at(),
            "expected at most " + types.size() + " fields, as channel " + channel + " has");
      }
      boolean last = index == prefix.fields().size() - 1;
      if (last) {
        return Dots.choices(types, at);
      }
      var choices = new ArrayList<List<Value>>();
      types.get(at).forEach(value -> choices.add(List.of(value)));
      return choices;
    }

    private Value complete(List<Value> given) {
      Value event = Dots.join(given);
      List<Value> parts = Dots.parts(event);
      List<List<Value>> types = channel.fields();
      if (parts.size() - 1 != types.size()) {
        throw new CspmException(
            prefix.at(), "expected an event with " + types.size() + " fields but found " + event);
      }
      for (int i = 0; i < types.size(); i++) {
        if (!types.get(i).contains(parts.get(i + 1))) {
          throw new CspmException(prefix.at(), event + " is outside the type of " + channel);
        }
      }
      return event;
    }
  }
}
