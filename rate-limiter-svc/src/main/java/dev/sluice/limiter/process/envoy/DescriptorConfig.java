package dev.sluice.limiter.process.envoy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One element of a list of {@code descriptors} as the file has it, without the list within.
 *
 * @param key the key; required
 * @param value the value, where {@code *} stands for any characters; empty for any value
 * @param rateLimit the limit; null when there is none at this level
 * @param metadata values as JSON has them: strings, numbers, booleans, lists and maps
 */
public record DescriptorConfig(
    String key,
    String value,
    @Nullable RateLimitConfig rateLimit,
    boolean shadowMode,
    boolean quotaMode,
    boolean detailedMetric,
    boolean valueToMetric,
    boolean shareThreshold,
    Map<String, Object> metadata) {

  /**
   * A {@code rate_limit}.
   *
   * @param unit null when the file names none
   * @param name empty when the file gives none
   */
  public record RateLimitConfig(
      long requestsPerUnit,
      @Nullable Unit unit,
      boolean unlimited,
      String name,
      List<String> replaces) {}

  /**
   * @throws IllegalArgumentException says what is wrong
   */
  public DescriptorConfig {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("descriptor has empty key");
    }
    if (rateLimit != null) {
      check(rateLimit);
    }
    if (shareThreshold && !compositeKey(key, value).contains("*")) {
      throw new IllegalArgumentException(
          "share_threshold can only be used with wildcard values (containing '*'), but found key '"
              + compositeKey(key, value)
              + "'");
    }
  }

  private static void check(RateLimitConfig limit) {
    if (limit.unlimited() && limit.unit() != null) {
      throw new IllegalArgumentException("should not specify rate limit unit when unlimited");
    }
    if (!limit.unlimited() && limit.unit() == null) {
      throw new IllegalArgumentException("rate_limit has no unit, and is not unlimited");
    }
    for (String replaced : limit.replaces()) {
      if (replaced.isEmpty()) {
        throw new IllegalArgumentException("should not have an empty replaces entry");
      }
      if (replaced.equals(limit.name())) {
        throw new IllegalArgumentException("replaces should not contain name of same descriptor");
      }
    }
  }

  /** By which the element is found among those of its list. */
  String compositeKey() {
    return compositeKey(key, value);
  }

  static String compositeKey(String key, String value) {
    return value.isEmpty() ? key : key + "_" + value;
  }

  /** The rule for descriptors that end here; null when this level has none. */
  @Nullable Rule rule(String name) {
    RateLimitConfig limit = rateLimit;
    if (limit == null) {
      return null;
    }
    Unit unit = limit.unit();
    return new Rule(
        name,
        unit == null ? null : new RateLimit(limit.name(), limit.requestsPerUnit(), unit),
        shadowMode,
        quotaMode,
        limit.replaces(),
        detailedMetric,
        metadata);
  }
}
