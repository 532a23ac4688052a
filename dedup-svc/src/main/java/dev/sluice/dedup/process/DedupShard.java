package dev.sluice.dedup.process;

import dev.sluice.csp.Shards;
import dev.sluice.dedup.process.DecisionMeter.Result;
import dev.sluice.dedup.process.DedupMessage.GetContents;
import dev.sluice.dedup.process.DedupMessage.GetStore;
import dev.sluice.dedup.process.DedupMessage.Request;
import dev.sluice.dedup.process.DedupMessage.Requests;
import dev.sluice.dedup.process.DedupMessage.Wake;
import dev.sluice.dedup.store.SeenOperation;
import dev.sluice.dedup.store.SeenOutcome;
import dev.sluice.dedup.store.SeenStore;
import dev.sluice.store.EpochClock;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides for the keys of one shard. It takes one request after the other, so of any number of
 * callers that come at once one is first. The store may answer later ({@link SeenStore}).
 *
 * <p>What has expired is swept between batches, a bounded number at a time, so that nobody waits
 * long for it.
 */
final class DedupShard implements Shards.Owner<DedupMessage> {
  private final SeenStore store;
  private final EpochClock clock;
  private final DecisionMeter meter;
  private long nextSweep;

  DedupShard(SeenStore store, EpochClock clock, DecisionMeter meter) {
    this.store = store;
    this.clock = clock;
    this.meter = meter;
    this.nextSweep = clock.nanos();
  }

  @Override
  public void handle(DedupMessage message) {
    switch (message) {
      case Request request -> ask(request);
      case Requests requests -> seeAll(requests);
      case GetStore(var reply) -> reply.complete(store.status());
      case GetContents(var reply) -> reply.complete(store.contents());
      case Wake() -> store.collect();
    }
  }

  @Override
  public @Nullable Duration tick() {
    store.collect();
    long now = clock.nanos();
    if (now >= nextSweep) {
      long pause = store.sweep(now);
      nextSweep = pause == Long.MAX_VALUE ? Long.MAX_VALUE : now + pause;
    }
    store.flush();
    return nextSweep == Long.MAX_VALUE ? null : Duration.ofNanos(Math.max(0, nextSweep - now));
  }

  @Override
  public boolean isIdle() {
    return !store.isWaiting();
  }

  private void ask(Request request) {
    boolean counts = request.operation() instanceof SeenOperation.See;
    long now = now();
    store.submit(
        request.operation(),
        now,
        outcome -> {
          if (counts) {
            meter.decided(result(outcome));
          }
          request.reply().complete(Decision.of(outcome));
        });
  }

  private void seeAll(Requests requests) {
    List<SeenOperation.See> all = requests.all();
    var decisions = new Decision[all.size()];
    int[] open = {all.size()}; // owned by this process, as all answers come on it
    long now = now();
    for (int i = 0; i < decisions.length; i++) {
      int place = i;
      store.submit(
          all.get(i),
          now,
          outcome -> {
            meter.decided(result(outcome));
            decisions[place] = Decision.of(outcome);
            if (--open[0] == 0) {
              requests.reply().complete(List.of(decisions));
            }
          });
    }
  }

  /** What the store is asked now it may have to sweep. */
  private long now() {
    long now = clock.nanos();
    nextSweep = nextSweep == Long.MAX_VALUE ? now : nextSweep;
    return now;
  }

  private static Result result(SeenOutcome outcome) {
    return switch (outcome) {
      case SeenOutcome.Seen seen -> seen.times() == 1 ? Result.FIRST : Result.DUPLICATE;
      case SeenOutcome.Failed(StoreFailure.Full _), SeenOutcome.Failed(StoreFailure.Busy _) ->
          Result.REFUSED;
      case SeenOutcome.Failed(StoreFailure.Unavailable _) -> Result.UNAVAILABLE;
      case SeenOutcome.Unknown _, SeenOutcome.Forgotten _, SeenOutcome.Counted _ ->
          throw new IllegalStateException("not an outcome of what was asked: " + outcome);
    };
  }
}
