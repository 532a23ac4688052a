package dev.sluice.dedup.process;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.dedup.process.DedupMessage.Requests;
import dev.sluice.dedup.store.SeenOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Sees several keys: what goes to one shard goes there as one message. */
final class SeeAll {
  private static final Decision CLOSED =
      new Decision.NoRoom("the deduplicator takes no new requests");

  private final Shards<DedupMessage> shards;
  private final List<SeenOperation.See> all;
  private final Decision[]
      decisions; // every place is written by one shard, before its part is done

  SeeAll(Shards<DedupMessage> shards, List<SeenOperation.See> all) {
    this.shards = shards;
    this.all = all;
    this.decisions = new Decision[all.size()];
  }

  /** What one shard sees, and the places of it in the whole. */
  private record Part(List<SeenOperation.See> operations, List<Integer> places) {}

  /**
   * @throws ChannelClosedException no shard takes anything
   */
  Reply<List<Decision>> send() {
    var answers = new ArrayList<CompletableFuture<?>>(shards.count());
    ChannelClosedException closed = null;
    for (int shard = 0; shard < shards.count(); shard++) {
      Part part = part(shard);
      if (!part.places().isEmpty()) {
        try {
          answers.add(send(shard, part));
        } catch (ChannelClosedException ending) { // what others have seen is seen, and is told
          closed = ending;
          decide(part, CLOSED);
        }
      }
    }
    if (closed != null && answers.isEmpty()) {
      throw closed;
    }
    var reply = new Reply<List<Decision>>();
    CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .whenComplete((_, failure) -> {
          if (failure == null) {
            reply.complete(List.of(decisions));
          } else {
            reply.fail(cause(failure));
          }
        });
    return reply;
  }

  private Part part(int shard) {
    var part = new Part(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < all.size(); i++) {
      if (shards.shardOf(all.get(i).key().fingerprint()) == shard) {
        part.operations().add(all.get(i));
        part.places().add(i);
      }
    }
    return part;
  }

  private CompletableFuture<?> send(int shard, Part part) {
    var reply = new Reply<List<Decision>>();
    if (!shards.trySendTo(shard, new Requests(part.operations(), reply))) {
      decide(part, Deduplicator.NO_ROOM);
      return CompletableFuture.completedFuture(null);
    }
    return reply
        .stage()
        .thenAccept(seen -> {
          for (int i = 0; i < seen.size(); i++) {
            decisions[part.places().get(i)] = seen.get(i);
          }
        })
        .toCompletableFuture();
  }

  private void decide(Part part, Decision decision) {
    part.places().forEach(place -> decisions[place] = decision);
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
    return cause == null ? failure : cause;
  }
}
