package dev.sluice.limiter.api;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.limiter.process.Algorithm;
import dev.sluice.limiter.process.Ask;
import dev.sluice.limiter.process.Invalid;
import dev.sluice.limiter.process.Limiter;
import dev.sluice.limiter.process.Terms;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.Quoted;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes of requests what the limiter is asked. */
@Singleton
class Asks {
  static final Duration SOON = Duration.ofSeconds(1);

  private final Limiter limiter;

  @Inject
  Asks(Limiter limiter) {
    this.limiter = limiter;
  }

  /** What the request asks. */
  static Ask of(PermitsRequest valid, @Nullable Duration maxWait) {
    return new Ask(
        valid.key(),
        permits(valid),
        under(valid),
        Objects.requireNonNullElse(maxWait, Duration.ZERO));
  }

  /** Which of the rules that the types cannot say the request breaks. */
  List<FieldError> broken(PermitsRequest request) {
    AcquireRequest.Limit own = request.limit();
    if (own == null && request.policy() == null) {
      return List.of(new FieldError("limit", null, "is required, or policy"));
    }
    if (own != null && request.policy() != null) {
      return List.of(new FieldError("limit", null, "must not be given together with policy"));
    }
    if (own == null || own.rate() != null) {
      try {
        limiter.check(under(request), permits(request));
      } catch (Invalid invalid) {
        return List.of(error(invalid));
      }
    }
    return List.of();
  }

  /** What is wrong with a wait. */
  Optional<FieldError> broken(@Nullable Duration maxWait) {
    return FieldError.outOfRange("wait", maxWait, Duration.ZERO, limiter.maxWait());
  }

  /**
   * Sends to the limiter.
   *
   * @throws ProblemException it does not take what is sent
   */
  static <T> Reply<T> send(Supplier<Reply<T>> sending) {
    try {
      return sending.get();
    } catch (Invalid invalid) {
      throw ProblemException.invalid(List.of(error(invalid)));
    } catch (ChannelClosedException closed) {
      throw new ProblemException(ProblemType.DRAINING, "the limiter takes no new requests", closed)
          .retryAfter(SOON);
    }
  }

  private static long permits(PermitsRequest request) {
    return Objects.requireNonNullElse(request.permits(), 1L);
  }

  private static Ask.Under under(PermitsRequest request) {
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

  private static FieldError error(Invalid invalid) {
    return error(invalid.field(), invalid.value(), invalid.allowed());
  }

  /**
   * What is wrong with a field.
   *
   * @param value null when it is missing
   */
  static FieldError error(String field, @Nullable Object value, String allowed) {
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
