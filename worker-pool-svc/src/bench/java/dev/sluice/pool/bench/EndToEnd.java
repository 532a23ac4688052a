package dev.sluice.pool.bench;

import dev.sluice.load.Load;
import dev.sluice.load.Sample;
import dev.sluice.load.Service;
import dev.sluice.pool.grpc.LeasedJob;
import dev.sluice.pool.grpc.SubmitResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * From a job's submit to its durable end by a pull worker, over gRPC.
 *
 * @param most jobs a second that went through with 64 callers
 * @param half what was seen at half of that: the time of a job runs from when it was to be
 *     submitted
 */
record EndToEnd(double most, Sample half) {
  private static final int CALLERS = 64;

  static EndToEnd measure(Service service, Effort effort) throws IOException, InterruptedException {
    System.out.println("  jobs from their submit to their end");
    try (Pool pool = Pool.of(service)) {
      most(pool, effort.seconds());
      double most = most(pool, effort.seconds());
      return new EndToEnd(most, paced(pool, most / 2, effort.seconds()));
    }
  }

  /** Each caller submits its next job when the last is durable, however the worker keeps up. */
  private static double most(Pool pool, int seconds) throws IOException, InterruptedException {
    var done = new Semaphore(0);
    var calls = new Calls(CALLERS);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long begin = System.nanoTime();
    int submitted = 0;
    try (var _ = new Worker(pool, _ -> done.release())) {
      while (System.nanoTime() - end < 0) {
        calls.submit(pool, Pool.PAYLOAD);
        submitted++;
      }
      done.acquire(submitted);
      calls.await();
      return submitted / ((System.nanoTime() - begin) / 1e9);
    }
  }

  private static Sample paced(Pool pool, double perSecond, int seconds)
      throws IOException, InterruptedException {
    List<Double> micros = new ArrayList<>(); // by the worker's thread
    var done = new Semaphore(0);
    var calls = new Calls(Integer.MAX_VALUE / 2);
    int jobs = (int) (perSecond * seconds);
    long begin = System.nanoTime();
    try (var _ =
        new Worker(
            pool,
            job -> {
              micros.add((System.nanoTime() - begin - dueAt(job)) / 1e3);
              done.release();
            })) {
      for (int i = 0; i < jobs; i++) {
        long due = (long) (i / perSecond * 1e9);
        while (System.nanoTime() - begin < due) {
          LockSupport.parkNanos(50_000);
        }
        calls.submit(pool, "{\"at\":" + due + ",\"text\":\"" + "x".repeat(70) + "\"}");
      }
      done.acquire(jobs);
      calls.await();
    }
    int cold = micros.size() / 5; // the first fifth
    double[] warm =
        micros.subList(cold, micros.size()).stream().mapToDouble(each -> each).toArray();
    return Load.sample(warm, seconds * 0.8);
  }

  private static long dueAt(LeasedJob job) {
    String json = job.getPayload().getJson();
    return Long.parseLong(json.substring(json.indexOf(':') + 1, json.indexOf(',')));
  }

  /** Submits that are under way. */
  private static final class Calls implements StreamObserver<SubmitResponse> {
    private final int most;
    private final Semaphore room;
    private final LongAdder failed = new LongAdder();

    Calls(int most) {
      this.most = most;
      this.room = new Semaphore(most);
    }

    void submit(Pool pool, String payload) throws InterruptedException {
      room.acquire();
      pool.calls().submit(Pool.job(payload), this);
    }

    void await() throws IOException, InterruptedException {
      room.acquire(most);
      room.release(most);
      if (failed.sum() > 0) {
        throw new IOException(failed.sum() + " submits have failed");
      }
    }

    @Override
    public void onNext(SubmitResponse response) {}

    @Override
    public void onError(Throwable failure) {
      failed.increment();
      room.release();
    }

    @Override
    public void onCompleted() {
      room.release();
    }
  }
}
