package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.awaitState;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.pool.TargetServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The whole service between submitters that never stop and a target that is slow: a call ends when
 * the test permits it. Upstream goes at the target's pace, and the metrics say where it is held up.
 */
@QuarkusTest
@TestProfile(SlowTargetTest.TwoWorkers.class)
@Timeout(120)
class SlowTargetTest {
  private static final int WORKERS = 2;
  private static final int CAPACITY = 4;
  private static final int SUBMITTERS = 6;
  private static final int PERMITS = 25;

  /** Fewer workers than places, and fewer places than submitters. */
  public static final class TwoWorkers implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.pool.workers", "" + WORKERS, "sluice.pool.max-wait", "1h");
    }
  }

  private final String queue = Pool.newQueue();

  /** The ids of accepted jobs, as the submitters hear of them. */
  private final Channel<String> accepted = Channel.buffered(1_000);

  /** The ids of jobs whose calls have ended, as the target has seen them. */
  private final Channel<String> ended = Channel.buffered(1_000);

  private final Channel<Boolean> permits = Channel.buffered(1_000);
  private final Channel<Void> enough = Channel.rendezvous();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  private final TargetServer target =
      new TargetServer((got, exchange) -> {
        try {
          permits.receive();
        } catch (InterruptedException | ChannelClosedException stopped) {
          Thread.currentThread().interrupt();
        }
        ended.trySend(got.header("Idempotency-Key"));
        TargetServer.answer(exchange, 200);
      });

  @BeforeEach
  void makeTheQueue() {
    Pool.put("/queues/" + queue, "{'kind':'push','capacity':%d}".formatted(CAPACITY))
        .statusCode(200);
  }

  @AfterEach
  void close() {
    enough.tryClose();
    for (int i = 0; i < 100; i++) {
      permits.trySend(true);
    }
    callers.shutdown();
    target.close();
  }

  @Test
  void upstreamGoesAtTheTargetsPaceAndTheMetricsSayWhy() throws Exception {
    List<Future<?>> submitters = new ArrayList<>();
    for (int i = 0; i < SUBMITTERS; i++) {
      submitters.add(callers.submit(this::submitOnAndOn));
    }
    Set<String> jobs = new HashSet<>();
    for (int i = 0; i < CAPACITY; i++) {
      jobs.add(accepted.receive());
    }
    for (int permitted = 0; ; permitted++) {
      awaitMetric("sluice_pool_waiting_submits", SUBMITTERS);
      assertNull(accepted.tryReceive(), "no more than the queue holds and the target has done");
      assertEquals(CAPACITY + permitted, jobs.size());
      assertHeldUpByTheTarget(jobs.size());
      if (permitted == PERMITS) {
        break;
      }
      permits.send(true);
      jobs.add(accepted.receive());
    }
    stop(submitters, jobs);
    assertEachWasDoneOnce(jobs);
  }

  /** All workers call, the queue is full, all submitters wait; nobody was turned away. */
  private void assertHeldUpByTheTarget(int accepted) {
    awaitMetric("sluice_pool_calls", WORKERS);
    String metrics = metrics();
    assertEquals(WORKERS, value(metrics, "sluice_pool_workers"));
    assertEquals(WORKERS, value(metrics, ofQueue("sluice_pool_queue_calls")));
    assertEquals(CAPACITY, value(metrics, ofQueue("sluice_pool_queue_capacity")));
    assertEquals(CAPACITY, jobs(metrics, "queued") + jobs(metrics, "running"));
    assertEquals(SUBMITTERS, value(metrics, ofQueue("sluice_pool_queue_waiting_submits")));
    assertTrue(value(metrics, "sluice_pool_waiting_submits_bytes") > 0);
    assertEquals(accepted, value(metrics, "sluice_pool_accepted_total"));
    assertEquals(accepted - CAPACITY, value(metrics, "sluice_pool_succeeded_total"));
    assertEquals(0, value(metrics, "sluice_pool_refused_total{reason=\"full\"}"));
    assertEquals(0, value(metrics, "sluice_pool_unsaved"), "it is not the engine");
    assertEquals(0, value(metrics, "sluice_pool_held"), "it is not a limit of the host");
  }

  /** Each submitter ends with the submit that it is at. */
  private void stop(List<Future<?>> submitters, Set<String> jobs) throws Exception {
    enough.close();
    for (int i = 0; i < CAPACITY + SUBMITTERS; i++) {
      permits.send(true);
    }
    for (Future<?> each : submitters) {
      each.get();
    }
    for (int i = 0; i < SUBMITTERS; i++) {
      jobs.add(accepted.receive());
    }
    assertNull(accepted.tryReceive());
  }

  private void assertEachWasDoneOnce(Set<String> jobs) throws InterruptedException {
    assertEquals(CAPACITY + PERMITS + SUBMITTERS, jobs.size());
    jobs.forEach(id -> awaitState(id, "succeeded"));
    Set<String> done = new HashSet<>();
    for (String id = ended.tryReceive(); id != null; id = ended.tryReceive()) {
      assertTrue(done.add(id), id);
    }
    assertEquals(jobs, done);
    String metrics = metrics();
    assertEquals(0, value(metrics, "sluice_pool_waiting_submits"));
    assertEquals(0, jobs(metrics, "queued") + jobs(metrics, "running"));
  }

  private void submitOnAndOn() {
    String body =
        "{'queue':'%s','target':{'url':'%s'},'payload':'work','timeout':'10m','wait':'1h'}"
            .formatted(queue, target.url("/"));
    do {
      accepted.trySend(Pool.accepted(body));
    } while (!enough.isClosedForSend());
  }

  private static void awaitMetric(String name, int value) {
    while (value(metrics(), name) != value) {
      Thread.onSpinWait();
    }
  }

  private double jobs(String metrics, String state) {
    return value(metrics, "sluice_pool_jobs{queue=\"" + queue + "\",state=\"" + state + "\"}");
  }

  private String ofQueue(String name) {
    return name + "{queue=\"" + queue + "\"}";
  }

  private static String metrics() {
    return Pool.get("/q/metrics").statusCode(200).extract().asString();
  }

  private static double value(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not told"));
  }
}
