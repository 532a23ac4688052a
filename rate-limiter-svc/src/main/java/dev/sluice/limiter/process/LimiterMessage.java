package dev.sluice.limiter.process;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.limiter.store.Operation;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreStatus;
import java.util.List;

/** What the shard that owns a key is told. */
sealed interface LimiterMessage extends Shards.Message {

  /**
   * Asks for permits, or about them.
   *
   * @param print of the policy and the key
   * @param ask what is asked
   * @param kind what is to be done
   * @param reply gets the decision
   */
  record Request(Fingerprint print, Ask ask, Operation.Kind kind, Reply<Decision> reply)
      implements LimiterMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /**
   * Several at once: nothing else is handled in between.
   *
   * @param all of this shard's keys, in the order they are to be handled
   */
  record Requests(List<Request> all) implements LimiterMessage {
    @Override
    public void fail(Throwable reason) {
      all.forEach(each -> each.fail(reason));
    }
  }

  /**
   * Whoever has asked has gone away before the decision: its place in the line is free.
   *
   * @param request what it had asked
   */
  record Abandoned(Request request) implements LimiterMessage {
    @Override
    public void fail(Throwable reason) {
      // nobody waits for an answer to this
    }
  }

  /**
   * The policies are others from now on.
   *
   * @param policies those in force
   */
  record NewPolicies(Policies policies) implements LimiterMessage {
    @Override
    public void fail(Throwable reason) {
      // nobody waits for an answer to this
    }
  }

  /**
   * Asks how the store is.
   *
   * @param reply gets it
   */
  record GetStore(Reply<StoreStatus> reply) implements LimiterMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /** The store has answers. */
  record Wake() implements LimiterMessage {
    @Override
    public void fail(Throwable reason) {
      // nobody waits for an answer to this
    }
  }
}
