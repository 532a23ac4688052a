package dev.sluice.dedup.api;

import dev.sluice.dedup.process.Decision;
import dev.sluice.dedup.process.Deduplicator;
import dev.sluice.service.Inputs;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.Quoted;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Tells of keys, and forgets them: what HTTP and gRPC have in common. */
@Singleton
class KeyOperation {
  private final Deduplicator deduplicator;
  private final Inputs inputs;

  @Inject
  KeyOperation(Deduplicator deduplicator, Inputs inputs) {
    this.deduplicator = deduplicator;
    this.inputs = inputs;
  }

  /**
   * What is known of a key; counts nothing.
   *
   * @return fails with not-found when the key is not within a window
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  Pending<PeekAnswer> peek(KeyRequest body) {
    KeyRequest request = inputs.valid(body);
    return Pending.of(
        Refusals.send(() -> deduplicator.peek(request.namespace(), request.key())),
        decision -> {
          if (decision instanceof Decision.Sighting sighting) {
            return PeekAnswer.of(request.key(), sighting);
          }
          throw problem(request, decision);
        });
  }

  /**
   * Ends a key's window.
   *
   * @return the key; fails with not-found when it is not within a window
   * @throws ProblemException as {@link #peek}
   */
  Pending<KeyRequest> forget(KeyRequest body) {
    KeyRequest request = inputs.valid(body);
    return Pending.of(
        Refusals.send(() -> deduplicator.forget(request.namespace(), request.key())),
        decision -> {
          if (decision instanceof Decision.Forgotten) {
            return request;
          }
          throw problem(request, decision);
        });
  }

  /**
   * Counts the keys of a namespace.
   *
   * @throws ProblemException as {@link #peek}
   */
  Pending<CountAnswer> count(String namespace) {
    String valid = inputs.key("namespace", namespace);
    return Pending.of(
        Refusals.send(() -> deduplicator.count(valid)),
        decision -> {
          if (decision instanceof Decision.Counted(long keys)) {
            return new CountAnswer(valid, keys);
          }
          throw Refusals.problem(decision);
        });
  }

  private static ProblemException problem(KeyRequest request, Decision decision) {
    return decision instanceof Decision.Unknown
        ? new ProblemException(
            ProblemType.NOT_FOUND,
            "the key "
                + Quoted.of(request.key())
                + " is not within a window in the namespace "
                + Quoted.of(request.namespace()))
        : Refusals.problem(decision);
  }
}
