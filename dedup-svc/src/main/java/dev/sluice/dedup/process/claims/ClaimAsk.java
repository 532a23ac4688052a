package dev.sluice.dedup.process.claims;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a claim.
 *
 * @param namespace whose key: the same key in two namespaces is two
 * @param key what is to be done once
 * @param lease how long the claim lasts if it is not renewed
 * @param ttl for how long the key is remembered; no less than {@code lease}
 * @param request stands for the request that the key came with; null when it is not said
 * @param maxWait how long the caller will wait for the present owner; zero: not at all
 */
public record ClaimAsk(
    String namespace,
    String key,
    Duration lease,
    Duration ttl,
    @Nullable String request,
    Duration maxWait) {

  /** What was asked is not possible. */
  public static final class Invalid extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String field;
    private final Duration value;
    private final Duration least;
    private final Duration most;

    Invalid(String field, Duration value, Duration least, Duration most) {
      super(field + " is " + value + ", must be from " + least + " to " + most);
      this.field = field;
      this.value = value;
      this.least = least;
      this.most = most;
    }

    static void check(String field, Duration value, Duration least, Duration most) {
      if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
        throw new Invalid(field, value, least, most);
      }
    }

    /** Which part of it. */
    public String field() {
      return field;
    }

    /** What was asked for. */
    public Duration value() {
      return value;
    }

    /** The shortest that is possible. */
    public Duration least() {
      return least;
    }

    /** The longest that is possible. */
    public Duration most() {
      return most;
    }
  }
}
