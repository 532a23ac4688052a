package dev.sluice.cspm;

import dev.sluice.cspm.Expr.BinarySign;
import dev.sluice.cspm.Expr.Brackets;
import dev.sluice.cspm.Expr.UnarySign;
import dev.sluice.cspm.Value.Bool;
import dev.sluice.cspm.Value.Compound;
import dev.sluice.cspm.Value.Int;
import dev.sluice.cspm.Value.Sequence;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Matches values against patterns and binds their names. */
final class Patterns {
  private final Function<String, @Nullable Value> globals;

  /**
   * @param globals what a name means outside of everything: a symbol is matched, not bound
   */
  Patterns(Function<String, @Nullable Value> globals) {
    this.globals = globals;
  }

  /** The environment with the pattern's names; null when the value does not match. */
  @Nullable Env match(Expr pattern, Value value, Env env) {
    return switch (pattern) {
      case Expr.Name(Position at, String name) -> matchName(at, name, value, env);
      case Expr.Num num -> when(value.equals(new Int(num.value())), env);
      case Expr.Unary(_, UnarySign sign, Expr.Num num) when sign == UnarySign.MINUS ->
          when(value.equals(new Int(-num.value())), env);
      case Expr.Tuple(_, List<Expr> parts) ->
          value instanceof Value.Tuple tuple ? matchAll(parts, tuple.parts(), env) : null;
      case Expr.Dotted(_, List<Expr> parts) ->
          value instanceof Compound compound ? matchDotted(parts, compound.parts(), env) : null;
      case Expr.Collection collection when collection.qualifiers().isEmpty() ->
          matchCollection(collection, value, env);
      case Expr.Binary concat when concat.sign() == BinarySign.CONCAT ->
          value instanceof Sequence sequence ? matchConcat(concat, sequence.items(), env) : null;
      default -> throw unsupported(pattern);
    };
  }

  private static CspmException unsupported(Expr pattern) {
    return new CspmException(
        pattern.at(),
        "expected a pattern: a name, a number, a tuple, a dotted value, <...>, <...>^s, s^<...>,"
            + " {} or {x}");
  }

  private static @Nullable Env when(boolean matches, Env env) {
    return matches ? env : null;
  }

  private @Nullable Env matchName(Position at, String name, Value value, Env env) {
    if (name.equals("_")) {
      return env;
    }
    if (name.equals("true") || name.equals("false")) {
      return when(value.equals(new Bool(name.equals("true"))), env);
    }
    if (globals.apply(name) instanceof Symbol symbol) {
      if (!symbol.fields().isEmpty()) {
        throw new CspmException(at, name + " has fields: expected (" + name + ".x)");
      }
      return when(value.equals(symbol), env);
    }
    return env.with(name, value);
  }

  private @Nullable Env matchDotted(List<Expr> patterns, List<Value> parts, Env env) {
    if (patterns.getFirst() instanceof Expr.Name(_, String name)
        && globals.apply(name) instanceof Symbol symbol) {
      return symbol.equals(parts.getFirst())
          ? matchAll(patterns.subList(1, patterns.size()), parts.subList(1, parts.size()), env)
          : null;
    }
    return matchAll(patterns, parts, env);
  }

  /** One value a pattern, in their order; null when one does not match. */
  @Nullable Env matchAll(List<Expr> patterns, List<Value> values, Env env) {
    if (patterns.size() != values.size()) {
      return null;
    }
    Env bound = env;
    for (int i = 0; i < patterns.size() && bound != null; i++) {
      bound = match(patterns.get(i), values.get(i), bound);
    }
    return bound;
  }

  private @Nullable Env matchCollection(Expr.Collection pattern, Value value, Env env) {
    List<Expr> items = pattern.items();
    if (pattern.brackets() == Brackets.SEQUENCE) {
      return value instanceof Sequence sequence ? matchAll(items, sequence.items(), env) : null;
    }
    if (pattern.brackets() == Brackets.SET && items.size() < 2) {
      return value instanceof Value.Of set ? matchAll(items, List.copyOf(set.items()), env) : null;
    }
    throw unsupported(pattern);
  }

  /** One side is of known length. */
  private @Nullable Env matchConcat(Expr.Binary concat, List<Value> items, Env env) {
    int known = length(concat.left());
    int split = known >= 0 ? known : items.size() - length(concat.right());
    if (known < 0 && length(concat.right()) < 0) {
      throw unsupported(concat);
    }
    if (split < 0 || split > items.size()) {
      return null;
    }
    Env left = match(concat.left(), new Sequence(items.subList(0, split)), env);
    return left == null
        ? null
        : match(concat.right(), new Sequence(items.subList(split, items.size())), left);
  }

  private static int length(Expr pattern) {
    return pattern instanceof Expr.Collection list && list.brackets() == Brackets.SEQUENCE
        ? list.items().size()
        : -1;
  }
}
