package dev.sluice.cspm;

import dev.sluice.cspm.Value.Compound;
import java.util.ArrayList;
import java.util.List;

/** Values with dots: events, their beginnings, and elements of datatypes. */
final class Dots {
  private Dots() {}

  /** What stands between the dots; the arguments of a constructor are one part with it. */
  static List<Value> parts(Value value) {
    return value instanceof Compound compound ? compound.parts() : List.of(value);
  }

  /** All of them with dots between; however they were put together, equal ones become equal. */
  static Value join(List<Value> parts) {
    var flat = new ArrayList<Value>();
    parts.forEach(part -> flatten(part, flat));
    var joined = new ArrayList<Value>();
    joined.add(flat.getFirst());
    var reader = new Reader(flat);
    while (reader.hasMore()) {
      joined.add(reader.group());
    }
    return joined.size() == 1 ? joined.getFirst() : new Compound(joined);
  }

  private static void flatten(Value value, List<Value> into) {
    if (value instanceof Compound compound) {
      compound.parts().forEach(part -> flatten(part, into));
    } else {
      into.add(value);
    }
  }

  /** Puts constructors and their arguments together again. */
  private static final class Reader {
    private final List<Value> flat;
    private int next = 1;

    Reader(List<Value> flat) {
      this.flat = flat;
    }

    boolean hasMore() {
      return next < flat.size();
    }

    Value group() {
      Value first = flat.get(next++);
      if (!(first instanceof Symbol symbol) || symbol.isChannel() || symbol.fields().isEmpty()) {
        return first;
      }
      var parts = new ArrayList<Value>();
      parts.add(first);
      for (int i = 0; i < symbol.fields().size() && hasMore(); i++) {
        parts.add(group());
      }
      return new Compound(parts);
    }
  }

  /** Whether it is an event with nothing missing. */
  static boolean isEvent(Value value) {
    List<Value> parts = parts(value);
    return parts.getFirst() instanceof Symbol symbol
        && symbol.isChannel()
        && symbol.fields().size() == parts.size() - 1;
  }

  /** Every choice of one value a field, of the fields from that one on. */
  static List<List<Value>> choices(List<List<Value>> fields, int from) {
    if (from == fields.size()) {
      return List.of(List.of());
    }
    var all = new ArrayList<List<Value>>();
    for (Value value : fields.get(from)) {
      for (List<Value> rest : choices(fields, from + 1)) {
        all.add(with(List.of(value), rest));
      }
    }
    return all;
  }

  static List<Value> with(List<Value> some, List<Value> more) {
    var all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }
}
