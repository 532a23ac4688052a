package dev.sluice.limiter.process;

import dev.sluice.limiter.store.Limit;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A limit with a name, and how it is applied.
 *
 * @param name what requests call it
 * @param limit what it allows
 * @param maxWait the longest wait of its callers; null: the service's
 * @param shadow decides and counts, but never refuses
 * @param keys which keys it takes; null: all
 * @param whenEngineFails what becomes of requests that the engine cannot count
 */
public record Policy(
    String name,
    Limit limit,
    @Nullable Duration maxWait,
    boolean shadow,
    @Nullable KeyPattern keys,
    WhenEngineFails whenEngineFails) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,63}");

  /**
   * @throws Invalid the name is none that a policy may have
   */
  public Policy {
    checkName(name);
  }

  /**
   * @throws Invalid it is none that a policy may have
   */
  public static void checkName(String name) {
    if (!NAME.matcher(name).matches() || name.equals(Quota.INLINE)) {
      throw new Invalid(
          "name",
          name,
          "must be 1 to 64 letters, digits and . _ / -, the first a letter or digit, and not "
              + Quota.INLINE);
    }
  }

  /**
   * A policy of these terms.
   *
   * @throws Invalid the terms mean no limit, or the name is none that a policy may have
   */
  public Policy(
      String name,
      Terms terms,
      @Nullable Duration maxWait,
      boolean shadow,
      @Nullable KeyPattern keys,
      WhenEngineFails whenEngineFails) {
    this(name, terms.limit(""), maxWait, shadow, keys, whenEngineFails);
  }

  /** What becomes of requests that the engine cannot count. */
  public enum WhenEngineFails {
    /** They are granted. */
    OPEN,
    /** They are turned away: 503. */
    CLOSED
  }

  /**
   * A policy of these terms and nothing else.
   *
   * @throws Invalid as the constructor
   */
  public static Policy of(String name, Terms terms) {
    return new Policy(name, terms, null, false, null, WhenEngineFails.CLOSED);
  }

  /** The limit as it is written down. */
  public Terms terms() {
    return Terms.of(limit);
  }
}
