package dev.sluice.dedup.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.dedup.process.Ask;
import dev.sluice.dedup.process.Decision;
import dev.sluice.dedup.process.DedupSettings;
import dev.sluice.dedup.process.Deduplicator;
import dev.sluice.dedup.store.MemorySeenStore;
import dev.sluice.load.Command;
import dev.sluice.store.Fingerprint;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The deduplicator without an edge, in a JVM of its own: how many keys a second of a processor it
 * sees in batches, and what it takes to keep many.
 *
 * @param keys how many are kept
 * @param heapBytes what of the heap is in use with them, after a collection
 * @param maxHeapBytes what may be
 * @param fillSeconds how long it took to see them, in batches
 * @param batch how many keys are asked for at once
 * @param newPerProcessorSecond how many of them were seen in a second of the whole JVM's processor
 *     time
 * @param knownPerProcessorSecond the same of keys that are seen again, when all are there; a figure
 *     a round
 */
record InProcess(
    int keys,
    long heapBytes,
    long maxHeapBytes,
    double fillSeconds,
    int batch,
    double newPerProcessorSecond,
    List<Double> knownPerProcessorSecond) {
  static final int HEAP_MIB = 2_048;
  static final int BATCH = 100;
  static final int LEAST_PER_PROCESSOR = 500_000;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final int UNDER_WAY = 32;
  private static final Duration TTL = Duration.ofHours(1);

  /** Takes the number of keys, the seconds of a round, the rounds, and the file for the figures. */
  public static void main(String[] args) throws IOException, InterruptedException {
    InProcess figures =
        measure(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    new ObjectMapper().writeValue(Path.of(args[3]).toFile(), figures);
  }

  private static InProcess measure(int keys, int seconds, int rounds) throws InterruptedException {
    var settings = new DedupSettings(1, 8_192, Duration.ofDays(1), Fingerprint.Secret.random());
    try (var scope = Scope.open("in-process")) {
      var monitor = HeartbeatMonitor.start(scope, "heartbeats", Duration.ofSeconds(1));
      Deduplicator deduplicator =
          Deduplicator.start(
              scope, monitor, settings, (_, _) -> new MemorySeenStore(keys + 100_000_000));
      long start = System.nanoTime();
      long processor = SYSTEM.getProcessCpuTime();
      try (var seeing = new Seeing(deduplicator)) {
        for (long key = 0; key < keys; key += BATCH) {
          seeing.see(key);
        }
      }
      double fillSeconds = (System.nanoTime() - start) / 1e9;
      double newPerSecond = keys * 1e9 / (SYSTEM.getProcessCpuTime() - processor);
      System.gc();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      List<Double> known = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        known.add(knownPerProcessorSecond(deduplicator, keys, seconds));
      }
      deduplicator.close();
      return new InProcess(
          keys, heap, Runtime.getRuntime().maxMemory(), fillSeconds, BATCH, newPerSecond, known);
    }
  }

  /** Measures in a JVM of its own, with so much heap and no more. */
  static InProcess inOwnJvm(Effort effort, Path scratch) throws IOException, InterruptedException {
    System.out.printf("  %,d keys in a heap of %,d MiB%n", effort.keys(), HEAP_MIB);
    Path figures = scratch.resolve("in-process.json");
    Command.run(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + HEAP_MIB + "m",
        "-cp",
        System.getProperty("java.class.path"),
        InProcess.class.getName(),
        "" + effort.keys(),
        "" + effort.batchSeconds(),
        "" + effort.rounds().rounds(),
        figures.toString());
    return new ObjectMapper().readValue(figures.toFile(), InProcess.class);
  }

  private static double knownPerProcessorSecond(Deduplicator deduplicator, int keys, int seconds)
      throws InterruptedException {
    long processor = SYSTEM.getProcessCpuTime();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    long seen = 0;
    try (var seeing = new Seeing(deduplicator)) {
      for (; System.nanoTime() - end < 0; seen += BATCH) {
        seeing.see(seen * 7_919 % keys);
      }
    }
    return seen * 1e9 / (SYSTEM.getProcessCpuTime() - processor);
  }

  /** Asks, with a bounded number of batches under way. */
  private static final class Seeing implements AutoCloseable {
    private final Deduplicator deduplicator;
    private final ArrayDeque<Reply<List<Decision>>> underWay = new ArrayDeque<>(UNDER_WAY);

    Seeing(Deduplicator deduplicator) {
      this.deduplicator = deduplicator;
    }

    void see(long from) throws InterruptedException {
      if (underWay.size() == UNDER_WAY) {
        requireSeen(underWay.remove());
      }
      var asks = new ArrayList<Ask>(BATCH);
      for (long key = from; key < from + BATCH; key++) {
        asks.add(new Ask("orders", "evt-" + key, TTL, false));
      }
      underWay.add(deduplicator.seeAll(asks));
    }

    private static void requireSeen(Reply<List<Decision>> reply) throws InterruptedException {
      for (Decision decision : reply.await()) {
        if (!(decision instanceof Decision.Sighting)) {
          throw new IllegalStateException("there is room for all: " + decision);
        }
      }
    }

    @Override
    public void close() throws InterruptedException {
      while (!underWay.isEmpty()) {
        requireSeen(underWay.remove());
      }
    }
  }
}
