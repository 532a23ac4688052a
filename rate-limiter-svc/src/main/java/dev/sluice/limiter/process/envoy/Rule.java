package dev.sluice.limiter.process.envoy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says of the descriptors that match.
 *
 * @param name the path of the rule's keys and values, from the domain on, such as {@code
 *     messaging.message_type_marketing.to_number}
 * @param limit the limit; null when there is none: all pass
 * @param shadowMode whether hits are counted but none is refused
 * @param quotaMode whether a request is refused only when all its quotas are used up
 * @param replaces the names of limits that do not apply to a request that this rule applies to
 * @param detailedMetric whether the values of the request are part of the metric's name
 * @param metadata told to the caller when the descriptor is under the limit: values as JSON has
 *     them
 */
public record Rule(
    String name,
    @Nullable RateLimit limit,
    boolean shadowMode,
    boolean quotaMode,
    List<String> replaces,
    boolean detailedMetric,
    Map<String, Object> metadata) {

  /** Copies the lists. */
  public Rule {
    replaces = List.copyOf(replaces);
  }

  /** A rule that came with the request. */
  static Rule overriding(String name, Descriptor.Override override) {
    return new Rule(
        name,
        new RateLimit("", override.requestsPerUnit(), override.unit()),
        false,
        false,
        List.of(),
        false,
        Map.of());
  }
}
