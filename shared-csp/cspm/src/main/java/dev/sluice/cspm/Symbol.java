package dev.sluice.cspm;

import java.util.List;

/** A channel or a constructor of a datatype. Each is equal to itself only. */
final class Symbol implements Value {
  private final String name;
  private final boolean channel;
  private List<List<Value>> fields = List.of();

  Symbol(String name, boolean channel) {
    this.name = name;
    this.channel = channel;
  }

  boolean isChannel() {
    return channel;
  }

  /** What each field may be, in the order of the type's set. */
  List<List<Value>> fields() {
    return fields;
  }

  void setFields(List<List<Value>> types) {
    fields = types;
  }

  @Override
  public String toString() {
    return name;
  }
}
