package dev.sluice.limiter.process;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.limiter.process.Decision.Granted;
import dev.sluice.limiter.process.Decision.Why;
import dev.sluice.limiter.process.LimiterMessage.Request;
import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.EpochClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Asks for the permits of several keys in one. What goes to one shard is handled there in one go.
 * For all or none the shards are asked one after the other, always in the same order, so that of
 * two calls for the same keys one gets them.
 *
 * <pre>
 *   each:         shard 0, 1, 2 at once
 *   all or none:  look at shard 0, 1, 2 at once; if everything is to be had in time,
 *                 take from shard 0 --&gt; shard 1 --&gt; shard 2; when one refuses, give back
 * </pre>
 */
final class Batch {
  private final Limiter limiter;
  private final EpochClock clock;

  Batch(Limiter limiter, EpochClock clock) {
    this.limiter = limiter;
    this.clock = clock;
  }

  /**
   * Each for itself.
   *
   * @throws ChannelClosedException the limiter takes no more requests
   */
  Reply<List<Decision>> each(List<Ask> asks) {
    List<Request> requests = send(asks, Kind.ACQUIRE);
    var reply = new Reply<List<Decision>>();
    abandonTogether(reply, requests);
    CompletableFuture<List<Decision>> result = decisions(requests);
    result.exceptionally(_ -> { // nobody gets the whole, so nobody has what was granted of it
      giveBack(requests);
      return List.of();
    });
    answer(reply, result, _ -> giveBack(requests));
    return reply;
  }

  /**
   * All of them or none.
   *
   * @throws ChannelClosedException the limiter takes no more requests
   */
  Reply<AllOrNone> all(List<Ask> asks, Duration maxWait) {
    long deadline = clock.nanos() + maxWait.toNanos();
    List<Request> looks = send(asks, Kind.PEEK);
    var reply = new Reply<AllOrNone>();
    CompletableFuture<AllOrNone> result =
        decisions(looks)
            .thenCompose(seen -> {
              List<Decision> judged = seen.stream().map(each -> judged(each, maxWait)).toList();
              return judged.stream().allMatch(Batch::isOpen)
                  ? new Taking(asks, judged, byShard(asks), deadline, reply).from(0, judged)
                  : CompletableFuture.completedFuture(new AllOrNone(false, judged));
            });
    answer(reply, result, all -> giveBack(asks, all.decisions()));
    return reply;
  }

  /** A look that has shown that the permits are not to be had in time is a refusal. */
  private static Decision judged(Decision seen, Duration maxWait) {
    return seen instanceof Decision.Balance balance
            && !balance.shadow()
            && balance.retryAfter().compareTo(maxWait) > 0
        ? new Decision.Refused(balance.quota(), balance.remaining(), balance.retryAfter())
        : seen;
  }

  /** Whether asking may help: what the engine's silence means is the policy's choice. */
  private static boolean isOpen(Decision judged) {
    return judged instanceof Decision.Balance || judged instanceof Decision.StoreUnavailable;
  }

  /** The places in the list of those that each shard owns, in the order of the shards. */
  private List<List<Integer>> byShard(List<Ask> asks) {
    var places = new TreeMap<Integer, List<Integer>>();
    for (int i = 0; i < asks.size(); i++) {
      places.computeIfAbsent(limiter.shardOf(asks.get(i)), _ -> new ArrayList<>()).add(i);
    }
    return List.copyOf(places.values());
  }

  /** Takes from one shard after the other. */
  private final class Taking {
    private final List<Ask> asks;
    private final List<Decision> seen;
    private final List<List<Integer>> shards;
    private final long deadline;
    private final Reply<?> reply;

    /**
     * @param seen what the look has shown
     * @param shards the places of each shard's asks
     * @param reply is abandoned when the caller has gone
     */
    Taking(
        List<Ask> asks,
        List<Decision> seen,
        List<List<Integer>> shards,
        long deadline,
        Reply<?> reply) {
      this.asks = asks;
      this.seen = seen;
      this.shards = shards;
      this.deadline = deadline;
      this.reply = reply;
    }

    /**
     * Takes from this shard and those behind it.
     *
     * @param before what has been decided until now
     */
    CompletableFuture<AllOrNone> from(int shard, List<Decision> before) {
      if (shard == shards.size()) {
        return CompletableFuture.completedFuture(new AllOrNone(true, before));
      }
      List<Integer> places = shards.get(shard);
      List<Request> requests;
      try {
        requests = send(places.stream().map(this::ask).toList(), Kind.ACQUIRE);
      } catch (ChannelClosedException ending) {
        return CompletableFuture.failedFuture(ending); // nobody could take anything back either
      }
      abandonTogether(reply, requests);
      return decisions(requests)
          .handle((got, failure) -> {
            if (failure != null) {
              giveBack(requests);
              giveBack(asks, before);
              throw new CompletionException(cause(failure));
            }
            List<Decision> decisions = merged(before, places, got);
            return got.stream().allMatch(Granted.class::isInstance)
                ? from(shard + 1, decisions)
                : CompletableFuture.completedFuture(none(decisions));
          })
          .thenCompose(next -> next);
    }

    /** With the wait that is left. */
    private Ask ask(int place) {
      Ask ask = asks.get(place);
      Duration left = Duration.ofNanos(Math.max(0, deadline - clock.nanos()));
      return new Ask(ask.key(), ask.permits(), ask.under(), left);
    }

    private AllOrNone none(List<Decision> decisions) {
      giveBack(asks, decisions);
      return new AllOrNone(
          false,
          IntStream.range(0, decisions.size())
              .mapToObj(i -> decisions.get(i) instanceof Granted ? seen.get(i) : decisions.get(i))
              .toList());
    }
  }

  private static List<Decision> merged(
      List<Decision> before, List<Integer> places, List<Decision> got) {
    List<Decision> merged = new ArrayList<>(before);
    for (int i = 0; i < places.size(); i++) {
      merged.set(places.get(i), got.get(i));
    }
    return merged;
  }

  private List<Request> send(List<Ask> asks, Kind kind) {
    List<Request> requests = asks.stream().map(ask -> limiter.request(ask, kind)).toList();
    limiter.send(requests);
    return requests;
  }

  private static CompletableFuture<List<Decision>> decisions(List<Request> requests) {
    CompletableFuture<?>[] stages =
        requests.stream()
            .map(each -> each.reply().stage().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(stages)
        .thenApply(_ ->
            requests.stream()
                .map(each -> each.reply().stage().toCompletableFuture().join())
                .toList());
  }

  /** When the caller goes away nobody wants the parts either. */
  private static void abandonTogether(Reply<?> whole, List<Request> parts) {
    whole
        .stage()
        .whenComplete((_, _) -> {
          if (whole.isAbandoned()) {
            parts.forEach(each -> each.reply().abandon());
          }
        });
  }

  /**
   * @param unwanted what becomes of a result that nobody waits for
   */
  private static <T> void answer(
      Reply<T> reply, CompletableFuture<T> result, Consumer<? super T> unwanted) {
    result.whenComplete((value, failure) -> {
      if (failure != null) {
        reply.fail(cause(failure));
      } else if (!reply.complete(value)) {
        unwanted.accept(value);
      }
    });
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException wrapped && wrapped.getCause() != null
        ? wrapped.getCause()
        : failure;
  }

  private void giveBack(List<Request> requests) {
    requests.forEach(
        each -> each.reply().stage().thenAccept(decision -> giveBack(each.ask(), decision)));
  }

  private void giveBack(List<Ask> asks, List<Decision> decisions) {
    for (int i = 0; i < asks.size(); i++) {
      giveBack(asks.get(i), decisions.get(i));
    }
  }

  /** Should the inbox have no room for it, the permits come back by time. */
  private void giveBack(Ask ask, Decision decision) {
    if (decision instanceof Granted granted && granted.why() == Why.COUNTED) {
      try {
        limiter.send(List.of(limiter.request(ask, Kind.RELEASE)));
      } catch (ChannelClosedException ending) {
        // by time
      }
    }
  }
}
