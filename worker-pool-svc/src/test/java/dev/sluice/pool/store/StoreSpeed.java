package dev.sluice.pool.store;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A program that measures the engine on a file, through one store with so many works outstanding:
 * submits, leases and ends, first when it is empty, then with many jobs queued. Nothing is
 * asserted; run it by hand.
 */
public final class StoreSpeed {
  private static final String QUEUE = "orders";
  private static final Payload PAYLOAD = Payload.json("{\"order\":\"" + "x".repeat(100) + "\"}");

  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final Deque<LeasedJob> held = new ArrayDeque<>();
  private final JobStore store;
  private long next;
  private long done;

  private StoreSpeed(JobStore.Engine engine) {
    store =
        engine.open(
            () -> wakes.add(true),
            new JobStore.Listener() {
              @Override
              public void changed(List<Change> changes) {}

              @Override
              public void changedElsewhere(JobStore.News news) {}
            });
  }

  /**
   * Runs it.
   *
   * @param arguments a folder for the file, how many are to be queued, how many outstanding
   */
  public static void main(String[] arguments) throws Exception {
    Path path = Path.of(arguments[0], "speed.db");
    long queued = Long.parseLong(arguments[1]);
    int outstanding = Integer.parseInt(arguments[2]);
    delete(path);
    try (var file = new SqliteFixture(path, Clock.system(), TestJobs.DEFAULTS)) {
      run(file.engine(), queued, outstanding);
      System.gc();
      System.out.printf(
          "heap %d MiB, file %d MiB%n",
          Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() >> 20,
          Files.size(path) >> 20);
    }
    delete(path);
  }

  /**
   * Measures an engine.
   *
   * @param queued how many are to be queued
   * @param outstanding how many works are
   */
  public static void run(JobStore.Engine engine, long queued, int outstanding)
      throws InterruptedException {
    var speed = new StoreSpeed(engine);
    speed.store.submit(
        new Subject.Queue(QUEUE),
        jobs -> jobs.configure(QUEUE, TestJobs.roomy(Kind.PULL)),
        _ -> {});
    speed.measure("warm up", 100_000, outstanding, speed::submit);
    speed.measure("submit, empty", 100_000, outstanding, speed::submit);
    speed.measure("submit, empty, again", 100_000, outstanding, speed::submit);
    speed.cycle(outstanding);
    speed.measure("fill", queued - 200_000, 4_096, speed::submit);
    speed.measure("submit, filled", 100_000, outstanding, speed::submit);
    speed.measure("submit, filled, again", 100_000, outstanding, speed::submit);
    speed.cycle(outstanding);
  }

  private void cycle(int outstanding) throws InterruptedException {
    measure("lease, ten at a time", 50_000, Math.max(1, outstanding / 10), 10, this::lease);
    measure("end", held.size(), outstanding, this::end);
  }

  private void measure(String what, long count, int outstanding, Runnable one)
      throws InterruptedException {
    measure(what, count, outstanding, 1, one);
  }

  /**
   * Measures.
   *
   * @param each how many one brings
   */
  private void measure(String what, long count, int outstanding, int each, Runnable one)
      throws InterruptedException {
    long begin = System.nanoTime();
    done = 0;
    for (long asked = 0; done < count; ) {
      for (; asked - done < (long) outstanding * each && asked < count; asked += each) {
        one.run();
      }
      store.flush();
      if (done < count) {
        wakes.take();
        store.collect();
      }
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf("%-24s %8d in %6.2f s: %8.0f/s%n", what, count, seconds, count / seconds);
  }

  private void submit() {
    NewJob job = TestJobs.job(QUEUE).payload(PAYLOAD).job();
    long number = next++;
    UUID id = new UUID(System.currentTimeMillis() << 16 | 0x7000, number);
    store.submit(new Subject.Queue(QUEUE), jobs -> jobs.submit(job, id), _ -> done++);
  }

  private void lease() {
    store.submit(
        new Subject.Queue(QUEUE),
        jobs -> jobs.lease(QUEUE, Kind.PULL, 10, null, "w"),
        outcome -> {
          if (outcome instanceof Outcome.Done<List<LeasedJob>>(List<LeasedJob> leased)) {
            held.addAll(leased);
            done += leased.size();
          }
        });
  }

  private void end() {
    LeasedJob job = held.remove();
    store.submit(
        new Subject.Job(job.id()),
        jobs -> jobs.end(job.id(), job.lease(), new Verdict.Succeeded(null, null)),
        _ -> done++);
  }

  private static void delete(Path path) throws IOException {
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(Path.of(path + suffix));
    }
  }
}
