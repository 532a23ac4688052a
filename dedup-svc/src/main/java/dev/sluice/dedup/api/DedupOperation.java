package dev.sluice.dedup.api;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.dedup.process.Ask;
import dev.sluice.dedup.process.Decision;
import dev.sluice.dedup.process.Deduplicator;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.Inputs;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Tells the first from the repeated: what HTTP and gRPC have in common. */
@Singleton
class DedupOperation {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Deduplicator deduplicator;
  private final Inputs inputs;

  @Inject
  DedupOperation(Deduplicator deduplicator, Inputs inputs) {
    this.deduplicator = deduplicator;
    this.inputs = inputs;
  }

  /**
   * @return the answer; fails with a {@link ProblemException} when there is no room
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  CompletionStage<DedupAnswer> dedup(DedupRequest body) {
    DedupRequest request = inputs.valid(body, this::broken);
    var ask = new Ask(request.namespace(), request.key(), request.ttl(), false);
    return send(ask).stage().thenApply(decision -> answer(ask, decision));
  }

  /** The rule that the type cannot say, for its bound is configured. */
  private List<FieldError> broken(DedupRequest request) {
    Duration ttl = request.ttl();
    Duration max = deduplicator.maxTtl();
    return ttl == null || ttl.isPositive() && ttl.compareTo(max) <= 0
        ? List.of()
        : List.of(error(ttl, max));
  }

  private static FieldError error(Duration ttl, Duration max) {
    return FieldError.of("ttl", ttl, "must be more than 0 and at most " + Durations.format(max));
  }

  private Reply<Decision> send(Ask ask) {
    try {
      return deduplicator.see(ask);
    } catch (Ask.InvalidTtl invalid) {
      throw ProblemException.invalid(List.of(error(invalid.ttl(), invalid.max())));
    } catch (ChannelClosedException closed) {
      throw new ProblemException(
              ProblemType.DRAINING, "the deduplicator takes no new requests", closed)
          .retryAfter(SOON);
    }
  }

  private static DedupAnswer answer(Ask ask, Decision decision) {
    return switch (decision) {
      case Decision.Sighting sighting -> DedupAnswer.of(ask.key(), sighting);
      case Decision.StoreFull(String reason, Duration roomIn) ->
          throw new ProblemException(ProblemType.STORE_FULL, "no room for another key: " + reason)
              .retryAfter(roomIn);
      case Decision.NoRoom(String reason) ->
          throw new ProblemException(ProblemType.OVERLOADED, reason).retryAfter(SOON);
      case Decision.StoreUnavailable(String reason, Duration retryAfter) ->
          throw new ProblemException(ProblemType.STORE_UNAVAILABLE, reason).retryAfter(retryAfter);
      case Decision.Unknown _, Decision.Forgotten _, Decision.Counted _ ->
          throw new IllegalStateException("not an answer to what was asked: " + decision);
    };
  }
}
