package dev.sluice.dedup.api;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.dedup.process.Ask;
import dev.sluice.dedup.process.Decision;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is answered to one whose request was not carried out. */
final class Refusals {
  private static final Duration SOON = Duration.ofSeconds(1);

  private Refusals() {}

  /**
   * Sends to the deduplicator.
   *
   * @throws ProblemException it does not take what is sent
   */
  static <T> Reply<T> send(Supplier<Reply<T>> sending) {
    try {
      return sending.get();
    } catch (Ask.InvalidTtl invalid) {
      throw ProblemException.invalid(List.of(ttlError("ttl", invalid.ttl(), invalid.max())));
    } catch (ChannelClosedException closed) {
      throw new ProblemException(
              ProblemType.DRAINING, "the deduplicator takes no new requests", closed)
          .retryAfter(SOON);
    }
  }

  /** The problem that a decision is which is no answer to what was asked. */
  static ProblemException problem(Decision decision) {
    return switch (decision) {
      case Decision.StoreFull(String reason, Duration roomIn) ->
          new ProblemException(ProblemType.STORE_FULL, "no room for another key: " + reason)
              .retryAfter(roomIn);
      case Decision.NoRoom(String reason) ->
          new ProblemException(ProblemType.OVERLOADED, reason).retryAfter(SOON);
      case Decision.StoreUnavailable(String reason, Duration retryAfter) ->
          new ProblemException(ProblemType.STORE_UNAVAILABLE, reason).retryAfter(retryAfter);
      case Decision.Sighting _, Decision.Unknown _, Decision.Forgotten _, Decision.Counted _ ->
          throw new IllegalStateException("not an answer to what was asked: " + decision);
    };
  }

  /** What is wrong with a window; null is for others to complain of. */
  static Optional<FieldError> brokenTtl(@Nullable Duration ttl, Duration max) {
    return ttl == null || (ttl.isPositive() && ttl.compareTo(max) <= 0)
        ? Optional.empty()
        : Optional.of(ttlError("ttl", ttl, max));
  }

  private static FieldError ttlError(String field, Duration ttl, Duration max) {
    return FieldError.of(field, ttl, "must be more than 0 and at most " + Durations.format(max));
  }
}
