package dev.sluice.limiter.process.permits;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.limiter.store.LeaseId;
import dev.sluice.limiter.store.LeaseKey;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the shard that owns a key's leases is told. */
sealed interface LeaseMessage extends Shards.Message {

  /**
   * Asks for a lease.
   *
   * @param key of what
   * @param ask what is asked
   * @param reply gets the decision
   */
  record Acquire(LeaseKey key, LeaseAsk ask, Reply<LeaseDecision> reply) implements LeaseMessage {
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
  record Abandoned(Acquire request) implements LeaseMessage {
    @Override
    public void fail(Throwable reason) {
      // nobody waits for an answer to this
    }
  }

  /**
   * Lets a lease last on.
   *
   * @param key of what
   * @param id which
   * @param ttl how long from now on; null: as long as it was to last so far
   * @param reply gets the decision
   */
  record Renew(LeaseKey key, LeaseId id, @Nullable Duration ttl, Reply<LeaseDecision> reply)
      implements LeaseMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /**
   * Ends a lease.
   *
   * @param key of what
   * @param id which
   * @param reply gets the decision
   */
  record Release(LeaseKey key, LeaseId id, Reply<LeaseDecision> reply) implements LeaseMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /**
   * Asks how things stand.
   *
   * @param key with what
   * @param limit what the caller takes for the limit of a key without a policy; null: nothing
   * @param reply gets the decision
   */
  record Look(LeaseKey key, @Nullable Long limit, Reply<LeaseDecision> reply)
      implements LeaseMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /**
   * The policies are others from now on.
   *
   * @param policies by name
   */
  record NewPolicies(Map<String, LeasePolicy> policies) implements LeaseMessage {
    @Override
    public void fail(Throwable reason) {
      // nobody waits for an answer to this
    }
  }

  /**
   * Asks what has been counted.
   *
   * @param reply gets it
   */
  record GetCounts(Reply<LeaseCounts> reply) implements LeaseMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /** The store has answers. */
  record Wake() implements LeaseMessage {
    @Override
    public void fail(Throwable reason) {
      // nobody waits for an answer to this
    }
  }
}
