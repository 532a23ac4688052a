package dev.sluice.cspm;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.TreeSet;

/** The names that an expression mentions: all that its value may depend on, and perhaps more. */
final class FreeNames {
  private final IdentityHashMap<Expr, List<String>> known = new IdentityHashMap<>();

  List<String> of(Expr expr) {
    List<String> names = known.get(expr);
    if (names == null) {
      var all = new TreeSet<String>();
      if (expr instanceof Expr.Name(_, String name)) {
        all.add(name);
      }
      expr.children().forEach(child -> all.addAll(of(child)));
      names = List.copyOf(all);
      known.put(expr, names);
    }
    return names;
  }
}
