package dev.sluice.limiter.api;

import dev.sluice.limiter.api.AcquireBatchAnswer.Missing;
import dev.sluice.limiter.api.AcquireBatchAnswer.Refused;
import dev.sluice.limiter.api.AcquireBatchAnswer.Result;
import dev.sluice.limiter.process.AllOrNone;
import dev.sluice.limiter.process.Ask;
import dev.sluice.limiter.process.Decision;
import dev.sluice.limiter.process.Limiter;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.Inputs;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Acquires permits: what HTTP and gRPC have in common. */
@Singleton
class AcquireOperation {
  private final Limiter limiter;
  private final Asks asks;
  private final Inputs inputs;

  @Inject
  AcquireOperation(Limiter limiter, Asks asks, Inputs inputs) {
    this.limiter = limiter;
    this.asks = asks;
    this.inputs = inputs;
  }

  /**
   * Permits of one key.
   *
   * @return the answer; fails with a {@link ProblemException} when the permits are refused
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  Pending<AcquireAnswer> acquire(AcquireRequest body) {
    AcquireRequest valid = inputs.valid(body, this::broken);
    Ask ask = Asks.of(valid, valid.maxWait());
    return Pending.of(
        Asks.send(() -> limiter.acquire(ask)),
        decision -> {
          if (decision instanceof Decision.Granted granted) {
            return AcquireAnswer.of(ask, granted);
          }
          throw Refusals.problem("", ask, decision);
        });
  }

  /**
   * Permits of several keys.
   *
   * @return the answer; when they belong together, fails with a {@link ProblemException} unless all
   *     are granted
   * @throws ProblemException as {@link #acquire}
   */
  Pending<AcquireBatchAnswer> acquire(AcquireBatchRequest body) {
    if (body.requests() != null) {
      inputs.batch("requests", body.requests());
    }
    AcquireBatchRequest valid = inputs.valid(body, this::broken);
    List<Ask> all = valid.requests().stream().map(each -> Asks.of(each, valid.maxWait())).toList();
    return switch (valid.mode()) {
      case EACH ->
          Pending.of(
              Asks.send(() -> limiter.acquireEach(all)), decisions -> answer(all, decisions));
      case ALL ->
          Pending.of(Asks.send(() -> limiter.acquireAll(all)), allOrNone -> answer(all, allOrNone));
    };
  }

  private List<FieldError> broken(AcquireRequest request) {
    var errors = new ArrayList<>(asks.broken(request));
    asks.broken(request.maxWait()).ifPresent(errors::add);
    return errors;
  }

  private List<FieldError> broken(AcquireBatchRequest batch) {
    var errors = new ArrayList<FieldError>();
    for (int i = 0; batch.requests() != null && i < batch.requests().size(); i++) {
      BalanceRequest request = batch.requests().get(i);
      if (request != null) {
        String field = field(i);
        asks.broken(request)
            .forEach(each ->
                errors.add(new FieldError(field + each.field(), each.value(), each.message())));
      }
    }
    asks.broken(batch.maxWait()).ifPresent(errors::add);
    return errors;
  }

  private static String field(int request) {
    return "requests[" + request + "].";
  }

  private static AcquireBatchAnswer answer(List<Ask> asks, List<Decision> decisions) {
    return new AcquireBatchAnswer(
        decisions.stream().allMatch(Decision.Granted.class::isInstance),
        IntStream.range(0, asks.size())
            .mapToObj(i -> result("", asks.get(i), decisions.get(i)))
            .toList());
  }

  private static Result result(String field, Ask ask, Decision decision) {
    return decision instanceof Decision.Granted granted
        ? AcquireAnswer.of(ask, granted)
        : Refused.of(ask.key(), Refusals.problem(field, ask, decision));
  }

  private static AcquireBatchAnswer answer(List<Ask> asks, AllOrNone allOrNone) {
    List<Decision> decisions = allOrNone.decisions();
    if (allOrNone.granted()) {
      return answer(asks, decisions);
    }
    for (int i = 0; i < asks.size(); i++) {
      if (!(decisions.get(i) instanceof Decision.Balance
          || decisions.get(i) instanceof Decision.Refused)) {
        throw Refusals.problem(field(i), asks.get(i), decisions.get(i));
      }
    }
    throw noneGranted(asks, decisions);
  }

  /** The one that would have to wait longest says how long. */
  private static ProblemException noneGranted(List<Ask> asks, List<Decision> decisions) {
    var refused = new ArrayList<Missing>();
    for (int i = 0; i < asks.size(); i++) {
      if (decisions.get(i) instanceof Decision.Refused each) {
        refused.add(
            new Missing(
                i, asks.get(i).key(), each.remaining(), Millis.roundedUp(each.retryAfter())));
      }
    }
    Decision.Refused last =
        decisions.stream()
            .filter(Decision.Refused.class::isInstance)
            .map(Decision.Refused.class::cast)
            .max(Comparator.comparing(Decision.Refused::retryAfter))
            .orElseThrow();
    return Refusals.rateLimited(
            last,
            "none of the "
                + asks.size()
                + " requests was granted: "
                + refused.size()
                + " are not to be had within wait")
        .with("retryAfter", Durations.format(Millis.roundedUp(last.retryAfter())))
        .with("refused", refused);
  }
}
