package dev.sluice.pool.process.push;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.Breaker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Leaves a host alone that keeps failing, and looks now and then whether it is well again.
 *
 * <pre>
 *            N failures in a row            the time is over, a call begins
 *   CLOSED ----------------------&gt; OPEN ----------------------------------&gt; HALF_OPEN
 *     ^                             ^                                          |   |
 *     |                             +------------------ a call fails ----------+   |
 *     +------------------------------------------------ a call succeeds -----------+
 * </pre>
 *
 * <p>While it is open, the ends of calls that began before say nothing; while it is half open, the
 * first end decides, whichever call's it is. So while a host keeps failing, at most one call begins
 * in each time that the breaker stays open.
 *
 * @see <a href="https://pragprog.com/titles/mnee2/release-it-second-edition/">Michael T. Nygard,
 *     Release It!, Circuit Breaker</a>
 */
final class CircuitBreaker {
  private enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  private final Clock clock;
  private State state = State.CLOSED;
  private int failures;
  private long openUntil;

  CircuitBreaker(Clock clock) {
    this.clock = clock;
  }

  /** Whether a call may begin; it does not begin one. */
  Admission ask() {
    return switch (state) {
      case CLOSED -> new Admission.Go();
      case HALF_OPEN -> new Admission.Busy();
      case OPEN -> {
        long left = openUntil - clock.nanos();
        yield left > 0 ? new Admission.Later(Duration.ofNanos(left)) : new Admission.Go();
      }
    };
  }

  /** A call begins that it has let go. */
  void begun() {
    if (state == State.OPEN) {
      state = State.HALF_OPEN;
    }
  }

  /**
   * A call has ended.
   *
   * @param terms null: it never opens
   */
  void ended(boolean failed, @Nullable Breaker terms) {
    if (terms == null) {
      close();
    } else if (state == State.CLOSED) {
      failures = failed ? failures + 1 : 0;
      if (failures >= terms.failures()) {
        open(terms);
      }
    } else if (state == State.HALF_OPEN) {
      if (failed) {
        open(terms);
      } else {
        close();
      }
    }
  }

  /** A call that has begun says nothing of the host. */
  void withdrawn() {
    if (state == State.HALF_OPEN) {
      state = State.OPEN; // whose time is over: the next call is the trial
    }
  }

  /** Forgets all failures. */
  void close() {
    state = State.CLOSED;
    failures = 0;
  }

  /** Whether calls are held back, or one is being tried. */
  boolean isOpen() {
    return state != State.CLOSED;
  }

  /** Whether it is as if there had never been a failure. */
  boolean isFresh() {
    return state == State.CLOSED && failures == 0;
  }

  private void open(Breaker terms) {
    state = State.OPEN;
    failures = 0;
    openUntil = clock.nanos() + terms.open().toNanos();
  }
}
