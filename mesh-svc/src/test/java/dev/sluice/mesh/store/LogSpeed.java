package dev.sluice.mesh.store;

import dev.sluice.csp.Clock;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A program that measures how many requests are accepted and finished in a second, with so many in
 * flight; and the floor: the same bytes appended to a bare file, as many at once as were in flight.
 * Nothing is asserted; run it by hand.
 */
public final class LogSpeed {
  private static final String PAYLOAD = "{\"order\":\"" + "x".repeat(80) + "\"}";
  private static final Outcome OUTCOME =
      new Outcome.Replied(7, "worker-1", 3, "{\"done\":\"" + "y".repeat(40) + "\"}");
  private static final int BYTES = 36 + 8 + 4 + 90 + 8 + 50;

  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final RequestLog log;
  private long asked;
  private long done;

  private LogSpeed(RequestLog.Engine engine) {
    log = engine.open("r-0", () -> wakes.add(true));
    log.recover();
  }

  /**
   * Runs it.
   *
   * @param arguments a folder for the file, how many requests, and how many at once
   */
  public static void main(String[] arguments) throws Exception {
    Path path = Path.of(arguments[0], "speed.db");
    int count = Integer.parseInt(arguments[1]);
    int atOnce = Integer.parseInt(arguments[2]);
    delete(path);
    floor(Path.of(arguments[0], "floor"), count, atOnce);
    for (int round = 1; round <= 3; round++) {
      long opening = System.nanoTime();
      try (var file = new SqliteFixture(path, Clock.system(), LogSettings.DEFAULTS)) {
        System.out.printf("opened in %d ms%n", (System.nanoTime() - opening) / 1_000_000);
        new LogSpeed(file.engine()).measure(count, atOnce);
        System.out.printf("file %d MiB%n", Files.size(path) >> 20);
      }
    }
    delete(path);
  }

  /** Measures an engine. */
  public static void run(RequestLog.Engine engine, int count, int atOnce)
      throws InterruptedException {
    new LogSpeed(engine).measure(count, atOnce);
  }

  private void measure(int count, int atOnce) throws InterruptedException {
    long cpu = cpu();
    long begin = System.nanoTime();
    while (done < count) {
      while (asked - done < atOnce && asked < count) {
        accept();
      }
      log.flush();
      if (done < count) {
        wakes.take();
        wakes.clear();
        log.collect();
      }
    }
    report("accept and finish", count, begin, cpu);
  }

  private void accept() {
    asked++;
    String id = UUID.randomUUID().toString();
    log.accept(
        new Request(id, "acct-" + asked % 1_000, "echo", PAYLOAD, true, null),
        _ -> {
          log.finish(id, OUTCOME);
          done++;
        });
  }

  private static void floor(Path path, int count, int atOnce) throws IOException {
    ByteBuffer group = ByteBuffer.allocateDirect(BYTES * atOnce);
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long cpu = cpu();
      long begin = System.nanoTime();
      for (int written = 0; written < count; written += atOnce) {
        group.clear();
        file.write(group);
        file.force(false);
      }
      report("floor", count, begin, cpu);
    }
    Files.delete(path);
  }

  private static long cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  private static void report(String what, int count, long begin, long cpuBefore) {
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        "%-18s %8d in %6.2f s: %8.0f/s, %.1f us of processor each%n",
        what, count, seconds, count / seconds, (cpu() - cpuBefore) / 1e3 / count);
  }

  private static void delete(Path path) throws IOException {
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(Path.of(path + suffix));
    }
  }
}
