package dev.sluice.dedup.process;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.dedup.store.SeenKey;
import java.time.Duration;

/**
 * The message to the shard that owns the key.
 *
 * @param key which key
 * @param ttl the length of the window that it opens if it is the first; more than zero
 * @param reply gets the decision
 */
record See(SeenKey key, Duration ttl, Reply<Decision> reply) implements Shards.Message {

  @Override
  public void fail(Throwable reason) {
    reply.fail(reason);
  }
}
