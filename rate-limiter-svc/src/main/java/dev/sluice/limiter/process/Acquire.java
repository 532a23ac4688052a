package dev.sluice.limiter.process;

import dev.sluice.csp.Reply;
import dev.sluice.limiter.store.BucketKey;
import java.time.Duration;

/**
 * Asks the shard that owns the bucket for permits.
 *
 * @param bucket which bucket
 * @param permits how many, 1 to the burst
 * @param maxWait how long the caller will wait for them; not negative
 * @param reply gets the decision
 */
record Acquire(BucketKey bucket, long permits, Duration maxWait, Reply<Decision> reply)
    implements LimiterMessage {

  @Override
  public void fail(Throwable reason) {
    reply.fail(reason);
  }
}
