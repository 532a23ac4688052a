package dev.sluice.limiter.api.permits;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.limiter.api.Millis;
import dev.sluice.limiter.process.Invalid;
import dev.sluice.limiter.process.permits.LeaseAsk;
import dev.sluice.limiter.process.permits.LeaseDecision;
import dev.sluice.limiter.process.permits.LeaseSettings;
import dev.sluice.limiter.process.permits.Leases;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Leases: what HTTP and gRPC have in common. */
@Singleton
class PermitsOperation {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Leases leases;
  private final Inputs inputs;

  @Inject
  PermitsOperation(Leases leases, Inputs inputs) {
    this.leases = leases;
    this.inputs = inputs;
  }

  /**
   * @return the answer; fails with a {@link ProblemException} when there is no lease
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  Pending<LeaseAnswer> acquire(LeaseRequest body) {
    LeaseAsk ask = ask(inputs.valid(body, this::broken));
    return Pending.of(sent(() -> leases.acquire(ask)), decision -> granted(ask, decision));
  }

  /** As {@link #acquire}; not-found when there is no such lease any more. */
  Pending<RenewAnswer> renew(String lease, RenewRequest body) {
    Duration ttl = inputs.valid(body, request -> ttlErrors(request.ttl())).ttl();
    return Pending.of(
        sent(() -> leases.renew(lease, ttl)),
        decision ->
            decision instanceof LeaseDecision.Renewed renewed
                ? RenewAnswer.of(lease, renewed)
                : otherwise(lease, decision));
  }

  /** As {@link #renew}; the answer is the lease. */
  Pending<String> release(String lease) {
    return Pending.of(
        sent(() -> leases.release(lease)),
        decision ->
            decision instanceof LeaseDecision.Released ? lease : otherwise(lease, decision));
  }

  /** As {@link #acquire}. */
  Pending<LeasesAnswer> look(LeasesQuery query) {
    LeasesQuery valid = inputs.valid(query, PermitsOperation::broken);
    return Pending.of(
        sent(() -> leases.look(valid.policy(), valid.key(), valid.limit())),
        decision ->
            decision instanceof LeaseDecision.Held held
                ? LeasesAnswer.of(valid.key(), held)
                : otherwise("", decision));
  }

  /** The rules that the types cannot say. */
  private List<FieldError> broken(LeaseRequest request) {
    var errors = new ArrayList<FieldError>();
    if (request.limit() == null && request.policy() == null) {
      errors.add(new FieldError("limit", null, "is required, or policy"));
    } else {
      oneOf(request.policy(), request.limit())
          .ifPresentOrElse(errors::add, () -> check(request, errors));
    }
    errors.addAll(ttlErrors(request.ttl()));
    FieldError.outOfRange("wait", request.maxWait(), Duration.ZERO, leases.maxWait())
        .ifPresent(errors::add);
    inputs.keyError("holder", request.holder()).ifPresent(errors::add);
    return errors;
  }

  private void check(LeaseRequest request, List<FieldError> errors) {
    try {
      leases.check(under(request), permits(request));
    } catch (Invalid invalid) {
      errors.add(error(invalid.field(), invalid.value(), invalid.allowed()));
    }
  }

  private List<FieldError> ttlErrors(@Nullable Duration ttl) {
    return FieldError.outOfRange("ttl", ttl, LeaseSettings.MIN_TTL, leases.maxTtl()).stream()
        .toList();
  }

  private static List<FieldError> broken(LeasesQuery query) {
    return oneOf(query.policy(), query.limit()).stream().toList();
  }

  private static Optional<FieldError> oneOf(@Nullable String policy, @Nullable Long limit) {
    return policy == null || limit == null
        ? Optional.empty()
        : Optional.of(new FieldError("limit", null, "must not be given together with policy"));
  }

  private static LeaseAsk ask(LeaseRequest valid) {
    return new LeaseAsk(
        valid.key(),
        permits(valid),
        under(valid),
        valid.ttl(),
        Objects.requireNonNullElse(valid.maxWait(), Duration.ZERO),
        valid.holder());
  }

  private static long permits(LeaseRequest request) {
    return Objects.requireNonNullElse(request.permits(), 1L);
  }

  private static LeaseAsk.Under under(LeaseRequest request) {
    return request.limit() == null
        ? new LeaseAsk.Under.Policy(Objects.requireNonNull(request.policy()))
        : new LeaseAsk.Under.Limit(request.limit());
  }

  private static Reply<LeaseDecision> sent(Supplier<Reply<LeaseDecision>> ask) {
    try {
      return ask.get();
    } catch (Invalid invalid) {
      throw ProblemException.invalid(
          List.of(error(invalid.field(), invalid.value(), invalid.allowed())));
    } catch (ChannelClosedException closed) {
      throw new ProblemException(ProblemType.DRAINING, "the limiter takes no new requests", closed)
          .retryAfter(SOON);
    }
  }

  private static LeaseAnswer granted(LeaseAsk ask, LeaseDecision decision) {
    if (decision instanceof LeaseDecision.Refused refused) {
      throw refused(ask, refused);
    }
    return decision instanceof LeaseDecision.Granted granted
        ? LeaseAnswer.of(ask, granted)
        : otherwise("", decision);
  }

  private static ProblemException refused(LeaseAsk ask, LeaseDecision.Refused refused) {
    return new ProblemException(
            ProblemType.RATE_LIMITED,
            ask.permits()
                + " permits are not to be had for this key within wait, of "
                + refused.limit()
                + " that may be out")
        .with("limit", refused.limit())
        .with("remaining", refused.remaining())
        .with("retryAfter", Durations.format(Millis.roundedUp(refused.retryAfter())))
        .retryAfter(refused.retryAfter());
  }

  /** What any operation may meet. */
  private static <T> T otherwise(String lease, LeaseDecision decision) {
    throw switch (decision) {
      case LeaseDecision.Unknown() ->
          new ProblemException(
              ProblemType.NOT_FOUND,
              "there is no lease " + Quoted.of(lease) + ": it never was, or has ended");
      case LeaseDecision.NotPossible(String field, Object value, String allowed) ->
          ProblemException.invalid(List.of(error(field, value, allowed)));
      case LeaseDecision.StoreFull(String reason, Duration roomIn) ->
          new ProblemException(ProblemType.STORE_FULL, "no room for another lease: " + reason)
              .retryAfter(roomIn);
      case LeaseDecision.StoreUnavailable(String reason, Duration retryAfter) ->
          new ProblemException(ProblemType.STORE_UNAVAILABLE, reason).retryAfter(retryAfter);
      case LeaseDecision.NoRoom(String reason) ->
          new ProblemException(ProblemType.OVERLOADED, reason).retryAfter(SOON);
      case LeaseDecision.Granted _,
          LeaseDecision.Refused _,
          LeaseDecision.Renewed _,
          LeaseDecision.Released _,
          LeaseDecision.Held _ ->
          throw new IllegalStateException("not an answer to what was asked: " + decision);
    };
  }

  private static FieldError error(String field, @Nullable Object value, String allowed) {
    return value == null
        ? new FieldError(field, null, allowed)
        : FieldError.of(field, value, allowed);
  }
}
