package dev.sluice.limiter.api;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.limiter.process.Ask;
import dev.sluice.limiter.process.Decision;
import dev.sluice.limiter.process.Limiter;
import dev.sluice.service.Durations;
import dev.sluice.service.Inputs;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Acquires permits: what HTTP and gRPC have in common. */
@Singleton
class AcquireOperation {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Limiter limiter;
  private final Inputs inputs;

  @Inject
  AcquireOperation(Limiter limiter, Inputs inputs) {
    this.limiter = limiter;
    this.inputs = inputs;
  }

  /**
   * @return the answer; fails with a {@link ProblemException} when the permits are refused
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  CompletionStage<AcquireAnswer> acquire(AcquireRequest body) {
    Ask ask = ask(inputs.valid(body));
    return send(ask).stage().thenApply(decision -> answer(ask, decision));
  }

  private static Ask ask(AcquireRequest request) {
    return new Ask(
        request.key(),
        Objects.requireNonNullElse(request.permits(), 1L),
        terms(request),
        Objects.requireNonNullElse(request.maxWait(), Duration.ZERO));
  }

  private static Ask.Terms terms(AcquireRequest request) {
    String policy = request.policy();
    AcquireRequest.Terms own = request.limit();
    if (policy != null && own == null) {
      return new Ask.Terms.Policy(policy);
    }
    if (own != null && policy == null) {
      return new Ask.Terms.Inline(
          own.rate(), own.per(), Objects.requireNonNullElse(own.burst(), own.rate()));
    }
    throw new ProblemException(
        ProblemType.INVALID_INPUT,
        own == null ? "policy or limit is required" : "give policy or limit, not both");
  }

  private Reply<Decision> send(Ask ask) {
    try {
      return limiter.acquire(ask);
    } catch (Ask.Invalid invalid) {
      throw ProblemException.invalid(invalid.field(), shown(invalid.value()), invalid.allowed());
    } catch (ChannelClosedException closed) {
      throw new ProblemException(ProblemType.DRAINING, "the limiter takes no new requests", closed)
          .retryAfter(SOON);
    }
  }

  private static AcquireAnswer answer(Ask ask, Decision decision) {
    return switch (decision) {
      case Decision.Granted granted -> AcquireAnswer.of(ask.key(), ask.permits(), granted);
      case Decision.Refused refused -> throw refused(ask, refused);
      case Decision.NoRoom(String reason) ->
          throw new ProblemException(ProblemType.OVERLOADED, reason).retryAfter(SOON);
    };
  }

  private static ProblemException refused(Ask ask, Decision.Refused refused) {
    String policy = RateLimitHeaders.policy(refused.quota());
    return new ProblemException(
            ProblemType.RATE_LIMITED,
            ask.permits()
                + " permits are not to be had for this key within wait, under the limit "
                + policy)
        .with("remaining", refused.remaining())
        .with("retryAfter", Durations.format(wholeMillis(refused.retryAfter())))
        .header(RateLimitHeaders.POLICY, policy)
        .header(
            RateLimitHeaders.LIMIT,
            RateLimitHeaders.limit(refused.quota(), refused.remaining(), refused.retryAfter()))
        .retryAfter(refused.retryAfter());
  }

  private static Duration wholeMillis(Duration duration) {
    return duration.plusNanos(999_999).truncatedTo(ChronoUnit.MILLIS);
  }

  private static Object shown(Object value) {
    return value instanceof Duration duration ? Durations.format(duration) : value;
  }
}
