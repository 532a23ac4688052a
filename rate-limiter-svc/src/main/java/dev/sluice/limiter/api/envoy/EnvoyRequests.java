package dev.sluice.limiter.api.envoy;

import dev.sluice.limiter.process.envoy.Descriptor;
import dev.sluice.limiter.process.envoy.EnvoyRequest;
import dev.sluice.limiter.process.envoy.Unit;
import dev.sluice.service.ProblemException;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads requests. */
final class EnvoyRequests {
  private static final int MAX_DESCRIPTORS = 1_000;

  /**
   * {@code bool is_negative_hits} of a descriptor, which the published Java API does not know yet.
   */
  private static final int IS_NEGATIVE_HITS = 4;

  private EnvoyRequests() {}

  /**
   * @throws ProblemException it is not valid
   */
  static EnvoyRequest of(RateLimitRequest message) {
    if (message.getDomain().isEmpty()) {
      throw ProblemException.invalid("domain", "", "rate limit domain must not be empty");
    }
    int count = message.getDescriptorsCount();
    if (count == 0) {
      throw ProblemException.invalid(
          "descriptors", "[]", "rate limit descriptor list must not be empty");
    }
    if (count > MAX_DESCRIPTORS) {
      throw ProblemException.invalid("descriptors", count, "must be at most " + MAX_DESCRIPTORS);
    }
    List<Descriptor> descriptors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      descriptors.add(descriptor("descriptors[" + i + "]", message.getDescriptors(i)));
    }
    return new EnvoyRequest(
        message.getDomain(),
        descriptors,
        Math.max(1, Integer.toUnsignedLong(message.getHitsAddend())));
  }

  private static Descriptor descriptor(String field, RateLimitDescriptor message) {
    List<Descriptor.Entry> entries = new ArrayList<>(message.getEntriesCount());
    for (RateLimitDescriptor.Entry entry : message.getEntriesList()) {
      entries.add(new Descriptor.Entry(entry.getKey(), entry.getValue()));
    }
    return new Descriptor(
        entries,
        message.hasLimit() ? override(field + ".limit", message.getLimit()) : null,
        hits(message),
        message.getUnknownFields().getField(IS_NEGATIVE_HITS).getVarintList().contains(1L));
  }

  private static @Nullable Long hits(RateLimitDescriptor message) {
    if (!message.hasHitsAddend()) {
      return null;
    }
    long hits = message.getHitsAddend().getValue();
    return hits < 0 ? Long.MAX_VALUE : hits; // it is unsigned
  }

  private static Descriptor.Override override(
      String field, RateLimitDescriptor.RateLimitOverride message) {
    return new Descriptor.Override(
        Integer.toUnsignedLong(message.getRequestsPerUnit()),
        unit(field + ".unit", message.getUnitValue()));
  }

  /** The units of requests and of answers have the same numbers. */
  private static Unit unit(String field, int number) {
    var unit = RateLimitResponse.RateLimit.Unit.forNumber(number);
    if (unit == null || unit == RateLimitResponse.RateLimit.Unit.UNKNOWN) {
      throw ProblemException.invalid(
          field, number, "must be SECOND, MINUTE, HOUR, DAY, WEEK, MONTH or YEAR");
    }
    return Unit.valueOf(unit.name());
  }
}
