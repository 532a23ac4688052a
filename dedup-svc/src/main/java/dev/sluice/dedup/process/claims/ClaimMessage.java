package dev.sluice.dedup.process.claims;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.dedup.store.claims.ClaimKey;
import dev.sluice.dedup.store.claims.ClaimOperation;
import dev.sluice.store.StoreStatus;

/** What the shard that owns a key's line is told. */
sealed interface ClaimMessage extends Shards.Message {

  /**
   * Asks for a claim.
   *
   * @param key of what
   * @param ask what is asked
   * @param reply gets the decision
   */
  record Request(ClaimKey key, ClaimAsk ask, Reply<ClaimDecision> reply) implements ClaimMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /**
   * Whoever has asked has gone away before the decision: its place in the line is free.
   *
   * @param request what it had asked
   */
  record Abandoned(Request request) implements ClaimMessage {
    @Override
    public void fail(Throwable reason) {
      // nobody waits for an answer to this
    }
  }

  /**
   * What an owner does with its claim.
   *
   * @param operation completes, aborts or renews it
   * @param reply gets the decision
   */
  record Owned(ClaimOperation operation, Reply<ClaimDecision> reply) implements ClaimMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /**
   * Asks what has been counted.
   *
   * @param reply gets it
   */
  record GetCounts(Reply<ClaimCounts> reply) implements ClaimMessage {
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
  record GetStore(Reply<StoreStatus> reply) implements ClaimMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /** There is something to look at: the store has answers, or the service is told to stop. */
  record Wake() implements ClaimMessage {
    @Override
    public void fail(Throwable reason) {
      // nobody waits for an answer to this
    }
  }
}
