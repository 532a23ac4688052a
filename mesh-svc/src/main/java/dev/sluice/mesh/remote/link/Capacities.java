package dev.sluice.mesh.remote.link;

/** How many messages may wait at one end of a link. */
final class Capacities {
  /** Room for what is said at once when somebody joins: a route for each slice. */
  static final int CONTROL = 4096;

  static final int BEATS = 16;

  private Capacities() {}

  /** For each delivery or answer that the credits allow, were they all sent alone; and pings. */
  static int data(int window) {
    return window + 8;
  }
}
