package dev.sluice.demo;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the target treats what is sent to it; the first segment of the path names it, as in {@code
 * /slow/warehouse}.
 */
enum Behaviour {
  /** Takes everything at once. */
  FAST,
  /** Takes everything, after 50 to 300 ms. */
  SLOW,
  /** Says 503 once or twice, then takes it. */
  FLAKY,
  /** Says 422 to everything. */
  REJECTING,
  /** Says 500 to everything. */
  FAILING;

  /** What the target answers, and how long it takes for that. */
  record Response(int status, Duration delay) {
    boolean takesIt() {
      return status < 300;
    }
  }

  /** The behaviour that a path names, or null when it names none. */
  static @Nullable Behaviour at(String path) {
    for (Behaviour each : values()) {
      if (path.startsWith("/" + each.name().toLowerCase(Locale.ROOT) + "/")) {
        return each;
      }
    }
    return null;
  }

  /**
   * The response to the {@code nth} call (from 1) for an event. The same event is always treated
   * the same.
   */
  Response response(String event, int nth) {
    int chance = Math.floorMod(event.hashCode(), 251);
    return switch (this) {
      case FAST -> new Response(200, Duration.ZERO);
      case SLOW -> new Response(200, Duration.ofMillis(50 + chance));
      case FLAKY -> new Response(nth <= 1 + chance % 2 ? 503 : 200, Duration.ZERO);
      case REJECTING -> new Response(422, Duration.ZERO);
      case FAILING -> new Response(500, Duration.ZERO);
    };
  }

  /** Whether an event that is tried {@code attempts} times is taken in the end. */
  boolean takes(String event, int attempts) {
    return response(event, attempts).takesIt();
  }
}
