package dev.sluice.dedup.store.claims;

import dev.sluice.dedup.store.KeyForm;
import dev.sluice.store.testing.RedisCluster;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** A real cluster of three, and keys as they are. */
@Timeout(180)
class RedisClaimClusterTest extends ClaimStoreContract {
  private static RedisCluster cluster;

  private final ClaimsOnRedis redis = new ClaimsOnRedis(cluster.address(), KeyForm.VERBATIM);

  @BeforeAll
  static void start() {
    cluster = RedisCluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void close() {
    redis.close();
  }

  @Override
  protected ClaimStore store() {
    return redis.store();
  }

  @Override
  protected long translation() {
    return Duration.ofMinutes(1).toNanos();
  }

  @Override
  protected long now() {
    return redis.now();
  }

  @Override
  protected void awaitAnswers() {
    redis.awaitAnswers();
  }

  @Override
  protected void awaitInstant(long nanos) {
    redis.awaitInstant(nanos);
  }
}
