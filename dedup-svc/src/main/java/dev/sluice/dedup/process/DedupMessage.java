package dev.sluice.dedup.process;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.dedup.store.SeenContents;
import dev.sluice.dedup.store.SeenOperation;
import dev.sluice.store.StoreStatus;
import java.util.List;
import java.util.Optional;

/** What the shard that owns a key is told. */
sealed interface DedupMessage extends Shards.Message {

  /**
   * Asks about one key, or for a namespace.
   *
   * @param operation what is to be done
   * @param reply gets the decision
   */
  record Request(SeenOperation operation, Reply<Decision> reply) implements DedupMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /**
   * Sees several keys of this shard, in this order.
   *
   * @param all what is seen
   * @param reply gets the decisions, each in the place of its operation
   */
  record Requests(List<SeenOperation.See> all, Reply<List<Decision>> reply)
      implements DedupMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /**
   * Asks how the store is.
   *
   * @param reply gets it
   */
  record GetStore(Reply<StoreStatus> reply) implements DedupMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /**
   * Asks what the store keeps.
   *
   * @param reply gets it
   */
  record GetContents(Reply<Optional<SeenContents>> reply) implements DedupMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /** The store has answers. */
  record Wake() implements DedupMessage {
    @Override
    public void fail(Throwable reason) {
      // nobody waits for an answer to this
    }
  }
}
