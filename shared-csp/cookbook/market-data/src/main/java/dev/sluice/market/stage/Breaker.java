package dev.sluice.market.stage;

import dev.sluice.csp.patterns.Gcra;
import dev.sluice.csp.patterns.RateLimit;
import dev.sluice.market.MarketSettings.BreakerSettings;
import dev.sluice.market.model.BreakerState;
import dev.sluice.market.model.Loss;
import org.jspecify.annotations.Nullable;

/**
 * What a source may send: a cap, and a circuit breaker (M. Nygard: Release It!, 2007) that isolates
 * it when it sends garbage or floods.
 *
 * <pre>
 *           half are bad, within a window
 *   CLOSED -------------------------------> OPEN  for the pause
 *     ^                                      |  ^
 *     | all probes can be read               |  | a probe is garbage, or it floods:
 *     '------------- HALF_OPEN <-------------'  | twice the pause
 *                        '----------------------'
 * </pre>
 *
 * <p>Plain state that is told the time in nanoseconds; owned by one process.
 */
public final class Breaker {
  private final BreakerSettings settings;
  private final Gcra cap;
  private BreakerState state = BreakerState.CLOSED;

  /** Of the last time that it was open; 0 before the first. */
  private long pause;

  private long windowEnd;
  private long since;
  private long sent;
  private long capped;
  private long good;
  private long bad;

  /** Ticks that were let through, and of those that have been judged. */
  private long admitted;

  private long judged;
  private int probes;

  /**
   * A closed one.
   *
   * @param cap how much the source may send
   * @param settings when it is isolated
   * @param now in nanoseconds
   */
  public Breaker(RateLimit cap, BreakerSettings settings, long now) {
    this.settings = settings;
    this.cap = new Gcra(cap, now);
    this.since = now;
    begin(now);
  }

  /** {@return its state} */
  public BreakerState state() {
    return state;
  }

  /**
   * Decides over a tick.
   *
   * @param now in nanoseconds
   * @return null when it may pass, else why not
   */
  public @Nullable Loss admit(long now) {
    if (state == BreakerState.OPEN && !reopens(now)) {
      return Loss.ISOLATED;
    }
    roll(now);
    sent++;
    if (!cap.tryTake(1, now)) {
      capped++;
      if (isHalf(capped, sent)) {
        open(now);
      }
      return Loss.CAPPED;
    }
    if (state == BreakerState.HALF_OPEN) {
      if (probes == 0) {
        return Loss.ISOLATED; // until the probes are judged
      }
      probes--;
    }
    admitted++;
    return null;
  }

  /**
   * What became of ticks that were let through.
   *
   * @param readable how many could be read
   * @param garbage how many could not
   * @param now in nanoseconds
   */
  public void verdict(long readable, long garbage, long now) {
    judged += readable + garbage;
    switch (state) {
      case CLOSED -> {
        roll(now);
        good += readable;
        bad += garbage;
        if (isHalf(bad, good + bad)) {
          open(now);
        }
      }
      case HALF_OPEN -> {
        if (garbage > 0) {
          open(now);
        } else if (probes == 0 && judged == admitted) {
          enter(BreakerState.CLOSED, now);
        }
      }
      case OPEN -> {} // of ticks before it opened
    }
  }

  /** Its pause is over, and all that passed before has been judged. */
  private boolean reopens(long now) {
    if (now - since < pause || judged < admitted) {
      return false;
    }
    probes = settings.probes();
    enter(BreakerState.HALF_OPEN, now);
    return true;
  }

  private void open(long now) {
    boolean soon = state == BreakerState.HALF_OPEN || now - since < 2 * pause;
    pause =
        pause > 0 && soon
            ? Math.min(2 * pause, settings.longest().toNanos())
            : settings.pause().toNanos();
    enter(BreakerState.OPEN, now);
  }

  private void enter(BreakerState next, long now) {
    state = next;
    since = now;
    begin(now);
  }

  private boolean isHalf(long many, long of) {
    return many >= settings.minimum() && 2 * many >= of;
  }

  private void roll(long now) {
    if (now - windowEnd >= 0) {
      begin(now);
    }
  }

  private void begin(long now) {
    windowEnd = now + settings.window().toNanos();
    sent = 0;
    capped = 0;
    good = 0;
    bad = 0;
  }
}
