package dev.sluice.limiter.process.envoy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is answered to an {@link EnvoyRequest}. */
public sealed interface EnvoyDecision {

  /**
   * It was decided.
   *
   * @param overLimit whether the request is to be refused
   * @param statuses one for each descriptor, in order
   * @param nearest the status to tell the client of: the last that is over its limit, else the
   *     first of those with the least remaining; null when no descriptor has a limit
   * @param metadata of the rules that were met, merged: of two values the first counts
   */
  record Decided(
      boolean overLimit,
      List<Status> statuses,
      @Nullable Status nearest,
      Map<String, Object> metadata)
      implements EnvoyDecision {}

  /**
   * Nothing was decided: the descriptors' counters would be too many.
   *
   * @param reason what is full
   */
  record CountersFull(String reason) implements EnvoyDecision {}

  /**
   * Nobody knows: the counters' engine does not answer. Hits may have been counted or not.
   *
   * @param reason what its client says
   * @param retryAfter when it is asked again
   */
  record StoreUnavailable(String reason, Duration retryAfter) implements EnvoyDecision {}

  /**
   * Nothing was decided: there is no room for the request now.
   *
   * @param reason of what there is too much
   */
  record NoRoom(String reason) implements EnvoyDecision {}

  /**
   * How a descriptor stands.
   *
   * @param overLimit whether its hits were over the limit
   * @param limit the limit that applies; null when none does
   * @param remaining how many hits are left in this window; {@link RateLimit#MAX_REQUESTS} where
   *     the rule says unlimited, 0 where no rule applies
   * @param untilReset until the window ends; zero where no limit applies
   */
  record Status(boolean overLimit, @Nullable RateLimit limit, long remaining, Duration untilReset) {
    static final Status NO_RULE = new Status(false, null, 0, Duration.ZERO);
    static final Status UNLIMITED = new Status(false, null, RateLimit.MAX_REQUESTS, Duration.ZERO);
  }
}
