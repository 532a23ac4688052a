package dev.sluice.cspm;

import dev.sluice.cspm.Assertion.Has;
import dev.sluice.cspm.Assertion.Refines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CSPm script: processes, and assertions about them.
 *
 * <p>Understood are channel, datatype, nametype and include; functions by clauses with patterns,
 * {@code let within}, {@code if}; numbers, Booleans, tuples, sets, sequences, comprehensions and
 * {@code {| |}}; the operators {@code -> ? ! . & [] |~| [> /\ ; \ ||| [|A|] [A||B] [[a<-b]]}, most
 * of them replicated too; STOP, SKIP, RUN, CHAOS, DIV. Assertions are refinements in the models T,
 * F and FD, deadlock free, divergence (livelock) free and deterministic. Not understood: lambdas,
 * maps, modules, linked parallel, exceptions, priorities, timed sections.
 *
 * <p>It remembers what it has evaluated. Not to be used by several threads at once.
 */
public final class Script {
  /** How many states of a process are looked at when nothing else is said. */
  public static final int DEFAULT_LIMIT = 1_000_000;

  private final Source source;
  private final Syntax syntax;
  private final Evaluator evaluator;
  private final Words words;

  private Script(Source source) throws IOException {
    this.source = source;
    syntax = ScriptParser.parse(Lexer.read(source));
    evaluator = new Evaluator(syntax);
    words = new Words(evaluator.events);
  }

  /**
   * Reads a file and what it includes, relative to it.
   *
   * @param file the script
   * @return what it says
   * @throws CspmException it is not CSPm, or not the part that is understood
   * @throws IOException it, or what it includes, cannot be read
   */
  public static Script load(Path file) throws IOException {
    return new Script(new Source.OfFile(file.toAbsolutePath().normalize()));
  }

  /**
   * Reads a resource of the class path and what it includes, relative to it.
   *
   * @param path without a slash in front: {@code dev/sluice/spec/mesh.csp}; looked for by this
   *     thread's context class loader
   * @return what it says
   * @throws CspmException it is not CSPm, or not the part that is understood
   * @throws IOException it, or what it includes, is not there or cannot be read
   */
  public static Script loadResource(String path) throws IOException {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? ClassLoader.getSystemClassLoader() : context;
    return new Script(new Source.OfResource(loader, path));
  }

  /**
   * Reads a text, which can include nothing.
   *
   * @param name stands for the file in messages
   * @param text the script
   * @return what it says
   * @throws CspmException it is not CSPm, or not the part that is understood
   */
  public static Script of(String name, String text) {
    try {
      return new Script(new Source.OfText(name, text));
    } catch (IOException includes) {
      throw new CspmException(includes.toString());
    }
  }

  /** {@return what it claims, in its order} */
  public List<Assertion> assertions() {
    return List.copyOf(syntax.assertions());
  }

  /**
   * Decides all assertions.
   *
   * @return one verdict an assertion, in their order
   * @throws CspmException a process means nothing: a name that is not defined, a value outside of
   *     its channel's type
   */
  public List<Verdict> check() {
    return assertions().stream().map(this::check).toList();
  }

  /**
   * Decides an assertion of this script, looking at no more than {@link #DEFAULT_LIMIT} states.
   *
   * @param assertion one of {@link #assertions}
   * @return what became of it
   * @throws CspmException a process means nothing
   */
  public Verdict check(Assertion assertion) {
    return check(assertion, DEFAULT_LIMIT);
  }

  /**
   * Decides an assertion of this script.
   *
   * @param assertion one of {@link #assertions}
   * @param limit how many states of a process are looked at; with more it is not decided
   * @return what became of it
   * @throws CspmException a process means nothing
   */
  public Verdict check(Assertion assertion, int limit) {
    try {
      return decide(assertion, limit);
    } catch (TooLargeException tooLarge) {
      return undecided(assertion, tooLarge.getMessage());
    } catch (StackOverflowError _) {
      return undecided(assertion, "recursion with no event in between, or too deep");
    }
  }

  private static Verdict undecided(Assertion assertion, @Nullable String reason) {
    return new Verdict(assertion.text(), false, "not decided: " + reason, 0);
  }

  private Verdict decide(Assertion assertion, int limit) {
    Graph graph;
    String counterexample;
    switch (assertion.claim()) {
      case Has has -> {
        graph = graph(has.process(), limit);
        counterexample =
            new Properties(graph, has.model(), words, limit).counterexample(has.property());
      }
      case Refines refines -> {
        var specification = new Normal(graph(refines.specification(), limit), limit);
        graph = graph(refines.implementation(), limit);
        counterexample =
            new Refinement(specification, graph, refines.model(), words).counterexample();
      }
    }
    if ((counterexample == null) != assertion.isNegated()) {
      return new Verdict(assertion.text(), true, "", graph.size());
    }
    String why = counterexample == null ? "what it denies holds" : counterexample;
    return new Verdict(assertion.text(), false, why, graph.size());
  }

  private Graph graph(Expr process, int limit) {
    return Graph.of(evaluator.process(process, Env.NONE), evaluator.algebra.omega, limit);
  }

  /** The process that an expression means here. */
  Process process(String expression) {
    return evaluator.process(parse(expression), Env.NONE).head();
  }

  /** The event of that name; null when it is none of this script's. */
  @Nullable Event event(String name) {
    if (name.equals(Event.TICK.toString())) {
      return Event.TICK;
    }
    try {
      Value value = evaluator.eval(parse(name), Env.NONE);
      return evaluator.allEvents().contains(value) ? evaluator.events.of(value) : null;
    } catch (CspmException _) {
      return null;
    }
  }

  private static Expr parse(String expression) {
    try {
      return ScriptParser.parseExpr(Lexer.read(new Source.OfText(expression, expression)));
    } catch (IOException includes) {
      throw new CspmException(includes.toString());
    }
  }

  /** {@return the name of what it was read from} */
  @Override
  public String toString() {
    return source.name();
  }
}
