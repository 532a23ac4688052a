package dev.sluice.limiter.process;

import dev.sluice.csp.patterns.RateLimit;
import java.time.Duration;

/**
 * Asks for permits.
 *
 * @param key what is limited
 * @param permits how many
 * @param terms under which terms
 * @param maxWait how long the caller will wait for them; zero: not at all
 */
public record Ask(String key, long permits, Terms terms, Duration maxWait) {
  /** The largest rate and the largest burst there may be. */
  public static final long MAX_PERMITS = RateLimit.MAX_PERMITS;

  /** Under which terms. */
  public sealed interface Terms {

    /** Those of a configured policy. */
    record Policy(String name) implements Terms {}

    /** The request's own: a token bucket. */
    record Inline(long rate, Duration per, long burst) implements Terms {}
  }

  /** What was asked is not possible. The field, its value and what is allowed make the message. */
  public static final class Invalid extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String field;
    private final transient Object value;
    private final String allowed;

    Invalid(String field, Object value, String allowed) {
      super(field + " is " + value + ", " + allowed);
      this.field = field;
      this.value = value;
      this.allowed = allowed;
    }

    public String field() {
      return field;
    }

    public Object value() {
      return value;
    }

    public String allowed() {
      return allowed;
    }
  }
}
