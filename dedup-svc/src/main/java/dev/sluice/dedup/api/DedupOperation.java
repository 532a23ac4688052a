package dev.sluice.dedup.api;

import dev.sluice.dedup.api.DedupBatchAnswer.Result;
import dev.sluice.dedup.api.DedupBatchAnswer.Undecided;
import dev.sluice.dedup.process.Ask;
import dev.sluice.dedup.process.Decision;
import dev.sluice.dedup.process.Deduplicator;
import dev.sluice.service.Inputs;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Tells the first from the repeated: what HTTP and gRPC have in common. */
@Singleton
class DedupOperation {
  private final Deduplicator deduplicator;
  private final Inputs inputs;

  @Inject
  DedupOperation(Deduplicator deduplicator, Inputs inputs) {
    this.deduplicator = deduplicator;
    this.inputs = inputs;
  }

  /**
   * One key.
   *
   * @return the answer; fails with a {@link ProblemException} when there is no room
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  Pending<DedupAnswer> dedup(DedupRequest body) {
    DedupRequest request =
        inputs.valid(
            body, each -> Refusals.brokenTtl(each.ttl(), deduplicator.maxTtl()).stream().toList());
    var ask = new Ask(request.namespace(), request.key(), request.ttl(), request.extend());
    return Pending.of(
        Refusals.send(() -> deduplicator.see(ask)),
        decision -> {
          if (decision instanceof Decision.Sighting sighting) {
            return DedupAnswer.of(ask.key(), sighting);
          }
          throw Refusals.problem(decision);
        });
  }

  /**
   * Several keys, each for itself.
   *
   * @return the answers
   * @throws ProblemException as {@link #dedup(DedupRequest)}; then none is seen
   */
  Pending<DedupBatchAnswer> dedup(DedupBatchRequest body) {
    List<Ask> asks = new BatchAsks(inputs, deduplicator.maxTtl()).of(body);
    return Pending.of(
        Refusals.send(() -> deduplicator.seeAll(asks)), decisions -> answer(asks, decisions));
  }

  private static DedupBatchAnswer answer(List<Ask> asks, List<Decision> decisions) {
    var results = new ArrayList<Result>(asks.size());
    for (int i = 0; i < asks.size(); i++) {
      results.add(result(asks.get(i).key(), decisions.get(i)));
    }
    return new DedupBatchAnswer(results);
  }

  private static Result result(String key, Decision decision) {
    return decision instanceof Decision.Sighting sighting
        ? DedupAnswer.of(key, sighting)
        : Undecided.of(key, Refusals.problem(decision));
  }
}
