package dev.sluice.mesh.bench;

import com.google.protobuf.Duration;
import dev.sluice.mesh.grpc.MeshRequest;
import dev.sluice.mesh.grpc.MeshView;
import dev.sluice.mesh.grpc.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * How long it takes until all shards of a worker are served again that was stalled or killed: from
 * the signal to the last of the replies to requests, one a shard, that were sent right after it.
 *
 * @param signal what the worker was sent
 * @param millis of each run
 */
record Healing(String signal, List<Double> millis) {
  private static final Duration WAIT = Duration.newBuilder().setSeconds(30).build();

  static Healing measure(Mesh mesh, String signal, int runs)
      throws IOException, InterruptedException {
    System.out.println("  a worker that is sent " + signal + ", " + runs + " times");
    mesh.awaitWell();
    Map<Integer, String> keys = mesh.keys();
    var millis = new ArrayList<Double>();
    for (int run = 0; run < runs; run++) {
      millis.add(heal(mesh, keys, signal, "worker-" + run % Mesh.WORKERS));
    }
    mesh.awaitWell();
    return new Healing(signal, millis);
  }

  private static double heal(Mesh mesh, Map<Integer, String> keys, String signal, String name)
      throws IOException, InterruptedException {
    MeshView view = mesh.awaitWell();
    Worker victim =
        view.getWorkersList().stream()
            .filter(worker -> worker.getName().equals(name))
            .findAny()
            .orElseThrow();
    List<Integer> shards = Mesh.shards(view, victim);
    long begin = System.nanoTime();
    Process kill =
        new ProcessBuilder("kill", "-" + signal, Long.toString(victim.getPid()))
            .inheritIO()
            .start();
    if (kill.waitFor() != 0) {
      throw new IOException(victim.getName() + " has no process");
    }
    var replies = shards.stream().map(shard -> mesh.ask(probe(keys.get(shard)))).toList();
    try {
      for (var reply : replies) {
        reply.get();
      }
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  private static MeshRequest probe(String key) {
    return MeshRequest.newBuilder().setKey(key).setOp("echo").setWait(WAIT).build();
  }

  double max() {
    return millis.stream().mapToDouble(each -> each).max().orElseThrow();
  }
}
