package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.demo.LocalSuite.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the worker pool with SIGKILL under load, again and again, starts it on the same file, and
 * accounts for every job that was answered 202: it is done, and was never in two hands at a time.
 */
@Timeout(1_200)
class PoolKilledTest {
  private static final int ROUNDS = Boolean.getBoolean("deep") ? 50 : 5;
  private static final int SUBMITTERS = 16;
  private static final int WORKERS = 4;

  /** Short, so that what was handed out into the void soon comes back. */
  private static final Duration LEASE = Duration.ofSeconds(2);

  /** What the service's clock, which begins anew with each start, may be off the one before. */
  private static final Duration CLOCKS = Duration.ofMillis(5);

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final SplittableRandom random = new SplittableRandom();
  private final Semaphore answers = new Semaphore(0);

  private final Set<String> pulled = ConcurrentHashMap.newKeySet();
  private final Set<String> pushed = ConcurrentHashMap.newKeySet();

  /** Until when a job is in a worker's hands; after it was acknowledged, for ever. */
  private final Map<String, Instant> held = new ConcurrentHashMap<>();

  /** Calls of each pushed job that are under way. */
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();

  private final Set<String> effects = ConcurrentHashMap.newKeySet();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void everyAcceptedJobIsDoneAndNeverInTwoHands() throws Exception {
    HttpServer target = target();
    try (LocalSuite suite = LocalSuite.start(folder, Service.POOL);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      URI pool = suite.uri(Service.POOL);
      List<Future<?>> workers =
          IntStream.range(0, WORKERS)
              .<Future<?>>mapToObj(_ -> threads.submit(() -> work(pool)))
              .toList();
      for (int round = 0; round < ROUNDS; round++) {
        killUnderLoad(suite, threads, URI.create("http://127.0.0.1:" + port(target) + "/hook"));
        suite.restart(Service.POOL);
      }
      assertDone(pool, pulled);
      assertDone(pool, pushed);
      over.set(true);
      for (Future<?> worker : workers) {
        worker.get();
      }
    } finally {
      over.set(true);
      target.stop(0);
    }
    assertEquals(List.of(), List.copyOf(faults));
    assertTrue(pulled.size() > 20 * ROUNDS, () -> "few pulled jobs: " + pulled.size());
    assertTrue(pushed.size() > 20 * ROUNDS, () -> "few pushed jobs: " + pushed.size());
    assertTrue(effects.containsAll(pushed), "a pushed job without a call");
    assertTrue(held.keySet().containsAll(pulled), "a pulled job that nobody had");
    System.out.printf(
        "%d kills; accepted and done: %d pulled, %d pushed%n",
        ROUNDS, pulled.size(), pushed.size());
  }

  /** Until so many answers have come, which is at any instant of any commit. */
  private void killUnderLoad(LocalSuite suite, ExecutorService threads, URI target)
      throws Exception {
    URI pool = suite.uri(Service.POOL);
    List<Future<?>> submitters =
        IntStream.range(0, SUBMITTERS)
            .<Future<?>>mapToObj(i -> threads.submit(() -> load(pool, i % 2 == 0 ? target : null)))
            .toList();
    answers.acquire(100 + random.nextInt(1_000));
    suite.kill(Service.POOL);
    for (Future<?> each : submitters) {
      each.get();
    }
    answers.drainPermits();
  }

  /** Submits one job after the other until nobody answers. */
  private void load(URI pool, @Nullable URI target) {
    String body =
        target == null
            ? "{\"queue\":\"pulled\",\"payload\":{\"n\":1},\"attempts\":100}"
            : "{\"target\":{\"url\":\"" + target + "\"},\"attempts\":100,\"backoff\":\"10ms\"}";
    try {
      while (true) {
        HttpResponse<String> answer = post(pool, "/submit", body);
        if (answer.statusCode() == 202) {
          (target == null ? pulled : pushed).add(JSON.readTree(answer.body()).path("id").asText());
        } else if (answer.statusCode() != 429) { // full: the others catch up
          faults.add("submit: " + answer.statusCode() + " " + answer.body());
        }
        answers.release();
      }
    } catch (IOException killed) {
      // what was submitted last has no answer, and may be there or not
    }
  }

  /** Takes jobs and ends them, whether the service is there or not, until it is over. */
  private void work(URI pool) {
    while (!over.get()) {
      try {
        HttpResponse<String> answer =
            post(
                pool,
                "/queues/pulled/lease",
                "{\"max\":10,\"wait\":\"200ms\",\"lease\":\"" + LEASE.toSeconds() + "s\"}");
        if (answer.statusCode() == 200) {
          for (JsonNode job : JSON.readTree(answer.body()).path("jobs")) {
            take(pool, job);
          }
        } else if (answer.statusCode() != 503) {
          faults.add("lease: " + answer.statusCode() + " " + answer.body());
        }
      } catch (IOException away) {
        Thread.onSpinWait();
      }
    }
  }

  private void take(URI pool, JsonNode job) throws IOException {
    String id = job.path("id").asText();
    Instant until = Instant.parse(job.path("leasedUntil").asText());
    held.compute(
        id,
        (_, before) -> {
          if (before != null && until.minus(LEASE).plus(CLOCKS).isBefore(before)) {
            faults.add(id + " was handed out until " + before + ", and again until " + until);
          }
          return until;
        });
    String lease = job.path("lease").asText();
    HttpResponse<String> answer =
        post(pool, "/jobs/" + id + "/ack", "{\"lease\":\"" + lease + "\"}");
    if (answer.statusCode() == 200) {
      held.put(id, Instant.MAX);
    } else if (answer.statusCode() != 409) { // the lease had run out while the service was away
      faults.add("ack: " + answer.statusCode() + " " + answer.body());
    }
  }

  private void assertDone(URI pool, Set<String> jobs) throws Exception {
    var waiting = new ArrayList<>(jobs);
    while (!waiting.isEmpty()) {
      String id = waiting.getLast();
      HttpResponse<String> answer = get(pool, "/jobs/" + id);
      assertEquals(200, answer.statusCode(), () -> "lost: " + answer.body());
      String state = JSON.readTree(answer.body()).path("state").asText();
      if (state.equals("succeeded")) {
        waiting.removeLast();
      } else {
        assertTrue(
            Set.of("queued", "running", "retrying").contains(state),
            () -> "neither done nor on its way: " + answer.body());
      }
    }
  }

  // The target

  private HttpServer target() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/hook", this::called);
    server.start();
    return server;
  }

  private static int port(HttpServer server) {
    return server.getAddress().getPort();
  }

  private void called(HttpExchange exchange) throws IOException {
    try (exchange) {
      String id = exchange.getRequestHeaders().getFirst("Idempotency-Key");
      if (calls.merge(id, 1, Integer::sum) > 1) {
        faults.add(id + " is called twice at a time");
      }
      exchange.getRequestBody().readAllBytes();
      effects.add(id);
      calls.merge(id, -1, Integer::sum);
      exchange.sendResponseHeaders(204, -1);
    }
  }

  // The service

  private HttpResponse<String> post(URI pool, String path, String body) throws IOException {
    return send(
        HttpRequest.newBuilder(pool.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private HttpResponse<String> get(URI pool, String path) throws IOException {
    return send(HttpRequest.newBuilder(pool.resolve(path)).build());
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
