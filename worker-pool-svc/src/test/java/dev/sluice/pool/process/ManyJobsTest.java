package dev.sluice.pool.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.sluice.csp.Channel;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.TargetServer.Received;
import dev.sluice.pool.store.Call;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand jobs, a real target that fails four times in ten, and its own count beside ours. */
@NoLeaks
@Timeout(240)
class ManyJobsTest {
  private static final int JOBS = 10_000;
  private static final int CAPACITY = 500;

  private static final PoolSettings SETTINGS =
      new PoolSettings(
          16,
          1_024,
          CAPACITY,
          1_000_000,
          Duration.ofMinutes(2),
          1_000,
          Duration.ofMillis(20),
          JOBS,
          Duration.ofHours(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(3),
          Duration.ofSeconds(1));

  private record Seen(String id, int attempt, boolean success) {}

  private final Channel<Seen> seen = Channel.buffered(20 * JOBS);

  @Test
  void noneIsLostAndNoneIsDoneTwice() throws Exception {
    Set<String> accepted = new HashSet<>();
    QueueSnapshot end;
    try (var server = new TargetServer(this::failFourTimesInTen);
        var target = new HttpTarget(true, 1_000);
        var root = Scope.open("many-jobs")) {
      var monitor = HeartbeatMonitor.start(root, "heartbeats", Duration.ofSeconds(30));
      Scope processes = root.child("processes");
      var pool =
          WorkerPool.start(
              processes, monitor, SETTINGS, target, new Keeping(), new SplittableRandom(1));
      for (int n = 0; n < JOBS; n++) {
        accepted.add(submit(pool, server.url("/" + n)));
      }
      pool.drain();
      end = look(pool);
      processes.join();
    }
    assertEquals(JOBS, accepted.size());
    assertTrue(end.depth() <= CAPACITY, end::toString);

    var calls = new ArrayList<Seen>();
    seen.drainTo(calls, Integer.MAX_VALUE);
    Map<String, List<Seen>> byJob = new HashMap<>();
    calls.forEach(call -> byJob.computeIfAbsent(call.id, _ -> new ArrayList<>()).add(call));
    assertEquals(accepted, byJob.keySet());
    byJob.values().forEach(ManyJobsTest::assertOneSuccessAtTheEnd);
    assertTrue(calls.size() > JOBS * 3 / 2, "the target did fail: " + calls.size() + " calls");
  }

  /** Attempts 1, 2, 3, ... in order, each once, and only the last a success. */
  private static void assertOneSuccessAtTheEnd(List<Seen> attempts) {
    for (int i = 0; i < attempts.size(); i++) {
      Seen call = attempts.get(i);
      assertEquals(i + 1, call.attempt, attempts::toString);
      assertEquals(i + 1 == attempts.size(), call.success, attempts::toString);
    }
  }

  private static String submit(WorkerPool pool, URI url) throws InterruptedException {
    var request =
        new Submit(
            new Call("POST", url, Map.of(), "{\"some\":\"event\"}"),
            40,
            Duration.ofMinutes(1),
            Duration.ofMillis(1),
            Duration.ofMinutes(2),
            new Reply<>());
    assertTrue(pool.trySend(request));
    return assertInstanceOf(Submission.Accepted.class, request.reply().await()).id().toString();
  }

  private static QueueSnapshot look(WorkerPool pool) throws InterruptedException {
    var reply = new Reply<QueueSnapshot>();
    assertTrue(pool.trySend(new GetQueue(reply)));
    return reply.await();
  }

  private void failFourTimesInTen(Received got, HttpExchange exchange) throws IOException {
    String id = got.header("Idempotency-Key");
    int attempt = Integer.parseInt(got.header("Sluice-Attempt"));
    int lot = new SplittableRandom(31L * id.hashCode() + attempt).nextInt(10);
    seen.trySend(new Seen(id, attempt, lot > 3));
    switch (lot) {
      case 0 -> TargetServer.answer(exchange, 500);
      case 1 -> TargetServer.answer(exchange, 503);
      case 2 -> {
        exchange.getResponseHeaders().add("Retry-After", "0");
        TargetServer.answer(exchange, 429);
      }
      case 3 -> exchange.close(); // the connection breaks
      default -> TargetServer.answer(exchange, 200);
    }
  }
}
