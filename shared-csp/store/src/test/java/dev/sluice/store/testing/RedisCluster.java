package dev.sluice.store.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A real cluster of three servers that keep a third of the keys each. */
public final class RedisCluster implements AutoCloseable {
  private static final int SLOTS = 16_384;

  private final List<RedisProcess> nodes = new ArrayList<>();

  private RedisCluster() {
    for (int i = 0; i < 3; i++) {
      nodes.add(
          RedisProcess.start(
              "--cluster-enabled", "yes",
              "--cluster-node-timeout", "1000",
              "--cluster-require-full-coverage", "no"));
    }
  }

  /** Starts one, and returns when all nodes agree. */
  public static RedisCluster start() {
    var cluster = new RedisCluster();
    cluster.form();
    return cluster;
  }

  private void form() {
    for (int i = 0; i < nodes.size(); i++) {
      int first = SLOTS * i / nodes.size();
      int end = SLOTS * (i + 1) / nodes.size();
      String slots =
          IntStream.range(first, end).mapToObj(Integer::toString).collect(Collectors.joining(" "));
      nodes.get(i).command("CONFIG SET cluster-announce-ip 127.0.0.1");
      nodes.get(i).command("CLUSTER ADDSLOTS " + slots);
      nodes.getFirst().command("CLUSTER MEET 127.0.0.1 " + nodes.get(i).port());
    }
    for (RedisProcess node : nodes) {
      Patience.until("the nodes agree", () -> isFormed(node.answer("CLUSTER INFO")));
    }
  }

  private static boolean isFormed(String info) {
    return info.contains("cluster_state:ok")
        && info.contains("cluster_slots_ok:" + SLOTS)
        && info.contains("cluster_known_nodes:3");
  }

  /** Its servers; the first third of the slots is on the first. */
  public List<RedisProcess> nodes() {
    return nodes;
  }

  /** As the services' configuration has it. */
  public String address() {
    return nodes.stream()
        .map(node -> "127.0.0.1:" + node.port())
        .collect(Collectors.joining(",", "redis-cluster://", ""));
  }

  @Override
  public void close() {
    nodes.forEach(RedisProcess::close);
  }
}
