package dev.sluice.cspm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression as it stands in the script: a value, a process, or a pattern (they look alike).
 * Compare them by identity: two equal ones at different places are different ones.
 */
sealed interface Expr {

  Position at();

  /** All expressions directly within this one, with patterns and generators. */
  List<Expr> children();

  // ---- values

  record Name(Position at, String name) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of();
    }
  }

  record Num(Position at, int value) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of();
    }
  }

  enum UnarySign {
    MINUS,
    NOT,
    LENGTH
  }

  record Unary(Position at, UnarySign sign, Expr of) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(of);
    }
  }

  enum BinarySign {
    AND,
    OR,
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    PLUS,
    MINUS,
    TIMES,
    DIVIDED_BY,
    MODULO,
    CONCAT
  }

  record Binary(Position at, BinarySign sign, Expr left, Expr right) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(left, right);
    }
  }

  record Dotted(Position at, List<Expr> parts) implements Expr {
    @Override
    public List<Expr> children() {
      return parts;
    }
  }

  record Tuple(Position at, List<Expr> parts) implements Expr {
    @Override
    public List<Expr> children() {
      return parts;
    }
  }

  enum Brackets {
    SET("}"),
    SEQUENCE(">"),
    /** The events that begin so. */
    PRODUCTIONS("|}");

    final String closing;

    Brackets(String closing) {
      this.closing = closing;
    }
  }

  record Collection(Position at, Brackets brackets, List<Expr> items, List<Qualifier> qualifiers)
      implements Expr {
    @Override
    public List<Expr> children() {
      return with(qualifiers, items);
    }
  }

  record Range(Position at, Brackets brackets, Expr from, Expr to, List<Qualifier> qualifiers)
      implements Expr {
    @Override
    public List<Expr> children() {
      return with(qualifiers, List.of(from, to));
    }
  }

  record If(Position at, Expr condition, Expr then, Expr otherwise) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(condition, then, otherwise);
    }
  }

  record Let(Position at, List<Definition> definitions, Expr within) implements Expr {
    @Override
    public List<Expr> children() {
      var all = new ArrayList<Expr>();
      all.add(within);
      for (Definition definition : definitions) {
        for (Definition.Clause clause : definition.clauses()) {
          all.addAll(clause.parameters());
          all.add(clause.body());
        }
      }
      return all;
    }
  }

  record Call(Position at, Expr function, List<Expr> arguments) implements Expr {
    @Override
    public List<Expr> children() {
      return with(List.of(), arguments, function);
    }
  }

  // ---- processes

  record Guard(Position at, Expr condition, Expr then) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(condition, then);
    }
  }

  record Prefix(Position at, Expr event, List<Field> fields, Expr then) implements Expr {
    @Override
    public List<Expr> children() {
      var all = new ArrayList<Expr>(List.of(event, then));
      for (Field field : fields) {
        switch (field) {
          case Field.Output(Expr value) -> all.add(value);
          case Field.Input(Expr pattern, Expr from) -> {
            all.add(pattern);
            if (from != null) {
              all.add(from);
            }
          }
        }
      }
      return all;
    }
  }

  /** What stands after the event of a prefix. */
  sealed interface Field {
    /** {@code !value}, or {@code .value}. */
    record Output(Expr value) implements Field {}

    /** {@code ?pattern}, or {@code ?pattern:from}. */
    record Input(Expr pattern, @Nullable Expr from) implements Field {}
  }

  enum Operator {
    EXTERNAL_CHOICE,
    INTERNAL_CHOICE,
    SLIDING_CHOICE,
    INTERRUPT,
    SEQUENCE,
    INTERLEAVING
  }

  record Combined(Position at, Operator operator, Expr left, Expr right) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(left, right);
    }
  }

  /** {@code left [| shared |] right}. */
  record Sharing(Position at, Expr left, Expr shared, Expr right) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(left, shared, right);
    }
  }

  /** {@code left [ leftAlphabet || rightAlphabet ] right}. */
  record Alphabetised(Position at, Expr left, Expr leftAlphabet, Expr rightAlphabet, Expr right)
      implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(left, leftAlphabet, rightAlphabet, right);
    }
  }

  record Hiding(Position at, Expr process, Expr hidden) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(process, hidden);
    }
  }

  record Renaming(Position at, Expr process, List<Pair> pairs, List<Qualifier> qualifiers)
      implements Expr {
    @Override
    public List<Expr> children() {
      var all = new ArrayList<>(with(qualifiers, List.of(process)));
      for (Pair pair : pairs) {
        all.add(pair.from);
        all.add(pair.to);
      }
      return all;
    }
  }

  /** {@code from <- to}: what was {@code from} looks like {@code to}. */
  record Pair(Expr from, Expr to) {}

  /** One operator over many: {@code [] x : S @ body}. */
  record Replicated(Position at, Operator operator, List<Qualifier> qualifiers, Expr body)
      implements Expr {
    @Override
    public List<Expr> children() {
      return with(qualifiers, List.of(body));
    }
  }

  /** {@code [| shared |] x : S @ body}. */
  record ReplicatedSharing(Position at, Expr shared, List<Qualifier> qualifiers, Expr body)
      implements Expr {
    @Override
    public List<Expr> children() {
      return with(qualifiers, List.of(shared, body));
    }
  }

  /** {@code || x : S @ [ alphabet ] body}. */
  record ReplicatedAlphabetised(Position at, List<Qualifier> qualifiers, Expr alphabet, Expr body)
      implements Expr {
    @Override
    public List<Expr> children() {
      return with(qualifiers, List.of(alphabet, body));
    }
  }

  /** What chooses the bindings of a comprehension or of a replicated operator. */
  sealed interface Qualifier {
    /** {@code pattern <- from}, or {@code pattern : from}. */
    record Each(Expr pattern, Expr from) implements Qualifier {}

    record Where(Expr condition) implements Qualifier {}
  }

  private static List<Expr> with(List<Qualifier> qualifiers, List<Expr> others, Expr... more) {
    var all = new ArrayList<>(others);
    all.addAll(Arrays.asList(more));
    for (Qualifier qualifier : qualifiers) {
      switch (qualifier) {
        case Qualifier.Each(Expr pattern, Expr from) -> all.addAll(List.of(pattern, from));
        case Qualifier.Where(Expr condition) -> all.add(condition);
      }
    }
    return all;
  }
}
