package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.demo.LocalSuite.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the deduplicator with SIGKILL under load, again and again, and starts it on the same file.
 */
@Timeout(1_200)
class DurableDedupTest {
  private static final int ROUNDS = Boolean.getBoolean("deep") ? 40 : 3;
  private static final int CLIENTS = 32;

  /** How often each key is asked for, in about the same instant. */
  private static final int TIMES = 3;

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final SplittableRandom random = new SplittableRandom();
  private final Semaphore answers = new Semaphore(0);
  private final AtomicInteger next = new AtomicInteger();

  /** By key, how many were told that they are the first. */
  private final Map<String, Integer> firsts = new ConcurrentHashMap<>();

  /** Keys of which somebody was told something before the last kill, or since. */
  private final Map<String, Boolean> told = new ConcurrentHashMap<>();

  @Test
  void noKeyThatWasToldFirstIsEverToldSoAgain() throws Exception {
    try (LocalSuite suite =
            LocalSuite.start(
                folder,
                List.of("-Dsluice.store=sqlite:" + folder.resolve("dedup.db")),
                Service.DEDUP);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < ROUNDS; round++) {
        killUnderLoad(suite, threads);
        suite.restart(Service.DEDUP);
        askAgain(suite, threads);
      }
    }
    assertTrue(firsts.size() > 100 * ROUNDS, () -> "few keys: " + firsts.size());
    var twice = new TreeMap<>(firsts);
    twice.values().removeIf(times -> times == 1);
    assertEquals(Map.of(), twice, "told first more than once");
    System.out.printf(
        "%d kills, %d keys, %d of them told first%n", ROUNDS, told.size(), firsts.size());
  }

  /** Until so many answers have come, which is at any instant of any commit. */
  private void killUnderLoad(LocalSuite suite, ExecutorService threads) throws Exception {
    URI dedup = suite.uri(Service.DEDUP).resolve("/dedup");
    List<Future<?>> clients =
        IntStream.range(0, CLIENTS)
            .<Future<?>>mapToObj(_ -> threads.submit(() -> load(dedup)))
            .toList();
    answers.acquire(1_000 + random.nextInt(1_000));
    suite.kill(Service.DEDUP);
    for (Future<?> each : clients) {
      each.get();
    }
    answers.drainPermits();
  }

  /** Asks for one key after the other until nobody answers. */
  private void load(URI dedup) {
    try {
      while (true) {
        ask(dedup, "k" + next.getAndIncrement() / TIMES);
        answers.release();
      }
    } catch (IOException killed) {
      // what was asked last has no answer, and may be in the file or not
    }
  }

  /** Whatever somebody was told something of is a duplicate now. */
  private void askAgain(LocalSuite suite, ExecutorService threads) throws Exception {
    URI dedup = suite.uri(Service.DEDUP).resolve("/dedup");
    List<String> all = List.copyOf(told.keySet());
    List<Future<List<String>>> parts =
        IntStream.range(0, CLIENTS)
            .mapToObj(part ->
                threads.submit(() -> {
                  var lost = new ArrayList<String>();
                  for (int i = part; i < all.size(); i += CLIENTS) {
                    if (ask(dedup, all.get(i))) {
                      lost.add(all.get(i));
                    }
                  }
                  return List.copyOf(lost);
                }))
            .toList();
    for (Future<List<String>> part : parts) {
      assertEquals(List.of(), part.get(), "forgotten");
    }
  }

  /** Whether it was told to be the first. */
  private boolean ask(URI dedup, String key) throws IOException {
    HttpResponse<String> answer = send(dedup, key);
    assertEquals(200, answer.statusCode(), answer.body());
    boolean first = answer.body().contains("\"first\":true");
    if (first) {
      firsts.merge(key, 1, Integer::sum);
    }
    told.put(key, true);
    return first;
  }

  private HttpResponse<String> send(URI dedup, String key) throws IOException {
    var request =
        HttpRequest.newBuilder(dedup)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"key\":\"" + key + "\",\"ttl\":\"1h\"}"))
            .build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
