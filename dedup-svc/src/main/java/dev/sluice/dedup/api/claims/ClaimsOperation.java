package dev.sluice.dedup.api.claims;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.dedup.process.claims.ClaimAsk;
import dev.sluice.dedup.process.claims.ClaimDecision;
import dev.sluice.dedup.process.claims.Claims;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.Inputs;
import dev.sluice.service.Keys;
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

/** Idempotency claims: what HTTP and gRPC have in common. */
@Singleton
class ClaimsOperation {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final int FINGERPRINT_BYTES = 256;

  private final Claims claims;
  private final Inputs inputs;

  @Inject
  ClaimsOperation(Claims claims, Inputs inputs) {
    this.claims = claims;
    this.inputs = inputs;
  }

  /**
   * @return the answer; fails with a {@link ProblemException} when the key is neither the caller's
   *     nor done with
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  Pending<ClaimAnswer> claim(ClaimRequest body) {
    ClaimRequest valid = inputs.valid(body, this::broken);
    return Pending.of(sent(() -> claims.claim(ask(valid))), ClaimsOperation::claimed);
  }

  /** As {@link #claim}; claim-lost when the claim is no longer the caller's. */
  Pending<ClaimAnswer> complete(String id, CompleteRequest body) {
    ResponseBody.Checked response = checked(body);
    CompleteRequest valid = inputs.valid(body, _ -> response.errors());
    return Pending.of(
        sent(() -> claims.complete(id, valid.token(), response.good())),
        decision ->
            decision instanceof ClaimDecision.Completed completed
                ? ClaimAnswer.done(id, completed)
                : otherwise(id, decision));
  }

  /** As {@link #complete}; the answer is the claim. */
  Pending<String> abort(String id, AbortRequest body) {
    String token = Objects.requireNonNull(inputs.valid(body).token());
    return Pending.of(
        sent(() -> claims.abort(id, token)),
        decision -> decision instanceof ClaimDecision.Aborted ? id : otherwise(id, decision));
  }

  /** As {@link #complete}. */
  Pending<ClaimAnswer> renew(String id, RenewRequest body) {
    RenewRequest valid =
        inputs.valid(body, request -> ClaimTimes.leaseErrors(request.lease(), claims));
    Duration lease = ClaimTimes.lease(valid.lease(), claims);
    return Pending.of(
        sent(() -> claims.renew(id, valid.token(), lease)),
        decision ->
            decision instanceof ClaimDecision.Renewed renewed
                ? ClaimAnswer.of(id, renewed)
                : otherwise(id, decision));
  }

  /** The rules that the types cannot say. */
  private List<FieldError> broken(ClaimRequest request) {
    var errors = new ArrayList<>(ClaimTimes.errors(request, claims));
    FieldError.outOfRange("wait", request.maxWait(), Duration.ZERO, claims.maxWait())
        .ifPresent(errors::add);
    fingerprintError(request.fingerprint()).ifPresent(errors::add);
    return errors;
  }

  private static Optional<FieldError> fingerprintError(@Nullable String fingerprint) {
    return fingerprint == null
        ? Optional.empty()
        : Optional.ofNullable(Keys.complaint(fingerprint, FINGERPRINT_BYTES))
            .map(complaint -> FieldError.of("fingerprint", fingerprint, complaint));
  }

  private ResponseBody.Checked checked(CompleteRequest request) {
    return request.response() == null
        ? new ResponseBody.Checked(null, List.of()) // its constraint says so
        : request.response().checked(claims.maxResponse());
  }

  private ClaimAsk ask(ClaimRequest valid) {
    ClaimTimes times = ClaimTimes.of(valid, claims);
    return new ClaimAsk(
        valid.namespace(),
        valid.key(),
        times.lease(),
        times.ttl(),
        valid.fingerprint(),
        Objects.requireNonNullElse(valid.maxWait(), Duration.ZERO));
  }

  private static Reply<ClaimDecision> sent(Supplier<Reply<ClaimDecision>> ask) {
    try {
      return ask.get();
    } catch (ChannelClosedException closed) {
      throw draining();
    }
  }

  private static ClaimAnswer claimed(ClaimDecision decision) {
    return switch (decision) {
      case ClaimDecision.Claimed claimed -> ClaimAnswer.of(claimed);
      case ClaimDecision.Completed completed -> ClaimAnswer.replay(completed);
      case ClaimDecision.InProgress(Duration retryAfter) -> throw inProgress(retryAfter);
      case ClaimDecision.Mismatch() ->
          throw new ProblemException(
                  ProblemType.CLAIM_MISMATCH,
                  "the key has come with another fingerprint before, and belongs to that request")
              .with("state", "mismatch");
      case ClaimDecision.Renewed _,
          ClaimDecision.Aborted _,
          ClaimDecision.Lost _,
          ClaimDecision.Unknown _,
          ClaimDecision.StoreFull _,
          ClaimDecision.StoreUnavailable _,
          ClaimDecision.NoRoom _,
          ClaimDecision.Draining _ ->
          otherwise("", decision);
    };
  }

  private static ProblemException inProgress(Duration retryAfter) {
    Duration millis = Duration.ofMillis(Math.ceilDiv(retryAfter.toNanos(), 1_000_000));
    return new ProblemException(
            ProblemType.CLAIM_IN_PROGRESS,
            "another caller has claimed the key, and had not completed it within wait")
        .with("state", "in-progress")
        .with("retryAfter", Durations.format(millis))
        .retryAfter(retryAfter);
  }

  /** What any operation may meet. */
  private static <T> T otherwise(String id, ClaimDecision decision) {
    throw switch (decision) {
      case ClaimDecision.Lost() ->
          new ProblemException(
              ProblemType.CLAIM_LOST,
              "the claim is no longer this token's: its lease has run out, or it has been"
                  + " completed or aborted");
      case ClaimDecision.Unknown() ->
          new ProblemException(ProblemType.NOT_FOUND, "there is no claim " + Quoted.of(id));
      case ClaimDecision.StoreFull(String reason, Duration roomIn) ->
          new ProblemException(ProblemType.STORE_FULL, "no room: " + reason).retryAfter(roomIn);
      case ClaimDecision.StoreUnavailable(String reason, Duration retryAfter) ->
          new ProblemException(ProblemType.STORE_UNAVAILABLE, reason).retryAfter(retryAfter);
      case ClaimDecision.NoRoom(String reason) ->
          new ProblemException(ProblemType.OVERLOADED, reason).retryAfter(SOON);
      case ClaimDecision.Draining() -> draining();
      case ClaimDecision.Claimed _,
          ClaimDecision.Completed _,
          ClaimDecision.InProgress _,
          ClaimDecision.Mismatch _,
          ClaimDecision.Renewed _,
          ClaimDecision.Aborted _ ->
          throw new IllegalStateException("not an answer to what was asked: " + decision);
    };
  }

  private static ProblemException draining() {
    return new ProblemException(
            ProblemType.DRAINING, "the deduplicator is stopping and grants no claims")
        .retryAfter(SOON);
  }
}
