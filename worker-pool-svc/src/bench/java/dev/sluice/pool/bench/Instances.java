package dev.sluice.pool.bench;

import dev.sluice.load.Load;
import dev.sluice.load.Service;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Several instances on one PostgreSQL, loaded at the same time.
 *
 * @param submits durable submits a second of each instance, medians of the rounds
 * @param ends jobs a second that the worker of each instance has ended
 */
record Instances(List<Double> submits, List<Double> ends) {
  private static final int WARM_UP_JOBS = 10_000;

  static Instances measure(List<Service> services, List<Load> loads, Effort effort)
      throws IOException, InterruptedException {
    System.out.println("  " + services.size() + " instances on PostgreSQL");
    List<List<Double>> rounds = new ArrayList<>();
    for (Service service : services) {
      try (Pool pool = Pool.of(service)) {
        pool.fill(WARM_UP_JOBS); // a cold one may not answer in the time of a round
      }
    }
    together(loads, load -> load.run(effort.rounds().warmUpSeconds()).perSecond());
    for (int round = 0; round < effort.rounds().rounds(); round++) {
      rounds.add(together(loads, load -> load.run(effort.rounds().seconds()).perSecond()));
    }
    List<Double> medians =
        IntStream.range(0, services.size())
            .mapToObj(
                i -> median(rounds.stream().mapToDouble(round -> round.get(i)).sorted().toArray()))
            .toList();
    return new Instances(medians, ends(services));
  }

  /** Every instance has a worker, until all jobs are ended. */
  private static List<Double> ends(List<Service> services) throws InterruptedException {
    List<Pool> pools = services.stream().map(Pool::of).toList();
    List<LongAdder> counts = services.stream().map(_ -> new LongAdder()).toList();
    var done = new Semaphore(0);
    int depth = Math.toIntExact(pools.getFirst().depth());
    long begin = System.nanoTime();
    List<Worker> workers =
        IntStream.range(0, services.size())
            .mapToObj(i ->
                new Worker(
                    pools.get(i),
                    _ -> {
                      counts.get(i).increment();
                      done.release();
                    }))
            .toList();
    if (!done.tryAcquire(depth, 10, TimeUnit.MINUTES)) {
      throw new IllegalStateException("of " + depth + " jobs not all have been ended");
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    workers.forEach(Worker::close);
    pools.forEach(Pool::close);
    return counts.stream().map(count -> count.sum() / seconds).toList();
  }

  double submitsPerSecond() {
    return sum(submits);
  }

  double endsPerSecond() {
    return sum(ends);
  }

  /** The least of them over the most. */
  static double evenness(List<Double> figures) {
    return Collections.min(figures) / Collections.max(figures);
  }

  private static double sum(List<Double> figures) {
    return figures.stream().mapToDouble(each -> each).sum();
  }

  private static double median(double[] sorted) {
    return sorted[sorted.length / 2];
  }

  @FunctionalInterface
  private interface Run {
    double of(Load load) throws IOException, InterruptedException;
  }

  private static List<Double> together(List<Load> loads, Run run)
      throws IOException, InterruptedException {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Double>> all =
          loads.stream().map(load -> threads.submit(() -> run.of(load))).toList();
      var figures = new ArrayList<Double>();
      for (Future<Double> each : all) {
        figures.add(each.get());
      }
      return figures;
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    }
  }
}
