package dev.sluice.limiter.process.envoy;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.store.StoreStatus;

/** What the {@link Decider} is told. */
sealed interface EnvoyMessage extends Shards.Message {

  /** Decide. */
  record Decide(EnvoyRequest request, Reply<EnvoyDecision> reply) implements EnvoyMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /** Answers of the counters have come: collect them. */
  record Wake() implements EnvoyMessage {
    @Override
    public void fail(Throwable reason) {
      // the next heartbeat collects
    }
  }

  /** Says how the counters' engine is. */
  record GetStore(Reply<StoreStatus> reply) implements EnvoyMessage {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  /** These rules are in force from now on. */
  record Enforce(Rules rules) implements EnvoyMessage {
    @Override
    public void fail(Throwable reason) {
      // nobody waits for an answer to this
    }
  }
}
