package dev.sluice.cspm;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What an expression means. */
sealed interface Value permits Value.Plain, Symbol, Function, Process {

  /** Two with the same content are the same. */
  sealed interface Plain extends Value {}

  record Int(int number) implements Plain {
    @Override
    public String toString() {
      return Integer.toString(number);
    }
  }

  record Bool(boolean truth) implements Plain {
    @Override
    public String toString() {
      return Boolean.toString(truth);
    }
  }

  /** A symbol with fields: an event, the beginning of one, or an element of a datatype. */
  record Compound(List<Value> parts) implements Plain {
    public Compound {
      parts = List.copyOf(parts);
    }

    @Override
    public String toString() {
      return parts.stream().map(Value::toString).collect(Collectors.joining("."));
    }
  }

  record Tuple(List<Value> parts) implements Plain {
    public Tuple {
      parts = List.copyOf(parts);
    }

    @Override
    public String toString() {
      return "(" + list(parts) + ")";
    }
  }

  record Sequence(List<Value> items) implements Plain {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String toString() {
      return "<" + list(items) + ">";
    }
  }

  /** Keeps the order in which it was made; that is no part of what it is. */
  record Of(Set<Value> items) implements Plain {
    @Override
    public String toString() {
      return "{" + list(items) + "}";
    }
  }

  private static String list(Collection<Value> values) {
    return values.stream().map(Value::toString).collect(Collectors.joining(","));
  }
}
