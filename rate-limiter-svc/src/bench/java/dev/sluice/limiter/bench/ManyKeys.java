package dev.sluice.limiter.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.limiter.process.Ask;
import dev.sluice.limiter.process.Decision;
import dev.sluice.limiter.process.Limiter;
import dev.sluice.limiter.process.LimiterSettings;
import dev.sluice.limiter.process.Policies;
import dev.sluice.limiter.process.Policy;
import dev.sluice.limiter.process.Terms;
import dev.sluice.limiter.store.LimitStore;
import dev.sluice.limiter.store.MemoryLimitStore;
import dev.sluice.limiter.store.Operation;
import dev.sluice.limiter.store.Outcome;
import dev.sluice.load.Command;
import dev.sluice.load.Sample;
import dev.sluice.store.Fingerprint;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What it takes to keep many keys in one process, each with permits missing, and whether requests
 * notice that they are swept. The program fills a limiter with them, then times requests at a
 * steady rate, with and without sweeps in turn.
 *
 * @param keys how many
 * @param heapBytes what of the heap is in use with them, after a collection
 * @param maxHeapBytes what may be
 * @param fillSeconds how long it took to make them
 * @param sweptP99 microseconds within which 99 of 100 requests were answered, a figure a round
 * @param unsweptP99 the same of the rounds without sweeps
 */
record ManyKeys(
    int keys,
    long heapBytes,
    long maxHeapBytes,
    double fillSeconds,
    List<Double> sweptP99,
    List<Double> unsweptP99) {
  private static final int SHARDS = 2;
  private static final int UNDER_WAY = 4_096;
  private static final int PER_SECOND = 5_000;

  /** How many times the p99 without sweeps the one with them may be. */
  static final double MOST_P99 = 2;

  static final int HEAP_MIB = 1_536;

  /** Whether the stores sweep. */
  private static volatile boolean sweeping = true;

  /** Takes the number of keys, the seconds of a round, the rounds, and the file for the figures. */
  public static void main(String[] args) throws IOException, InterruptedException {
    ManyKeys figures =
        measure(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    new ObjectMapper().writeValue(Path.of(args[3]).toFile(), figures);
  }

  private static ManyKeys measure(int keys, int seconds, int rounds) throws InterruptedException {
    var settings =
        new LimiterSettings(
            SHARDS,
            2 * UNDER_WAY,
            0,
            Duration.ZERO,
            false,
            Policies.of(
                List.of(Policy.of("hourly", Terms.tokenBucket(10, Duration.ofHours(10), 10)))),
            Fingerprint.Secret.random());
    try (var scope = Scope.open("many-keys")) {
      var monitor = HeartbeatMonitor.start(scope, "heartbeats", Duration.ofSeconds(1));
      Limiter limiter = Limiter.start(scope, monitor, settings, (_, _) -> new Sweepable(keys));
      long start = System.nanoTime();
      fill(limiter, keys);
      double fillSeconds = (System.nanoTime() - start) / 1e9;
      System.gc();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      List<Double> swept = new ArrayList<>();
      List<Double> unswept = new ArrayList<>();
      p99(limiter, keys, seconds); // warms up
      for (int round = 0; round < rounds; round++) {
        sweeping = false;
        unswept.add(p99(limiter, keys, seconds));
        sweeping = true;
        swept.add(p99(limiter, keys, seconds));
      }
      limiter.close();
      return new ManyKeys(
          keys, heap, Runtime.getRuntime().maxMemory(), fillSeconds, swept, unswept);
    }
  }

  /** Measures in a JVM of its own, with so much heap and no more. */
  static ManyKeys inOwnJvm(Effort effort, Path scratch) throws IOException, InterruptedException {
    System.out.printf("  %,d keys in a heap of %,d MiB%n", effort.keys(), HEAP_MIB);
    Path figures = scratch.resolve("keys.json");
    Command.run(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + HEAP_MIB + "m",
        "-cp",
        System.getProperty("java.class.path"),
        ManyKeys.class.getName(),
        "" + effort.keys(),
        "" + effort.keySeconds(),
        "" + effort.rounds().rounds(),
        figures.toString());
    return new ObjectMapper().readValue(figures.toFile(), ManyKeys.class);
  }

  double sweptRatio() {
    return Sample.median(sweptP99.stream().mapToDouble(each -> each).toArray())
        / Sample.median(unsweptP99.stream().mapToDouble(each -> each).toArray());
  }

  private static void fill(Limiter limiter, int keys) throws InterruptedException {
    var underWay = new ArrayDeque<Reply<Decision>>(UNDER_WAY);
    for (int key = 0; key < keys; key++) {
      if (underWay.size() == UNDER_WAY) {
        requireGranted(underWay.remove().await());
      }
      underWay.add(limiter.acquire(ask(key)));
    }
    for (Reply<Decision> last : underWay) {
      requireGranted(last.await());
    }
  }

  /** Requests come when they are due, however late the answers to others are. */
  private static double p99(Limiter limiter, int keys, int seconds) {
    int requests = seconds * PER_SECOND;
    long[] nanos = new long[requests];
    List<CompletableFuture<Void>> timed = new ArrayList<>(requests);
    long start = System.nanoTime();
    for (int i = 0; i < requests; i++) {
      int number = i;
      long due = start + i * (1_000_000_000L / PER_SECOND);
      for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
        LockSupport.parkNanos(early);
      }
      long sent = System.nanoTime();
      timed.add(
          limiter
              .acquire(ask((int) (i * 7_919L % keys)))
              .stage()
              .thenRun(() -> nanos[number] = System.nanoTime() - sent)
              .toCompletableFuture());
    }
    timed.forEach(CompletableFuture::join);
    Arrays.sort(nanos);
    return nanos[(int) (0.99 * (requests - 1))] / 1e3;
  }

  private static Ask ask(int key) {
    return new Ask("user:" + key, 1, new Ask.Under.Policy("hourly"));
  }

  private static void requireGranted(Decision decision) {
    if (!(decision instanceof Decision.Granted)) {
      throw new IllegalStateException("a new key's first permit must be granted: " + decision);
    }
  }

  /** The store in memory, which can be told not to sweep. */
  private record Sweepable(MemoryLimitStore store) implements LimitStore {
    Sweepable(int keys) {
      this(new MemoryLimitStore(keys));
    }

    @Override
    public void submit(Operation operation, long now, Consumer<? super Outcome> answer) {
      store.submit(operation, now, answer);
    }

    @Override
    public long sweep(long now) {
      return sweeping ? store.sweep(now) : Duration.ofMillis(100).toNanos();
    }
  }
}
