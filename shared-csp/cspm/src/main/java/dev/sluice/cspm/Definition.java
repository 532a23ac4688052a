package dev.sluice.cspm;

import java.util.ArrayList;
import java.util.List;

/**
 * A name with its clauses, which all take the same number of parameters; the first match counts.
 */
record Definition(String name, Position at, List<Clause> clauses) {

  /** No parameters: a constant, or a process. */
  record Clause(List<Expr> parameters, Expr body) {}

  static Definition empty(String name, Position at) {
    return new Definition(name, at, new ArrayList<>());
  }

  static Definition constant(String name, Position at, Expr value) {
    return new Definition(name, at, List.of(new Clause(List.of(), value)));
  }

  int arity() {
    return clauses.getFirst().parameters.size();
  }

  /** Of a constant. */
  Expr body() {
    return clauses.getFirst().body;
  }
}
