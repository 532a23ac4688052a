package dev.sluice.pool.process;

import dev.sluice.csp.Reply;
import dev.sluice.pool.store.Call;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** What the tests of the processes begin with. */
final class Samples {
  static final Duration TIMEOUT = Duration.ofSeconds(10);
  static final Duration BACKOFF = Duration.ofMillis(100);

  /** Two workers and three places, so that each limit is near. */
  static final PoolSettings SETTINGS =
      new PoolSettings(
          2,
          64,
          3,
          10_000,
          Duration.ofDays(1),
          4,
          Duration.ofMinutes(10),
          3,
          Duration.ofHours(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          Duration.ofSeconds(2));

  private Samples() {}

  static Call call(String path) {
    return new Call("POST", URI.create("http://target.example/" + path), Map.of(), "{\"n\":1}");
  }

  static Submit submit(Call call, int attempts, Duration maxWait) {
    return new Submit(call, attempts, TIMEOUT, BACKOFF, maxWait, new Reply<>());
  }

  static Submit submit(String path) {
    return submit(call(path), 3, Duration.ZERO);
  }

  /** What has been answered; fails when nothing has. */
  static <T> T answer(Reply<T> reply) {
    if (!reply.isDone()) {
      throw new AssertionError("there is no answer yet");
    }
    return reply.stage().toCompletableFuture().join();
  }
}
