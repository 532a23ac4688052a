package dev.sluice.pool.store;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A program that submits jobs, leases and ends them, many at a time, until it is killed. It says of
 * each what it has been told: {@code accepted NUMBER}, {@code leased NUMBER} and {@code done
 * NUMBER}.
 */
public final class JobLoop {
  static final String QUEUE = "orders";
  private static final int AT_ONCE = 50;

  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final JobStore store;
  private long next;

  private JobLoop(JobStore.Engine engine, long first) {
    store =
        engine.open(
            () -> wakes.add(true),
            new JobStore.Listener() {
              @Override
              public void changed(List<Change> changes) {}

              @Override
              public void changedElsewhere(JobStore.News news) {}
            });
    next = first;
  }

  /**
   * Runs it.
   *
   * @param arguments the file, and the number of the first job
   */
  public static void main(String[] arguments) throws InterruptedException {
    try (var file = new SqliteFixture(Path.of(arguments[0]), Clock.system(), TestJobs.DEFAULTS)) {
      new JobLoop(file.engine(), Long.parseLong(arguments[1])).run();
    }
  }

  static UUID id(long number) {
    return new UUID(0x7000, number);
  }

  static Payload payload(long number) {
    return Payload.json("{\"number\":" + number + "}");
  }

  private void run() throws InterruptedException {
    store.submit(
        new Subject.Queue(QUEUE),
        jobs -> jobs.configure(QUEUE, TestJobs.roomy(Kind.PULL)),
        _ -> {});
    for (int i = 0; i < AT_ONCE; i++) {
      accept();
    }
    while (true) {
      store.flush();
      wakes.take();
      store.collect();
    }
  }

  private void accept() {
    long number = next++;
    NewJob job = TestJobs.job(QUEUE).payload(payload(number)).job();
    store.submit(
        new Subject.Queue(QUEUE),
        jobs -> jobs.submit(job, id(number)),
        outcome -> {
          if (outcome instanceof Outcome.Done<Submitted>(Submitted.Accepted _)) {
            System.out.println("accepted " + number);
            if (number % 2 == 0) {
              lease();
            } else {
              accept();
            }
          }
        });
  }

  private void lease() {
    store.submit(
        new Subject.Queue(QUEUE),
        jobs -> jobs.lease(QUEUE, Kind.PULL, 1, Duration.ofHours(1), null),
        outcome -> {
          if (outcome instanceof Outcome.Done<List<LeasedJob>>(List<LeasedJob> leased)) {
            leased.forEach(this::end);
          }
        });
  }

  private void end(LeasedJob job) {
    long number = job.id().getLeastSignificantBits();
    System.out.println("leased " + number);
    store.submit(
        new Subject.Job(job.id()),
        jobs -> jobs.end(job.id(), job.lease(), new Verdict.Succeeded(200, job.payload())),
        outcome -> {
          if (outcome instanceof Outcome.Done<Steered>(Steered.Done _)) {
            System.out.println("done " + number);
          }
          accept();
        });
  }
}
