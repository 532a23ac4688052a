package dev.sluice.store.redis;

import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ways to one Redis that a process has: one lane to a server, or one to each node of a cluster
 * and one, the root, to the cluster as a whole. They belong to that process.
 */
public final class RedisLanes {
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

  private final RedisEngine engine;
  private final RedisSettings settings;
  private final Runnable wake;
  private final RedisLane.Counts counts = new RedisLane.Counts();
  private final List<RedisLane> lanes = new ArrayList<>();
  private final long pause;
  private @Nullable RedisLane root; // opened when the time is known
  private long now;

  /**
   * @param wake tells the process that something has come back
   */
  RedisLanes(RedisEngine engine, RedisSettings settings, Runnable wake) {
    this.engine = engine;
    this.settings = settings;
    this.wake = wake;
    this.pause = Math.clamp(settings.timeout().toNanos() / 4, 1_000_000, LONGEST_PAUSE.toNanos());
  }

  /** Puts the request on the way to the node that keeps its key. */
  public void submit(RedisRequest request, long instant) {
    now = instant;
    laneOf(request.key()).submit(request, now);
  }

  /** Sends what has been submitted: one pipeline to each node. */
  public void flush() {
    lanes.forEach(RedisLane::flush);
  }

  /** Hands over what has come back. */
  public void collect() {
    for (int i = 0; i < lanes.size(); i++) { // an answer may bring a further lane
      lanes.get(i).collect();
    }
  }

  /** Whether answers are still to come. */
  public boolean isWaiting() {
    return lanes.stream().anyMatch(RedisLane::isWaiting);
  }

  /**
   * Looks after what does not come back, and tries again what is down.
   *
   * @return nanoseconds until it wants to look again
   */
  public long sweep(long instant) {
    now = instant;
    root();
    lanes.removeIf(this::isOver);
    for (int i = 0; i < lanes.size(); i++) {
      lanes.get(i).sweep(now);
    }
    return pause;
  }

  /**
   * How the nodes are.
   *
   * @param spared what the process has answered by itself
   */
  public StoreStatus status(long spared) {
    List<StoreStatus.Node> nodes =
        lanes.stream()
            .filter(lane -> !engine.isCluster() || lane != root || lanes.size() == 1)
            .map(RedisLane::status)
            .toList();
    if (nodes.isEmpty()) {
      nodes =
          List.of(new StoreStatus.Node(engine.nameOf(RedisEngine.ROOT), false, "not asked yet"));
    }
    return new StoreStatus(nodes, counts.asked, counts.failed, counts.unasked, spared);
  }

  private RedisLane laneOf(String key) {
    RedisLink link = root().link();
    String node = link == null ? RedisEngine.ROOT : link.nodeOf(key);
    for (RedisLane lane : lanes) {
      if (lane.node().equals(node)) {
        return lane;
      }
    }
    return open(node, key);
  }

  private RedisLane root() {
    if (root == null) {
      root = open(RedisEngine.ROOT, null);
    }
    return root;
  }

  private RedisLane open(String node, @Nullable String firstKey) {
    var lane = new RedisLane(engine, node, firstKey, settings, wake, counts, this::moved, now);
    lanes.add(lane);
    return lane;
  }

  /** The cluster as a whole follows the key to where it is now. */
  private void moved(RedisRequest request) {
    root().submit(request, now);
  }

  /** Whether the node keeps no keys any more. */
  private boolean isOver(RedisLane lane) {
    RedisLink link = root().link();
    if (lane == root || link == null || lane.isWaiting() || link.keepsKeys(lane.node())) {
      return false;
    }
    lane.close();
    return true;
  }
}
