package dev.sluice.dedup.store.claims;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.dedup.store.KeyForm;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** The real server that this machine has, if it has one, and keys as they are. */
@Timeout(180)
class RedisClaimInstalledTest extends ClaimStoreContract {
  private static Optional<RedisProcess> server = Optional.empty();

  private @Nullable ClaimsOnRedis redis;

  @BeforeAll
  static void start() {
    server = RedisProcess.startInstalled();
    assumeTrue(server.isPresent(), "no redis-server is installed");
  }

  @AfterAll
  static void stop() {
    server.ifPresent(RedisProcess::close);
  }

  @BeforeEach
  void open() {
    redis = new ClaimsOnRedis(server.orElseThrow().address(), KeyForm.VERBATIM);
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
