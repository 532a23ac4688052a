package dev.sluice.limiter.process;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.limiter.store.BucketKey;
import java.time.Duration;

/**
 * The message to the shard that owns the bucket.
 *
 * @param bucket which bucket
 * @param permits how many, 1 to the burst
 * @param maxWait how long the caller will wait for them; not negative
 * @param reply gets the decision
 */
record Acquire(BucketKey bucket, long permits, Duration maxWait, Reply<Decision> reply)
    implements Shards.Message {

  @Override
  public void fail(Throwable reason) {
    reply.fail(reason);
  }
}
