package dev.sluice.pool.bench;

import dev.sluice.load.Command;
import dev.sluice.load.Load;
import dev.sluice.load.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/**
 * What many queued jobs cost.
 *
 * @param jobs how many
 * @param heapBytes of the service in use, after it was collected, with all of them
 * @param emptyPerSecond durable submits a second into an empty queue, a figure a round
 * @param fullPerSecond the same on top of the jobs
 */
record Backlog(
    int jobs, double heapBytes, List<Double> emptyPerSecond, List<Double> fullPerSecond) {

  static Backlog measure(Service service, Load submits, Effort effort)
      throws IOException, InterruptedException {
    System.out.printf("  %,d queued jobs%n", effort.jobs());
    try (Pool pool = Pool.of(service)) {
      var empty = new ArrayList<Double>();
      var full = new ArrayList<Double>();
      for (int round = 0; round < effort.rounds().rounds(); round++) {
        pool.purge();
        empty.add(submits.run(effort.rounds().seconds()).perSecond());
      }
      pool.purge();
      pool.fill(effort.jobs());
      double heap = heap(service);
      for (int round = 0; round < effort.rounds().rounds(); round++) {
        full.add(submits.run(effort.rounds().seconds()).perSecond());
      }
      return new Backlog(effort.jobs(), heap, empty, full);
    }
  }

  private static double heap(Service service) throws IOException, InterruptedException {
    Command.run("jcmd", "" + service.pid(), "GC.run");
    var request = HttpRequest.newBuilder(URI.create(service.http("/q/metrics"))).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    }
  }
}
