package dev.sluice.limiter.api;

import dev.sluice.limiter.process.Ask;
import dev.sluice.limiter.process.Decision;
import dev.sluice.service.Durations;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import java.time.Duration;
import java.util.List;

/** What is answered to one whose request was not carried out. */
final class Refusals {
  private Refusals() {}

  /**
   * The problem that a decision is.
   *
   * @param field what stands before the name of a field, for one of a batch
   * @param decision neither {@link Decision.Granted} nor {@link Decision.Balance}
   */
  static ProblemException problem(String field, Ask ask, Decision decision) {
    return switch (decision) {
      case Decision.Refused refused -> refused(ask, refused);
      case Decision.StoreFull(String reason, Duration roomIn) ->
          new ProblemException(ProblemType.STORE_FULL, "no room for another key: " + reason)
              .retryAfter(roomIn);
      case Decision.StoreUnavailable(String reason, Duration retryAfter) ->
          new ProblemException(ProblemType.STORE_UNAVAILABLE, reason).retryAfter(retryAfter);
      case Decision.NotPossible(String name, Object value, String allowed) ->
          ProblemException.invalid(List.of(Asks.error(field + name, value, allowed)));
      case Decision.NoRoom(String reason) ->
          new ProblemException(ProblemType.OVERLOADED, reason).retryAfter(Asks.SOON);
      case Decision.Granted _, Decision.Balance _ ->
          throw new IllegalArgumentException("no refusal: " + decision);
    };
  }

  private static ProblemException refused(Ask ask, Decision.Refused refused) {
    return rateLimited(
            refused,
            ask.permits()
                + " permits are not to be had for this key within wait, under the limit "
                + RateLimitHeaders.policy(refused.quota()))
        .with("remaining", refused.remaining())
        .with("retryAfter", Durations.format(Millis.roundedUp(refused.retryAfter())));
  }

  /** The limit of one key is reached. */
  static ProblemException rateLimited(Decision.Refused refused, String detail) {
    return new ProblemException(ProblemType.RATE_LIMITED, detail)
        .header(RateLimitHeaders.POLICY, RateLimitHeaders.policy(refused.quota()))
        .header(
            RateLimitHeaders.LIMIT,
            RateLimitHeaders.limit(refused.quota(), refused.remaining(), refused.retryAfter()))
        .retryAfter(refused.retryAfter());
  }
}
