package dev.sluice.cspm;

/** What a process does. One object an event; two of them are internal to the theory. */
final class Event {
  /** An internal step. */
  static final Event TAU = new Event(0, "tau");

  /** Successful termination. */
  static final Event TICK = new Event(1, "tick");

  private final int id;
  private final String name;

  Event(int id, String name) {
    this.id = id;
    this.name = name;
  }

  /** Small and dense. */
  int id() {
    return id;
  }

  @Override
  public String toString() {
    return name;
  }
}
