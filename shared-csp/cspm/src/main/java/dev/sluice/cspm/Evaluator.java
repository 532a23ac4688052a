package dev.sluice.cspm;

import dev.sluice.cspm.Expr.Brackets;
import dev.sluice.cspm.Expr.Qualifier;
import dev.sluice.cspm.Value.Bool;
import dev.sluice.cspm.Value.Int;
import dev.sluice.cspm.Value.Sequence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the expressions of a script mean. Every global constant is evaluated once, when needed. */
final class Evaluator {
  final Algebra algebra = new Algebra();
  final Events events = new Events();
  final Patterns patterns = new Patterns(this::global);

  private final Map<String, Definition> definitions;
  private final Map<String, Value> globals = new HashMap<>();
  private final Set<String> underEvaluation = new HashSet<>();
  private final List<Symbol> channels = new ArrayList<>();
  private final Map<List<Object>, Env> frames = new HashMap<>();
  private final FreeNames freeNames = new FreeNames();
  private final Processes processes = new Processes(this);
  private final Builtins builtins = new Builtins(this);

  Evaluator(Syntax syntax) {
    definitions = syntax.definitions();
    for (var datatype : syntax.datatypes()) {
      datatype.constructors().forEach(constructor -> declare(constructor, false));
    }
    syntax.channels().forEach(channel -> channels.add(declare(channel, true)));
    syntax.datatypes().forEach(this::defineDatatype);
    for (var channel : syntax.channels()) {
      symbol(channel).setFields(types(channel));
    }
  }

  // ---- declarations

  private Symbol declare(Syntax.Declared declared, boolean channel) {
    var symbol = new Symbol(declared.name(), channel);
    define(declared.at(), declared.name(), symbol);
    return symbol;
  }

  private Symbol symbol(Syntax.Declared declared) {
    if (globals.get(declared.name()) instanceof Symbol symbol) {
      return symbol;
    }
    throw new CspmException(declared.at(), declared.name() + " is defined twice");
  }

  private void define(Position at, String name, Value value) {
    if (globals.put(name, value) != null || definitions.containsKey(name)) {
      throw new CspmException(at, name + " is defined twice");
    }
  }

  private void defineDatatype(Syntax.Datatype datatype) {
    var all = new LinkedHashSet<Value>();
    for (var constructor : datatype.constructors()) {
      Symbol symbol = symbol(constructor);
      symbol.setFields(types(constructor));
      for (List<Value> fields : Dots.choices(symbol.fields(), 0)) {
        all.add(Dots.join(Dots.with(List.of(symbol), fields)));
      }
    }
    define(datatype.at(), datatype.name(), new Value.Of(all));
  }

  private List<List<Value>> types(Syntax.Declared declared) {
    var types = new ArrayList<List<Value>>();
    for (Expr field : declared.fields()) {
      types.add(List.copyOf(set(field, Env.NONE)));
    }
    return types;
  }

  // ---- names

  @Nullable Value global(String name) {
    return globals.get(name);
  }

  /** Whether the script says what it means. */
  boolean isDefined(String name, Env env) {
    return env.find(name) != null || globals.containsKey(name) || definitions.containsKey(name);
  }

  private Value lookUp(Expr.Name name, Env env) {
    Env local = env.find(name.name());
    if (local != null) {
      return local.value(this);
    }
    Value global = globals.get(name.name());
    if (global != null) {
      return global;
    }
    Definition definition = definitions.get(name.name());
    return definition == null ? builtins.constant(name) : evaluate(name, definition);
  }

  private Value evaluate(Expr.Name name, Definition definition) {
    Value value;
    if (definition.arity() > 0) {
      value = new Function(definition, Env.NONE);
    } else {
      if (!underEvaluation.add(name.name())) {
        throw new CspmException(
            name.at(), name.name() + " is defined in terms of itself with no event in between");
      }
      value = eval(definition.body(), Env.NONE);
      underEvaluation.remove(name.name());
    }
    globals.put(name.name(), value);
    return value;
  }

  /** Every event of every channel. */
  Set<Value> allEvents() {
    var all = new LinkedHashSet<Value>();
    channels.forEach(channel -> all.addAll(completions(channel, channel, 0)));
    return all;
  }

  // ---- expressions

  Value eval(Expr expr, Env env) {
    return switch (expr) {
      case Expr.Name name -> lookUp(name, env);
      case Expr.Num num -> new Int(num.value());
      case Expr.If(_, Expr condition, Expr then, Expr otherwise) ->
          eval(truth(condition, env) ? then : otherwise, env);
      case Expr.Unary unary -> unary(unary, env);
      case Expr.Binary binary -> binary(binary, env);
      case Expr.Dotted(_, List<Expr> parts) -> Dots.join(all(parts, env));
      case Expr.Tuple(_, List<Expr> parts) -> new Value.Tuple(all(parts, env));
      case Expr.Collection collection -> collection(collection, env);
      case Expr.Range range -> range(range, env);
      case Expr.Let let -> eval(let.within(), frame(let, env));
      case Expr.Call call -> call(call, env);
      case Expr.Guard _,
          Expr.Prefix _,
          Expr.Combined _,
          Expr.Sharing _,
          Expr.Alphabetised _,
          Expr.Hiding _,
          Expr.Renaming _,
          Expr.Replicated _,
          Expr.ReplicatedSharing _,
          Expr.ReplicatedAlphabetised _ ->
          processes.eval(expr, env);
    };
  }

  List<Value> all(List<Expr> exprs, Env env) {
    var values = new ArrayList<Value>();
    exprs.forEach(expr -> values.add(eval(expr, env)));
    return values;
  }

  private Value unary(Expr.Unary unary, Env env) {
    return switch (unary.sign()) {
      case MINUS -> new Int(-number(unary.of(), env));
      case NOT -> new Bool(!truth(unary.of(), env));
      case LENGTH -> new Int(sequence(unary.of(), env).size());
    };
  }

  private Value binary(Expr.Binary binary, Env env) {
    Expr left = binary.left();
    Expr right = binary.right();
    return switch (binary.sign()) {
      case AND -> new Bool(truth(left, env) && truth(right, env));
      case OR -> new Bool(truth(left, env) || truth(right, env));
      case EQUAL -> new Bool(eval(left, env).equals(eval(right, env)));
      case NOT_EQUAL -> new Bool(!eval(left, env).equals(eval(right, env)));
      case CONCAT -> new Sequence(Dots.with(sequence(left, env), sequence(right, env)));
      case LESS -> new Bool(number(left, env) < number(right, env));
      case LESS_OR_EQUAL -> new Bool(number(left, env) <= number(right, env));
      case GREATER -> new Bool(number(left, env) > number(right, env));
      case GREATER_OR_EQUAL -> new Bool(number(left, env) >= number(right, env));
      case PLUS, MINUS, TIMES, DIVIDED_BY, MODULO ->
          arithmetic(binary, number(left, env), number(right, env));
    };
  }

  private static Value arithmetic(Expr.Binary binary, int left, int right) {
    try {
      return new Int(
          switch (binary.sign()) {
            case PLUS -> Math.addExact(left, right);
            case MINUS -> Math.subtractExact(left, right);
            case TIMES -> Math.multiplyExact(left, right);
            case DIVIDED_BY -> Math.floorDiv(left, right);
            default -> Math.floorMod(left, right);
          });
    } catch (ArithmeticException impossible) {
      throw new CspmException(binary.at(), left + " and " + right + ": " + impossible.getMessage());
    }
  }

  private Value collection(Expr.Collection collection, Env env) {
    boolean productions = collection.brackets() == Brackets.PRODUCTIONS;
    return collect(
        collection.brackets(),
        collection.qualifiers(),
        env,
        (inner, into) -> {
          for (Expr item : collection.items()) {
            if (productions) {
              into.addAll(completions(item, eval(item, inner)));
            } else {
              into.add(eval(item, inner));
            }
          }
        });
  }

  private Value range(Expr.Range range, Env env) {
    return collect(
        range.brackets(),
        range.qualifiers(),
        env,
        (inner, into) -> {
          int to = number(range.to(), inner);
          for (int i = number(range.from(), inner); i <= to; i++) {
            into.add(new Int(i));
          }
        });
  }

  private interface Items {
    void addTo(Env env, Collection<Value> into);
  }

  private Value collect(Brackets brackets, List<Qualifier> qualifiers, Env env, Items items) {
    if (brackets == Brackets.SEQUENCE) {
      var list = new ArrayList<Value>();
      each(qualifiers, env, inner -> items.addTo(inner, list));
      return new Sequence(list);
    }
    var set = new LinkedHashSet<Value>();
    each(qualifiers, env, inner -> items.addTo(inner, set));
    return new Value.Of(set);
  }

  /** Calls the body for every binding that the qualifiers choose. */
  void each(List<Qualifier> qualifiers, Env env, Consumer<Env> body) {
    if (qualifiers.isEmpty()) {
      body.accept(env);
      return;
    }
    List<Qualifier> rest = qualifiers.subList(1, qualifiers.size());
    switch (qualifiers.getFirst()) {
      case Qualifier.Where(Expr condition) -> {
        if (truth(condition, env)) {
          each(rest, env, body);
        }
      }
      case Qualifier.Each(Expr pattern, Expr from) -> {
        for (Value value : elements(from, env)) {
          Env bound = patterns.match(pattern, value, env);
          if (bound != null) {
            each(rest, bound, body);
          }
        }
      }
    }
  }

  private Collection<Value> elements(Expr from, Env env) {
    return switch (eval(from, env)) {
      case Sequence(List<Value> items) -> items;
      case Value.Of(Set<Value> items) -> items;
      case Value other -> throw wrong(from, "a set or a sequence", other);
    };
  }

  /** One frame for equal surroundings, so that processes defined in it are the same. */
  private Env frame(Expr.Let let, Env env) {
    return frames.computeIfAbsent(key("let", let, env), _ -> env.with(let.definitions()));
  }

  private Value call(Expr.Call call, Env env) {
    List<Value> arguments = all(call.arguments(), env);
    if (call.function() instanceof Expr.Name name && !isDefined(name.name(), env)) {
      return builtins.call(name, call, arguments);
    }
    Value function = eval(call.function(), env);
    if (!(function instanceof Function known)) {
      throw wrong(call.function(), "a function", function);
    }
    return apply(call, known, arguments);
  }

  private Value apply(Expr.Call call, Function function, List<Value> arguments) {
    Definition definition = function.definition();
    if (definition.arity() != arguments.size()) {
      throw new CspmException(
          call.at(),
          definition.name()
              + " takes "
              + definition.arity()
              + " arguments, but is given "
              + arguments.size());
    }
    for (Definition.Clause clause : definition.clauses()) {
      Env bound = patterns.matchAll(clause.parameters(), arguments, function.env());
      if (bound != null) {
        return eval(clause.body(), bound);
      }
    }
    throw new CspmException(
        call.at(), "no clause of " + definition.name() + " matches " + arguments);
  }

  /** Stands for an expression where its names mean what they do. */
  List<Object> key(Object kind, Expr expr, Env env) {
    var key = new ArrayList<Object>();
    key.add(kind);
    key.add(new Identity(expr));
    for (String name : freeNames.of(expr)) {
      Env local = env.find(name);
      if (local != null) {
        key.add(name);
        key.add(local.key());
      }
    }
    return key;
  }

  private record Identity(Expr expr) {
    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(Object other) {
      return other instanceof Identity same && same.expr == expr;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(expr);
    }
  }

  // ---- expressions that must mean something of a kind

  int number(Expr expr, Env env) {
    Value value = eval(expr, env);
    if (value instanceof Int(int number)) {
      return number;
    }
    throw wrong(expr, "a number", value);
  }

  boolean truth(Expr expr, Env env) {
    Value value = eval(expr, env);
    if (value instanceof Bool(boolean truth)) {
      return truth;
    }
    throw wrong(expr, "true or false", value);
  }

  List<Value> sequence(Expr expr, Env env) {
    return sequence(expr, eval(expr, env));
  }

  List<Value> sequence(Expr expr, Value value) {
    if (value instanceof Sequence(List<Value> items)) {
      return items;
    }
    throw wrong(expr, "a sequence", value);
  }

  Set<Value> set(Expr expr, Env env) {
    return set(expr, eval(expr, env));
  }

  Set<Value> set(Expr expr, Value value) {
    if (value instanceof Value.Of(Set<Value> items)) {
      return items;
    }
    throw wrong(expr, "a set", value);
  }

  Process process(Expr expr, Env env) {
    Value value = eval(expr, env);
    if (value instanceof Process process) {
      return process;
    }
    throw wrong(expr, "a process", value);
  }

  EventSet events(Expr expr, Env env) {
    return events(expr, eval(expr, env));
  }

  EventSet events(Expr expr, Value value) {
    Set<Value> all = set(expr, value);
    for (Value each : all) {
      if (!Dots.isEvent(each)) {
        throw new CspmException(
            expr.at(),
            "expected a set of events but found " + each + " in it: perhaps {| " + each + " |}");
      }
    }
    return events.set(all);
  }

  /** Every event that begins so. */
  Set<Value> completions(Expr expr, Value beginning) {
    if (!(Dots.parts(beginning).getFirst() instanceof Symbol channel) || !channel.isChannel()) {
      throw wrong(expr, "a channel or an event", beginning);
    }
    return completions(channel, beginning, Dots.parts(beginning).size() - 1);
  }

  private static Set<Value> completions(Symbol channel, Value beginning, int given) {
    if (given > channel.fields().size()) {
      return Set.of();
    }
    var all = new LinkedHashSet<Value>();
    for (List<Value> rest : Dots.choices(channel.fields(), given)) {
      all.add(Dots.join(Dots.with(Dots.parts(beginning), rest)));
    }
    return all;
  }

  static CspmException wrong(Expr expr, String expected, Value found) {
    return new CspmException(expr.at(), "expected " + expected + " but found " + found);
  }
}
