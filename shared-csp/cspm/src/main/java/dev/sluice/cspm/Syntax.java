package dev.sluice.cspm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a script consists of, as it stands there. */
record Syntax(
    Map<String, Definition> definitions,
    List<Declared> channels,
    List<Datatype> datatypes,
    List<Assertion> assertions) {

  /** A channel or a constructor, with the types of its fields. */
  record Declared(Position at, String name, List<Expr> fields) {}

  record Datatype(Position at, String name, List<Declared> constructors) {}

  static Syntax empty() {
    return new Syntax(
        new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }
}
