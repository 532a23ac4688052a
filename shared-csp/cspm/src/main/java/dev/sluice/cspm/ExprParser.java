package dev.sluice.cspm;

import dev.sluice.cspm.Expr.BinarySign;
import dev.sluice.cspm.Expr.Brackets;
import dev.sluice.cspm.Expr.Field;
import dev.sluice.cspm.Expr.Operator;
import dev.sluice.cspm.Expr.Pair;
import dev.sluice.cspm.Expr.Qualifier;
import dev.sluice.cspm.Expr.UnarySign;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads an expression, by recursive descent. Loosest to tightest:
 *
 * <pre>
 *   \   |||   [| |] [ || ]   |~|   []   /\   [&gt;   ;   &amp; -&gt;   . ? !
 *   or   and   not   == != &lt; &lt;= &gt; &gt;=   + -   * / %   - #   ^   f(x) P[[a &lt;- b]]
 * </pre>
 */
final class ExprParser {
  private static final Set<String> RESERVED =
      Set.of("then", "else", "within", "and", "or", "assert", "channel", "datatype", "nametype");
  private static final Set<String> MODELS = Set.of("T", "F", "FD");

  private final Tokens tokens;

  /** Inside angle brackets, where {@code >} is no comparison but their end. */
  private boolean inAngles;

  ExprParser(Tokens tokens) {
    this.tokens = tokens;
  }

  Expr expr() {
    Expr left = interleaving();
    while (tokens.isNext("\\")) {
      Position at = tokens.take().at();
      left = new Expr.Hiding(at, left, interleaving());
    }
    return left;
  }

  /** Adds a clause to the definition of its name. */
  void definition(Map<String, Definition> into) {
    Position at = tokens.peek().at();
    String name = tokens.name();
    List<Expr> parameters = tokens.isNext("(") ? arguments() : List.of();
    tokens.need("=");
    Expr body = expr();
    Definition definition = into.computeIfAbsent(name, _ -> Definition.empty(name, at));
    if (!definition.clauses().isEmpty()
        && (parameters.isEmpty() || definition.arity() != parameters.size())) {
      throw new CspmException(at, name + " is defined twice: first at " + definition.at());
    }
    definition.clauses().add(new Definition.Clause(parameters, body));
  }

  // ---- processes

  private Expr interleaving() {
    return combined("|||", Operator.INTERLEAVING, this::parallel);
  }

  private Expr parallel() {
    Expr left = internalChoice();
    while (true) {
      Position at = tokens.peek().at();
      if (tokens.eat("[|")) {
        Expr shared = expr();
        tokens.need("|]");
        left = new Expr.Sharing(at, left, shared, internalChoice());
      } else if (tokens.isNext("[") && !isRefinementNext()) {
        tokens.need("[");
        Expr leftAlphabet = expr();
        tokens.need("||");
        Expr rightAlphabet = expr();
        tokens.need("]");
        left = new Expr.Alphabetised(at, left, leftAlphabet, rightAlphabet, internalChoice());
      } else {
        return left;
      }
    }
  }

  private boolean isRefinementNext() {
    return MODELS.contains(tokens.peek(1).text()) && tokens.peek(2).is("=");
  }

  private Expr internalChoice() {
    return combined("|~|", Operator.INTERNAL_CHOICE, this::externalChoice);
  }

  private Expr externalChoice() {
    return combined("[]", Operator.EXTERNAL_CHOICE, this::interrupt);
  }

  private Expr interrupt() {
    return combined("/\\", Operator.INTERRUPT, this::slidingChoice);
  }

  private Expr slidingChoice() {
    return combined("[>", Operator.SLIDING_CHOICE, this::sequence);
  }

  private Expr sequence() {
    return combined(";", Operator.SEQUENCE, this::prefix);
  }

  private Expr combined(String sign, Operator operator, Supplier<Expr> tighter) {
    Expr left = tighter.get();
    while (tokens.isNext(sign)) {
      Position at = tokens.take().at();
      left = new Expr.Combined(at, operator, left, tighter.get());
    }
    return left;
  }

  private Expr prefix() {
    Position at = tokens.peek().at();
    Expr left = dotted();
    if (tokens.eat("&")) {
      return new Expr.Guard(at, left, prefix());
    }
    if (tokens.isNext("?") || tokens.isNext("!") || tokens.isNext("->")) {
      List<Field> fields = fields();
      tokens.need("->");
      return new Expr.Prefix(at, left, fields, prefix());
    }
    return left;
  }

  /** A dot continues what stands before it: after {@code ?} it is an input too. */
  private List<Field> fields() {
    var fields = new ArrayList<Field>();
    boolean input = false;
    while (!tokens.isNext("->")) {
      if (tokens.eat("?")) {
        input = true;
      } else if (tokens.eat("!")) {
        input = false;
      } else if (!tokens.eat(".")) {
        throw tokens.expected("'->'");
      }
      Expr what = application();
      if (input) {
        fields.add(new Field.Input(what, tokens.eat(":") ? sum() : null));
      } else {
        fields.add(new Field.Output(what));
      }
    }
    return fields;
  }

  // ---- values

  /** Also the type of a channel. */
  Expr dotted() {
    Expr left = or();
    if (!tokens.isNext(".")) {
      return left;
    }
    var parts = new ArrayList<Expr>();
    parts.add(left);
    while (tokens.eat(".")) {
      parts.add(or());
    }
    return new Expr.Dotted(left.at(), parts);
  }

  private Expr or() {
    return binary(this::and, Map.of("or", BinarySign.OR));
  }

  private Expr and() {
    return binary(this::not, Map.of("and", BinarySign.AND));
  }

  private Expr not() {
    Position at = tokens.peek().at();
    return tokens.eat("not") ? new Expr.Unary(at, UnarySign.NOT, not()) : comparison();
  }

  private static final Map<String, BinarySign> COMPARISONS =
      Map.of(
          "==", BinarySign.EQUAL,
          "!=", BinarySign.NOT_EQUAL,
          "<", BinarySign.LESS,
          "<=", BinarySign.LESS_OR_EQUAL,
          ">", BinarySign.GREATER,
          ">=", BinarySign.GREATER_OR_EQUAL);

  private Expr comparison() {
    return binary(this::sum, COMPARISONS);
  }

  /** Also the type of a field of a constructor, and where an input comes from. */
  Expr sum() {
    return binary(this::product, Map.of("+", BinarySign.PLUS, "-", BinarySign.MINUS));
  }

  private Expr product() {
    return binary(
        this::unary,
        Map.of("*", BinarySign.TIMES, "/", BinarySign.DIVIDED_BY, "%", BinarySign.MODULO));
  }

  private Expr unary() {
    Position at = tokens.peek().at();
    if (tokens.eat("-")) {
      return new Expr.Unary(at, UnarySign.MINUS, unary());
    }
    if (tokens.eat("#")) {
      return new Expr.Unary(at, UnarySign.LENGTH, unary());
    }
    return concatenation();
  }

  private Expr concatenation() {
    return binary(this::application, Map.of("^", BinarySign.CONCAT));
  }

  private Expr binary(Supplier<Expr> tighter, Map<String, BinarySign> signs) {
    Expr left = tighter.get();
    for (BinarySign sign = next(signs); sign != null; sign = next(signs)) {
      Position at = tokens.take().at();
      left = new Expr.Binary(at, sign, left, tighter.get());
    }
    return left;
  }

  private @Nullable BinarySign next(Map<String, BinarySign> signs) {
    Token next = tokens.peek();
    boolean closes = inAngles && next.is(">");
    return next.kind() == Token.Kind.END || closes ? null : signs.get(next.text());
  }

  /** A parenthesis that begins a line begins something new. */
  private Expr application() {
    Expr left = primary();
    while (true) {
      Token next = tokens.peek();
      if (next.is("(") && !next.startsLine()) {
        left = new Expr.Call(next.at(), left, arguments());
      } else if (tokens.eat("[[")) {
        left = renaming(next.at(), left);
      } else {
        return left;
      }
    }
  }

  private List<Expr> arguments() {
    tokens.need("(");
    List<Expr> arguments = outsideAngles(this::list);
    tokens.need(")");
    return arguments;
  }

  private List<Expr> list() {
    var all = new ArrayList<Expr>();
    do {
      all.add(expr());
    } while (tokens.eat(","));
    return all;
  }

  private Expr renaming(Position at, Expr process) {
    var pairs = new ArrayList<Pair>();
    do {
      Expr from = dotted();
      tokens.need("<-");
      pairs.add(new Pair(from, dotted()));
    } while (tokens.eat(","));
    List<Qualifier> qualifiers = tokens.eat("|") ? qualifiers() : List.of();
    tokens.need("]]");
    return new Expr.Renaming(at, process, pairs, qualifiers);
  }

  private List<Qualifier> qualifiers() {
    var all = new ArrayList<Qualifier>();
    do {
      Expr first = expr();
      boolean each = tokens.eat("<-") || tokens.eat(":");
      all.add(each ? new Qualifier.Each(first, dotted()) : new Qualifier.Where(first));
    } while (tokens.eat(","));
    return all;
  }

  // ---- what begins with a word of its own

  private Expr primary() {
    Token next = tokens.peek();
    return switch (next.kind()) {
      case NUMBER -> number();
      case NAME -> word();
      case SIGN -> sign();
      case END -> throw tokens.expected("an expression");
    };
  }

  private Expr number() {
    Token digits = tokens.take();
    try {
      return new Expr.Num(digits.at(), Integer.parseInt(digits.text()));
    } catch (NumberFormatException _) {
      throw new CspmException(
          digits.at(), digits.text() + " is too large: at most " + Integer.MAX_VALUE);
    }
  }

  private Expr word() {
    if (tokens.isNext("if")) {
      return condition();
    }
    if (tokens.isNext("let")) {
      return let();
    }
    if (RESERVED.contains(tokens.peek().text())) {
      throw tokens.expected("an expression");
    }
    Token name = tokens.take();
    return new Expr.Name(name.at(), name.text());
  }

  private Expr condition() {
    Position at = tokens.take().at();
    Expr condition = expr();
    tokens.need("then");
    Expr then = expr();
    tokens.need("else");
    return new Expr.If(at, condition, then, expr());
  }

  private Expr let() {
    Position at = tokens.take().at();
    var definitions = new LinkedHashMap<String, Definition>();
    while (!tokens.isNext("within")) {
      definition(definitions);
    }
    tokens.need("within");
    return new Expr.Let(at, List.copyOf(definitions.values()), expr());
  }

  private Expr sign() {
    Position at = tokens.peek().at();
    String sign = tokens.take().text();
    return switch (sign) {
      case "(" -> parenthesis(at);
      case "{" -> outsideAngles(() -> collection(at, Brackets.SET));
      case "{|" -> outsideAngles(() -> collection(at, Brackets.PRODUCTIONS));
      case "<" -> insideAngles(() -> collection(at, Brackets.SEQUENCE));
      case "[]" -> replicated(at, Operator.EXTERNAL_CHOICE);
      case "|~|" -> replicated(at, Operator.INTERNAL_CHOICE);
      case "|||" -> replicated(at, Operator.INTERLEAVING);
      case ";" -> replicated(at, Operator.SEQUENCE);
      case "[|" -> replicatedSharing(at);
      case "||" -> replicatedAlphabetised(at);
      default -> throw new CspmException(at, "expected an expression but found '" + sign + "'");
    };
  }

  private Expr parenthesis(Position at) {
    List<Expr> parts = outsideAngles(this::list);
    tokens.need(")");
    return parts.size() == 1 ? parts.getFirst() : new Expr.Tuple(at, parts);
  }

  private Expr collection(Position at, Brackets brackets) {
    if (tokens.eat(brackets.closing)) {
      return new Expr.Collection(at, brackets, List.of(), List.of());
    }
    List<Expr> items = list();
    Expr to = items.size() == 1 && tokens.eat("..") ? expr() : null;
    List<Qualifier> qualifiers = tokens.eat("|") ? qualifiers() : List.of();
    tokens.need(brackets.closing);
    return to == null
        ? new Expr.Collection(at, brackets, items, qualifiers)
        : new Expr.Range(at, brackets, items.getFirst(), to, qualifiers);
  }

  private Expr replicated(Position at, Operator operator) {
    List<Qualifier> qualifiers = qualifiers();
    tokens.need("@");
    return new Expr.Replicated(at, operator, qualifiers, expr());
  }

  private Expr replicatedSharing(Position at) {
    Expr shared = expr();
    tokens.need("|]");
    List<Qualifier> qualifiers = qualifiers();
    tokens.need("@");
    return new Expr.ReplicatedSharing(at, shared, qualifiers, expr());
  }

  private Expr replicatedAlphabetised(Position at) {
    List<Qualifier> qualifiers = qualifiers();
    tokens.need("@");
    tokens.need("[");
    Expr alphabet = expr();
    tokens.need("]");
    return new Expr.ReplicatedAlphabetised(at, qualifiers, alphabet, expr());
  }

  private <T> T outsideAngles(Supplier<T> part) {
    return withAngles(false, part);
  }

  private <T> T insideAngles(Supplier<T> part) {
    return withAngles(true, part);
  }

  private <T> T withAngles(boolean inside, Supplier<T> part) {
    boolean before = inAngles;
    inAngles = inside;
    T result = part.get();
    inAngles = before;
    return result;
  }
}
