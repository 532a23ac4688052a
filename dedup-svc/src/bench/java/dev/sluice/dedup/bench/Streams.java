package dev.sluice.dedup.bench;

import dev.sluice.load.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What one connection carries to {@code POST /dedup/stream}: lines of 60 bytes, every key twice.
 *
 * @param linesPerSecond lines sent and decided, a figure a round
 * @param bareLinesPerSecond the same of a route that sends every line back
 * @param longSeconds how long a stream ran while the service's heap was looked at
 * @param longLines how many lines that were
 * @param heapMib what of the heap was in use meanwhile, a figure a second
 */
record Streams(
    List<Double> linesPerSecond,
    List<Double> bareLinesPerSecond,
    int longSeconds,
    long longLines,
    List<Double> heapMib) {
  static final int LEAST_LINES = 300_000;

  /** Keys are forgotten as fast as they come, so that the store is not what grows. */
  private static final String STREAM = "/dedup/stream?ttl=1s&key=/id";

  private static final String BARE = "/bare/stream";

  static Streams measure(Service service, Effort effort) throws IOException, InterruptedException {
    System.out.println("  one stream, beside one that is sent back");
    run(service, BARE, effort.streamSeconds());
    run(service, STREAM, effort.streamSeconds());
    var bare = new ArrayList<Double>();
    var own = new ArrayList<Double>();
    for (int round = 0; round < effort.rounds().rounds(); round++) {
      bare.add(run(service, BARE, effort.streamSeconds()).linesPerSecond());
      own.add(run(service, STREAM, effort.streamSeconds()).linesPerSecond());
    }
    System.out.printf("  one stream for %d seconds%n", effort.longStreamSeconds());
    CompletableFuture<StreamLoad.Result> running =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return run(service, STREAM, effort.longStreamSeconds());
              } catch (IOException failed) {
                throw new CompletionException(failed);
              }
            },
            Thread::startVirtualThread);
    List<Double> heap = heapWhile(service, running);
    return new Streams(own, bare, effort.longStreamSeconds(), running.join().sent(), heap);
  }

  /** The least of the first third: what was left after a collection. */
  double earlyHeapMib() {
    return least(heapMib.subList(0, Math.ceilDiv(heapMib.size(), 3)));
  }

  /** The least of the last third. */
  double lateHeapMib() {
    return least(heapMib.subList(2 * heapMib.size() / 3, heapMib.size()));
  }

  private static StreamLoad.Result run(Service service, String path, int seconds)
      throws IOException {
    return StreamLoad.run(
        URI.create(service.http(path)),
        Long.MAX_VALUE,
        Duration.ofSeconds(seconds),
        Long.MAX_VALUE);
  }

  /** A figure a second, from the service's own metrics. */
  private static List<Double> heapWhile(Service service, CompletableFuture<?> running)
      throws IOException, InterruptedException {
    var metrics = HttpRequest.newBuilder(URI.create(service.http("/q/metrics"))).build();
    var heap = new ArrayList<Double>();
    try (var client = HttpClient.newHttpClient()) {
      while (!running.isDone()) {
        Thread.sleep(1_000);
        String said = client.send(metrics, BodyHandlers.ofString()).body();
        heap.add(used(said) / (1 << 20));
      }
    }
    return heap;
  }

  private static double used(String metrics) {
    return metrics
        .lines()
        .filter(Streams::isHeapInUse)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static boolean isHeapInUse(String line) {
    return line.startsWith("jvm_memory_used_bytes{") && line.contains("area=\"heap\"");
  }

  private static double least(List<Double> figures) {
    return figures.stream().mapToDouble(each -> each).min().orElseThrow();
  }
}
