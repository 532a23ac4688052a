package dev.sluice.limiter.store;

import dev.sluice.limiter.store.Operation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts in Redis or Valkey, so that any number of instances share the counts: one call of one
 * script an operation, at the server's time, and a batch is one pipeline to each node.
 *
 * <pre>
 *   submit --&gt; refused lately? --yes--&gt; answer
 *                |no
 *                v
 *              RedisLane of the node that keeps the key -- flush --&gt; Redis
 *                                                       &lt;- collect -
 * </pre>
 *
 * <p>The server's time has microseconds, and so have the instants at which permits are there; the
 * arithmetic is as exact as in memory ({@link RedisTerms}). It is the time of day, so a step of it
 * forward lets permits come back early, and a step back grants nothing extra.
 */
final class RedisLimitStore implements LimitStore, RedisLane.Returns {
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

  private final RedisEngine engine;
  private final RedisSettings settings;
  private final Runnable wake;
  private final Refusals refusals;
  private final RedisLane.Counts counts = new RedisLane.Counts();
  private final List<RedisLane> lanes = new ArrayList<>();
  private final long pause;
  private @Nullable RedisLane root; // opened when the time is known
  private long refused;
  private long now;

  RedisLimitStore(RedisEngine engine, RedisSettings settings, Runnable wake) {
    this.engine = engine;
    this.settings = settings;
    this.wake = wake;
    this.refusals = new Refusals(settings.refusals(), settings.refusedKeys());
    this.pause = Math.clamp(settings.timeout().toNanos() / 4, 1_000_000, LONGEST_PAUSE.toNanos());
  }

  @Override
  public void submit(Operation operation, long instant, Consumer<? super Outcome> answer) {
    now = instant;
    Fingerprint print = operation.key().fingerprint();
    switch (operation.kind()) {
      case ACQUIRE -> {
        Outcome.Done refusal = refusals.refuse(print, operation.permits(), now);
        if (refusal != null) {
          refused++;
          answer.accept(refusal);
          return;
        }
      }
      case RELEASE, RESET -> refusals.forget(print);
      case PEEK -> {}
    }
    RedisRequest request = RedisRequest.of(operation, now, answer);
    laneOf(request.key()).submit(request, now);
  }

  @Override
  public void flush() {
    lanes.forEach(RedisLane::flush);
  }

  @Override
  public void collect() {
    for (int i = 0; i < lanes.size(); i++) { // an answer may bring a further lane
      lanes.get(i).collect();
    }
  }

  @Override
  public boolean isWaiting() {
    return lanes.stream().anyMatch(RedisLane::isWaiting);
  }

  @Override
  public long sweep(long instant) {
    now = instant;
    root();
    refusals.sweep(now);
    lanes.removeIf(this::isOver);
    for (int i = 0; i < lanes.size(); i++) {
      lanes.get(i).sweep(now);
    }
    return pause;
  }

  @Override
  public StoreStatus status() {
    List<StoreStatus.Node> nodes =
        lanes.stream()
            .filter(lane -> !engine.isCluster() || lane != root || lanes.size() == 1)
            .map(RedisLane::status)
            .toList();
    if (nodes.isEmpty()) {
      nodes =
          List.of(new StoreStatus.Node(engine.nameOf(RedisEngine.ROOT), false, "not asked yet"));
    }
    return new StoreStatus(nodes, counts.asked, counts.failed, counts.unasked, refused);
  }

  @Override
  public void answered(RedisRequest request, List<Long> answer) {
    Operation operation = request.operation();
    Algorithm algorithm = request.terms().algorithm();
    Cell cell = request.terms().cellOf(answer.subList(1, answer.size()));
    long engineNow = answer.getFirst() * 1000;
    Outcome.Done done = request.done(cell, engineNow);
    Fingerprint print = operation.key().fingerprint();
    if (operation.kind() == Kind.ACQUIRE && done.permits() == 0) {
      refusals.remember(print, algorithm, cell, engineNow, request.asked());
    } else if (operation.kind() == Kind.RELEASE || operation.kind() == Kind.RESET) {
      refusals.forget(print); // a refusal from before it may have come meanwhile
    }
    request.answer().accept(done);
  }

  /** The cluster as a whole follows the key to where it is now. */
  @Override
  public void moved(RedisRequest request) {
    root().submit(request, now);
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
    var lane = new RedisLane(engine, node, firstKey, settings, wake, counts, this, now);
    lanes.add(lane);
    return lane;
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
