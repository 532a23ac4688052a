package dev.sluice.cspm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The local names and what they mean: a list, the innermost first. */
final class Env {
  /** No local name. */
  static final Env NONE = new Env("", null, null, null);

  private final String name;
  private final @Nullable Env outer;
  private final @Nullable Definition definition;
  private @Nullable Value value;

  /** What a definition sees: all definitions of the same {@code let}. */
  private @Nullable Env frame;

  private Env(
      String name, @Nullable Value value, @Nullable Definition definition, @Nullable Env outer) {
    this.name = name;
    this.value = value;
    this.definition = definition;
    this.outer = outer;
  }

  Env with(String local, Value meaning) {
    return new Env(local, meaning, null, this);
  }

  /** Definitions that may refer to each other; they are evaluated when they are first asked for. */
  Env with(List<Definition> definitions) {
    Env inner = this;
    for (Definition each : definitions) {
      inner = new Env(each.name(), null, each, inner);
    }
    for (Env each = inner; each != this && each != null; each = each.outer) {
      each.frame = inner;
    }
    return inner;
  }

  @Nullable Env find(String local) {
    for (Env env = this; env != null; env = env.outer) {
      if (env != NONE && env.name.equals(local)) {
        return env;
      }
    }
    return null;
  }

  /** What the innermost name means. */
  Value value(Evaluator evaluator) {
    if (value == null) {
      if (definition == null || frame == null) {
        throw new IllegalStateException();
      }
      value =
          definition.arity() > 0
              ? new Function(definition, frame)
              : evaluator.eval(definition.body(), frame);
    }
    return value;
  }

  /** Stands for the innermost name in a comparison: its value when that can be compared. */
  Object key() {
    return value instanceof Value.Plain || value instanceof Symbol ? value : new Same(this);
  }

  private record Same(Env env) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Same same
          && (same.env == env
              || (same.env.value != null
                  && same.env.value.equals(env.value)
                  && same.env.name.equals(env.name)));
    }

    @Override
    public int hashCode() {
      return env.name.hashCode();
    }
  }
}
