package dev.sluice.limiter.api;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.limiter.process.Algorithm;
import dev.sluice.limiter.process.Ask;
import dev.sluice.limiter.process.Decision;
import dev.sluice.limiter.process.Invalid;
import dev.sluice.limiter.process.Limiter;
import dev.sluice.limiter.process.Terms;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.Inputs;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.Quoted;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
  Pending<AcquireAnswer> acquire(AcquireRequest body) {
    Ask ask = ask(inputs.valid(body, this::broken));
    return Pending.of(send(ask), decision -> answer(ask, decision));
  }

  /** The rules that the types cannot say. */
  private List<FieldError> broken(AcquireRequest request) {
    var errors = new ArrayList<FieldError>();
    AcquireRequest.Limit own = request.limit();
    if (own == null && request.policy() == null) {
      errors.add(new FieldError("limit", null, "is required, or policy"));
    } else if (own != null && request.policy() != null) {
      errors.add(new FieldError("limit", null, "must not be given together with policy"));
    } else if (own == null || own.rate() != null) {
      try {
        limiter.check(under(request), permits(request));
      } catch (Invalid invalid) {
        errors.add(error(invalid));
      }
    }
    FieldError.outOfRange("wait", request.maxWait(), Duration.ZERO, limiter.maxWait())
        .ifPresent(errors::add);
    return errors;
  }

  private static Ask ask(AcquireRequest valid) {
    return new Ask(
        valid.key(),
        permits(valid),
        under(valid),
        Objects.requireNonNullElse(valid.maxWait(), Duration.ZERO));
  }

  private static long permits(AcquireRequest request) {
    return Objects.requireNonNullElse(request.permits(), 1L);
  }

  private static Ask.Under under(AcquireRequest request) {
    AcquireRequest.Limit own = request.limit();
    return own == null
        ? new Ask.Under.Policy(Objects.requireNonNull(request.policy()))
        : new Ask.Under.Inline(
            new Terms(
                Objects.requireNonNullElse(own.algorithm(), Algorithm.TOKEN_BUCKET),
                own.rate(),
                own.per(),
                own.unit(),
                own.burst()));
  }

  private Reply<Decision> send(Ask ask) {
    try {
      return limiter.acquire(ask);
    } catch (Invalid invalid) {
      throw ProblemException.invalid(List.of(error(invalid)));
    } catch (ChannelClosedException closed) {
      throw new ProblemException(ProblemType.DRAINING, "the limiter takes no new requests", closed)
          .retryAfter(SOON);
    }
  }

  private static AcquireAnswer answer(Ask ask, Decision decision) {
    return switch (decision) {
      case Decision.Granted granted -> AcquireAnswer.of(ask.key(), ask.permits(), granted);
      case Decision.Refused refused -> throw refused(ask, refused);
      case Decision.StoreFull(String reason, Duration roomIn) ->
          throw new ProblemException(ProblemType.STORE_FULL, "no room for another key: " + reason)
              .retryAfter(roomIn);
      case Decision.StoreUnavailable(String reason, Duration retryAfter) ->
          throw new ProblemException(ProblemType.STORE_UNAVAILABLE, reason).retryAfter(retryAfter);
      case Decision.NotPossible(String field, Object value, String allowed) ->
          throw ProblemException.invalid(List.of(error(field, value, allowed)));
      case Decision.Balance balance -> throw new IllegalStateException("no decision: " + balance);
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

  private static FieldError error(Invalid invalid) {
    return error(invalid.field(), invalid.value(), invalid.allowed());
  }

  private static FieldError error(String field, @Nullable Object value, String allowed) {
    return switch (value) {
      case null -> new FieldError(field, null, allowed);
      case Terms terms -> new FieldError(field, json(terms), allowed);
      default -> FieldError.of(field, value, allowed);
    };
  }

  /** As the caller would write it. */
  private static String json(Terms terms) {
    var text = new StringBuilder("{\"rate\":").append(terms.rate());
    if (terms.per() != null) {
      text.append(",\"per\":\"").append(Durations.format(terms.per())).append('"');
    }
    if (terms.unit() != null) {
      text.append(",\"unit\":").append(Quoted.of(terms.unit()));
    }
    if (terms.burst() != null) {
      text.append(",\"burst\":").append(terms.burst());
    }
    return text.append('}').toString();
  }
}
