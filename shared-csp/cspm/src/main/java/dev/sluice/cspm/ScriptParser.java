package dev.sluice.cspm;

import dev.sluice.cspm.Assertion.Claim;
import dev.sluice.cspm.Assertion.Has;
import dev.sluice.cspm.Assertion.Model;
import dev.sluice.cspm.Assertion.Property;
import dev.sluice.cspm.Assertion.Refines;
import java.util.ArrayList;
import java.util.List;

/** Reads the declarations of a script. */
final class ScriptParser {
  private final Tokens tokens;
  private final ExprParser exprs;
  private final Syntax syntax = Syntax.empty();

  private ScriptParser(List<Token> all) {
    tokens = new Tokens(all);
    exprs = new ExprParser(tokens);
  }

  static Syntax parse(List<Token> tokens) {
    var parser = new ScriptParser(tokens);
    while (!parser.tokens.atEnd()) {
      parser.declaration();
    }
    return parser.syntax;
  }

  /** One expression and nothing after it. */
  static Expr parseExpr(List<Token> all) {
    var parser = new ScriptParser(all);
    Expr expr = parser.exprs.expr();
    if (!parser.tokens.atEnd()) {
      throw parser.tokens.expected("the end of the expression");
    }
    return expr;
  }

  private void declaration() {
    Position at = tokens.peek().at();
    if (tokens.eat("channel")) {
      channels();
    } else if (tokens.eat("datatype")) {
      datatype(at);
    } else if (tokens.eat("nametype")) {
      nametype(at);
    } else if (tokens.eat("transparent") || tokens.eat("external")) {
      names();
    } else if (tokens.eat("assert")) {
      assertion(at);
    } else {
      exprs.definition(syntax.definitions());
    }
  }

  private void channels() {
    Position at = tokens.peek().at();
    List<String> names = names();
    List<Expr> fields = tokens.eat(":") ? parts(exprs.dotted()) : List.of();
    for (String name : names) {
      syntax.channels().add(new Syntax.Declared(at, name, fields));
    }
  }

  private static List<Expr> parts(Expr type) {
    return type instanceof Expr.Dotted dotted ? dotted.parts() : List.of(type);
  }

  private List<String> names() {
    var names = new ArrayList<String>();
    do {
      names.add(tokens.name());
    } while (tokens.eat(","));
    return names;
  }

  private void datatype(Position at) {
    String name = tokens.name();
    tokens.need("=");
    var constructors = new ArrayList<Syntax.Declared>();
    do {
      constructors.add(constructor());
    } while (tokens.eat("|"));
    syntax.datatypes().add(new Syntax.Datatype(at, name, constructors));
  }

  private Syntax.Declared constructor() {
    Position at = tokens.peek().at();
    String name = tokens.name();
    var fields = new ArrayList<Expr>();
    while (tokens.eat(".")) {
      fields.add(exprs.sum());
    }
    return new Syntax.Declared(at, name, fields);
  }

  private void nametype(Position at) {
    String name = tokens.name();
    tokens.need("=");
    var before = syntax.definitions().put(name, Definition.constant(name, at, exprs.expr()));
    if (before != null) {
      throw new CspmException(at, name + " is defined twice: first at " + before.at());
    }
  }

  private void assertion(Position at) {
    int begin = tokens.place();
    boolean negated = tokens.eat("not");
    Expr left = exprs.expr();
    Claim claim;
    if (tokens.eat(":")) {
      tokens.need("[");
      claim = property(at, left);
    } else if (tokens.eat("[")) {
      Model model = model();
      tokens.need("=");
      claim = new Refines(left, model, exprs.expr());
    } else {
      throw tokens.expected("':[' or '[T=', '[F=', '[FD='");
    }
    syntax.assertions().add(new Assertion(tokens.textSince(begin), at, negated, claim));
  }

  private Model model() {
    return switch (tokens.peek().text()) {
      case "T", "F", "FD" -> Model.valueOf(tokens.take().text());
      default -> throw tokens.expected("T, F or FD");
    };
  }

  private Claim property(Position at, Expr process) {
    var words = new ArrayList<String>();
    while (tokens.peek().kind() == Token.Kind.NAME) {
      words.add(tokens.name());
    }
    Property property = property(at, String.join(" ", words));
    Model model = Model.FD;
    if (tokens.eat("[")) {
      model = model();
      if (!tokens.eat("]]")) {
        tokens.need("]");
        tokens.need("]");
      }
    } else {
      tokens.need("]");
    }
    return new Has(process, property, model);
  }

  private static Property property(Position at, String words) {
    return switch (words) {
      case "deadlock free" -> Property.DEADLOCK_FREE;
      case "divergence free", "livelock free" -> Property.DIVERGENCE_FREE;
      case "deterministic" -> Property.DETERMINISTIC;
      default ->
          throw new CspmException(
              at,
              "expected deadlock free, divergence free, livelock free or deterministic but found '"
                  + words
                  + "'");
    };
  }
}
