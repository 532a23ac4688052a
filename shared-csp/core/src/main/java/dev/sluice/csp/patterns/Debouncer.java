package dev.sluice.csp.patterns;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Lets one event of each burst pass. A burst is a run of events that follow each other within a
 * quiet time; it ends when no event has come for so long.
 *
 * <pre>
 *   events      x x x x x x          x x x
 *   quiet                  |-----|        |-----|
 *   LEADING     x                    x
 *   TRAILING                     x              x     (the last of each burst)
 * </pre>
 *
 * <p>Events that wait while the receiver is slow are held back, so a burst that has ended is not
 * lost, and what has come meanwhile counts from when it is taken in. It sets no timer of its own:
 * when it has ended, nothing is left.
 */
public final class Debouncer {

  /** Which event of a burst passes. */
  public enum Edge {
    /** The first, at once. */
    LEADING,
    /** The last, after the quiet time. */
    TRAILING
  }

  private Debouncer() {}

  /**
   * Starts a debouncer as a process of the scope.
   *
   * @param <T> the events
   * @param scope where it lives; by its clock it goes
   * @param name the process's and the output's name
   * @param events what comes in
   * @param quiet how long no event must come for a burst to be over; more than 0
   * @param edge which event passes
   * @return what passes, a rendezvous; it ends when {@code events} has ended, and an event that has
   *     waited for the quiet time passes at once then
   * @throws IllegalArgumentException {@code quiet} is zero or negative, or the name is taken
   * @throws CancellationException the scope has been cancelled
   */
  public static <T> ReceiveChannel<T> start(
      Scope scope, String name, ReceiveChannel<T> events, Duration quiet, Edge edge) {
    Objects.requireNonNull(events);
    Objects.requireNonNull(edge);
    Require.positive(quiet, "the quiet time");
    Channel<T> passed = scope.channel(name, 0);
    scope.start(
        name,
        () -> {
          try {
            debounce(scope, events, quiet, edge, passed);
          } finally {
            passed.close();
          }
        });
    return passed;
  }

  private static <T> void debounce(
      Scope scope, ReceiveChannel<T> events, Duration quiet, Edge edge, Channel<T> passed)
      throws InterruptedException {
    var select = Select.fair(scope.clock());
    var event = select.receive(events);
    var calm = select.after(null);
    long quietNanos = quiet.toNanos();
    long calmSince = 0;
    boolean inBurst = false;
    @Nullable T held = null;
    while (true) {
      boolean isEvent = select.await() == event && !event.isClosed();
      // An event may be there first when the quiet time is over.
      boolean isOver = !isEvent || scope.clock().nanos() - calmSince >= quietNanos;
      if (isOver && held != null) {
        passed.send(held);
        held = null;
      }
      if (isEvent) {
        if (edge == Edge.TRAILING) {
          held = event.value();
        } else if (!inBurst || isOver) {
          passed.send(event.value());
        }
        inBurst = true;
        calmSince = scope.clock().nanos();
        calm.in(quiet);
      } else if (event.isClosed()) {
        return;
      } else {
        inBurst = false;
        calm.in(null);
      }
    }
  }
}
