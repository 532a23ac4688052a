package dev.sluice.cspm;

import dev.sluice.cspm.Expr.Operator;
import dev.sluice.cspm.Expr.Pair;
import dev.sluice.cspm.Expr.Qualifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

/** The processes that expressions mean. */
final class Processes {
  private enum Kind {
    PREFIX,
    SUSPENDED
  }

  private record WithAlphabet(Process process, EventSet alphabet) {}

  private final Evaluator values;
  private final Algebra algebra;
  private final Prefixes prefixes;

  Processes(Evaluator values) {
    this.values = values;
    this.algebra = values.algebra;
    this.prefixes = new Prefixes(values);
  }

  Process eval(Expr expr, Env env) {
    return switch (expr) {
      case Expr.Guard(_, Expr condition, Expr then) ->
          values.truth(condition, env) ? process(then, env) : algebra.stop;
      case Expr.Prefix prefix -> prefix(prefix, env);
      case Expr.Combined(_, Operator operator, Expr left, Expr right) ->
          combined(operator, left, right, env);
      case Expr.Sharing(_, Expr left, Expr shared, Expr right) ->
          algebra.sharing(process(left, env), values.events(shared, env), process(right, env));
      case Expr.Alphabetised alphabetised -> alphabetised(alphabetised, env);
      case Expr.Hiding(_, Expr process, Expr hidden) ->
          algebra.hiding(process(process, env), values.events(hidden, env));
      case Expr.Renaming renaming -> renaming(renaming, env);
      case Expr.Replicated replicated -> replicated(replicated, env);
      case Expr.ReplicatedSharing(_, Expr shared, List<Qualifier> qualifiers, Expr body) ->
          allSharing(values.events(shared, env), each(qualifiers, body, env));
      case Expr.ReplicatedAlphabetised replicated -> allAlphabetised(replicated, env);
      default -> throw new IllegalArgumentException(expr.toString());
    };
  }

  private Process process(Expr expr, Env env) {
    return values.process(expr, env);
  }

  private Process suspended(Expr expr, Env env) {
    return algebra.interned(
        values.key(Kind.SUSPENDED, expr, env), () -> Process.suspended(() -> process(expr, env)));
  }

  private Process prefix(Expr.Prefix prefix, Env env) {
    return algebra.interned(
        values.key(Kind.PREFIX, prefix, env),
        () ->
            Process.stepping(out ->
                prefixes.each(
                    prefix,
                    env,
                    (event, bound) ->
                        out.accept(new Transition(event, process(prefix.then(), bound))))));
  }

  private Process combined(Operator operator, Expr left, Expr right, Env env) {
    return switch (operator) {
      case EXTERNAL_CHOICE ->
          algebra.externalChoice(List.of(process(left, env), process(right, env)));
      case INTERNAL_CHOICE ->
          algebra.internalChoice(List.of(suspended(left, env), suspended(right, env)));
      case SLIDING_CHOICE -> algebra.slidingChoice(process(left, env), suspended(right, env));
      case INTERRUPT -> algebra.interrupt(process(left, env), process(right, env));
      case SEQUENCE -> algebra.sequence(process(left, env), suspended(right, env));
      case INTERLEAVING -> algebra.sharing(process(left, env), none(), process(right, env));
    };
  }

  private EventSet none() {
    return values.events.set(List.of());
  }

  private Process alphabetised(Expr.Alphabetised expr, Env env) {
    return algebra.alphabetised(
        process(expr.left(), env),
        values.events(expr.leftAlphabet(), env),
        values.events(expr.rightAlphabet(), env),
        process(expr.right(), env));
  }

  private Process replicated(Expr.Replicated replicated, Env env) {
    List<Qualifier> qualifiers = replicated.qualifiers();
    Expr body = replicated.body();
    return switch (replicated.operator()) {
      case EXTERNAL_CHOICE -> algebra.externalChoice(each(qualifiers, body, env));
      case INTERNAL_CHOICE -> anyOf(replicated, env);
      case INTERLEAVING -> allSharing(none(), each(qualifiers, body, env));
      case SEQUENCE -> folded(each(qualifiers, body, env), algebra::sequence);
      case SLIDING_CHOICE, INTERRUPT ->
          throw new CspmException(replicated.at(), "expected another replicated operator");
    };
  }

  private Process anyOf(Expr.Replicated replicated, Env env) {
    var all = new ArrayList<Process>();
    values.each(
        replicated.qualifiers(), env, bound -> all.add(suspended(replicated.body(), bound)));
    if (all.isEmpty()) {
      throw new CspmException(replicated.at(), "expected a set that is not empty after |~|");
    }
    return algebra.internalChoice(all);
  }

  private List<Process> each(List<Qualifier> qualifiers, Expr body, Env env) {
    var all = new ArrayList<Process>();
    values.each(qualifiers, env, bound -> all.add(process(body, bound)));
    return all;
  }

  private Process allSharing(EventSet shared, List<Process> all) {
    return folded(all, (left, right) -> algebra.sharing(left, shared, right));
  }

  /** From the right; of none it is SKIP. */
  private Process folded(List<Process> all, BinaryOperator<Process> operator) {
    return all.reversed().stream()
        .reduce((right, left) -> operator.apply(left, right))
        .orElse(algebra.skip);
  }

  private Process allAlphabetised(Expr.ReplicatedAlphabetised replicated, Env env) {
    var all = new ArrayList<WithAlphabet>();
    values.each(
        replicated.qualifiers(),
        env,
        bound ->
            all.add(
                new WithAlphabet(
                    process(replicated.body(), bound),
                    values.events(replicated.alphabet(), bound))));
    if (all.size() == 1) { // it keeps to its alphabet also when it is alone
      all.add(new WithAlphabet(algebra.skip, none()));
    }
    return all.reversed().stream()
        .reduce((right, left) -> together(left, right))
        .map(WithAlphabet::process)
        .orElse(algebra.skip);
  }

  private WithAlphabet together(WithAlphabet left, WithAlphabet right) {
    return new WithAlphabet(
        algebra.alphabetised(left.process, left.alphabet, right.alphabet, right.process),
        values.events.union(left.alphabet, right.alphabet));
  }

  private Process renaming(Expr.Renaming renaming, Env env) {
    var names = new LinkedHashMap<Event, Set<Event>>();
    values.each(
        renaming.qualifiers(),
        env,
        bound -> renaming.pairs().forEach(pair -> addNames(pair, bound, names)));
    var lists = new LinkedHashMap<Event, List<Event>>();
    names.forEach((from, to) -> lists.put(from, List.copyOf(to)));
    return algebra.renaming(process(renaming.process(), env), lists);
  }

  private void addNames(Pair pair, Env env, Map<Event, Set<Event>> names) {
    Value from = values.eval(pair.from(), env);
    Value to = values.eval(pair.to(), env);
    int given = Dots.parts(from).size();
    for (Value event : values.completions(pair.from(), from)) {
      List<Value> parts = Dots.parts(event);
      Value renamed = Dots.join(Dots.with(List.of(to), parts.subList(given, parts.size())));
      if (!Dots.isEvent(renamed)) {
        throw new CspmException(
            pair.to().at(), "expected channels of one type, but " + event + " becomes " + renamed);
      }
      names
          .computeIfAbsent(values.events.of(event), _ -> new LinkedHashSet<>())
          .add(values.events.of(renamed));
    }
  }
}
