package dev.sluice.dedup.process;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.dedup.process.DedupMessage.Requests;
import dev.sluice.dedup.store.SeenOperation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
  private static final class Part {
    final List<SeenOperation.See> operations = new ArrayList<>();
    private int[] places = new int[16];

    void add(SeenOperation.See operation, int place) {
      int size = operations.size();
      if (size == places.length) {
        places = Arrays.copyOf(places, 2 * size);
      }
      places[size] = place;
      operations.add(operation);
    }

    int place(int operation) {
      return places[operation];
    }
  }

  /**
   * @throws ChannelClosedException no shard takes anything
   */
  Reply<List<Decision>> send() {
    return shards.count() == 1 || all.isEmpty() ? sendWhole() : sendParts();
  }

  private Reply<List<Decision>> sendWhole() {
    var reply = new Reply<List<Decision>>();
    if (all.isEmpty()) {
      reply.complete(List.of());
    } else if (!shards.trySendTo(0, new Requests(all, reply))) {
      reply.complete(Collections.nCopies(all.size(), Deduplicator.NO_ROOM));
    }
    return reply;
  }

  private Reply<List<Decision>> sendParts() {
    Part[] parts = parts();
    var answers = new ArrayList<CompletableFuture<?>>(parts.length);
    ChannelClosedException closed = null;
    for (int shard = 0; shard < parts.length; shard++) {
      if (!parts[shard].operations.isEmpty()) {
        try {
          answers.add(send(shard, parts[shard]));
        } catch (ChannelClosedException ending) { // what others have seen is seen, and is told
          closed = ending;
          decide(parts[shard], Collections.nCopies(parts[shard].operations.size(), CLOSED));
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

  private Part[] parts() {
    var parts = new Part[shards.count()];
    Arrays.setAll(parts, _ -> new Part());
    for (int i = 0; i < decisions.length; i++) {
      SeenOperation.See operation = all.get(i);
      parts[shards.shardOf(operation.key().fingerprint())].add(operation, i);
    }
    return parts;
  }

  private CompletableFuture<?> send(int shard, Part part) {
    var reply = new Reply<List<Decision>>();
    if (!shards.trySendTo(shard, new Requests(part.operations, reply))) {
      reply.complete(Collections.nCopies(part.operations.size(), Deduplicator.NO_ROOM));
    }
    return reply.stage().thenAccept(seen -> decide(part, seen)).toCompletableFuture();
  }

  private void decide(Part part, List<Decision> seen) {
    for (int i = 0; i < seen.size(); i++) {
      decisions[part.place(i)] = seen.get(i);
    }
  }

  /** What a stage failed with, not that it came from another one. */
  static Throwable cause(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
    return cause == null ? failure : cause;
  }
}
