package dev.sluice.store.redis;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The way to one node: its connection, what is under way on it, and the circuit breaker. It belongs
 * to the process that asks.
 *
 * <pre>
 *                 connected                    connection lost, no answer in time,
 *   CONNECTING ----------------&gt; UP ---------- or so many error answers in a row
 *       |                        ^                        |
 *       |                        | probe answered         v
 *       +-- not reached -----&gt; PROBING &lt;-- time to ---- DOWN
 *                                +-------- probe failed --^
 * </pre>
 *
 * <p>While it is down nothing is sent, and every request is answered at once. A probe connects anew
 * and calls a script that writes, so a server that still loads its data, or has become a replica,
 * is not taken for one that counts. Only the first connection is waited for.
 */
final class RedisLane {
  private static final Logger LOG = Logger.getLogger(RedisLane.class);

  /** How many times as long as an answer a connection may take: it greets, and is then probed. */
  private static final int STEPS_TO_CONNECT = 4;

  /** When to look again whether a full server has room: it does not tell when. */
  private static final Duration ROOM_IN = Duration.ofSeconds(1);

  /** What has been counted on all lanes of a process. */
  static final class Counts {
    long asked;
    long failed;
    long unasked;
  }

  private enum State {
    CONNECTING,
    UP,
    DOWN,
    PROBING
  }

  /** Requests sent together. */
  private record Flight(
      List<RedisRequest> requests, List<CompletableFuture<RedisAnswer>> answers, long sent) {
    boolean isDone() {
      return answers.stream().allMatch(Future::isDone);
    }
  }

  private final RedisEngine engine;
  private final String node;
  private final RedisSettings settings;
  private final Runnable wake;
  private final Counts counts;
  private final Consumer<RedisRequest> moved;
  private final Queue<RedisRequest> unknown = new ArrayDeque<>(); // scripts the server has lost
  private final Queue<RedisRequest> pending = new ArrayDeque<>();
  private final Queue<Flight> flights = new ArrayDeque<>();

  private State state = State.CONNECTING;
  private String reason = "not connected yet";
  private @Nullable String lastKey; // where a probe writes
  private @Nullable RedisLink link;
  private CompletableFuture<RedisLink> connecting;
  private long connectingSince;
  private long probeAt;
  private int failures;
  private long now;

  /**
   * @param firstKey where the first probe writes; null: anywhere
   * @param moved gets requests of which the node says that another one keeps the key
   */
  RedisLane(
      RedisEngine engine,
      String node,
      @Nullable String firstKey,
      RedisSettings settings,
      Runnable wake,
      Counts counts,
      Consumer<RedisRequest> moved,
      long now) {
    this.engine = engine;
    this.node = node;
    this.lastKey = firstKey;
    this.settings = settings;
    this.wake = wake;
    this.counts = counts;
    this.moved = moved;
    this.now = now;
    this.connecting = connect();
  }

  String node() {
    return node;
  }

  /** The connection; null while there is none. */
  @Nullable RedisLink link() {
    return link;
  }

  StoreStatus.Node status() {
    return new StoreStatus.Node(engine.nameOf(node), state == State.UP, reason);
  }

  boolean isWaiting() {
    return !pending.isEmpty() || !unknown.isEmpty() || !flights.isEmpty();
  }

  void submit(RedisRequest request, long instant) {
    now = instant;
    lastKey = request.key();
    if (state == State.DOWN || state == State.PROBING) {
      counts.unasked++;
      tell(request, unavailable());
    } else {
      pending.add(request);
    }
  }

  /** Sends what is pending in one go. */
  void flush() {
    if (state != State.UP || link == null || (pending.isEmpty() && unknown.isEmpty())) {
      return;
    }
    var requests = new ArrayList<RedisRequest>(unknown.size() + pending.size());
    requests.addAll(unknown);
    requests.addAll(pending);
    var calls = new ArrayList<RedisRequest.Call>(requests.size());
    for (int i = 0; i < requests.size(); i++) {
      calls.add(requests.get(i).call(i < unknown.size()));
    }
    unknown.clear();
    pending.clear();
    counts.asked += requests.size();
    List<CompletableFuture<RedisAnswer>> answers;
    try {
      answers = link.send(calls);
    } catch (RuntimeException failure) { // some may have been sent
      LOG.errorf(failure, "nothing can be sent to Redis at %s", engine.nameOf(node));
      var lost = new StoreFailure.Unavailable("nothing can be sent to Redis", untilProbe());
      requests.forEach(request -> fail(request, lost));
      return;
    }
    flights.add(new Flight(requests, answers, now));
    var _ =
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
            .whenComplete((_, _) -> wake.run());
  }

  /** Hands over what has come back. */
  void collect() {
    if ((state == State.CONNECTING || state == State.PROBING) && connecting.isDone()) {
      connected();
    }
    for (Flight flight = flights.peek();
        flight != null && flight.isDone();
        flight = flights.peek()) {
      flights.remove();
      for (int i = 0; i < flight.requests.size(); i++) {
        settle(flight.requests.get(i), flight.answers.get(i));
      }
    }
  }

  /** Looks after what does not come back, and tries again what is down. */
  void sweep(long instant) {
    now = instant;
    switch (state) {
      case CONNECTING, PROBING -> {
        Duration limit = settings.timeout().multipliedBy(STEPS_TO_CONNECT);
        if (now - connectingSince > limit.toNanos()) {
          var _ = connecting.thenAccept(RedisLink::close); // should it still come
          notReached("Redis cannot be reached within " + millis(limit), null);
        }
      }
      case UP -> {
        Flight oldest = flights.peek();
        if (oldest != null && now - oldest.sent > settings.timeout().toNanos()) {
          fallen("Redis has not answered within " + millis(settings.timeout()), null);
        } else if (link != null && !link.isOpen()) {
          fallen("the connection to Redis is lost", null);
        }
      }
      case DOWN -> {
        if (now >= probeAt) {
          state = State.PROBING;
          connecting = connect();
        }
      }
    }
  }

  /** Lets go of the node. */
  void close() {
    var _ = connecting.thenAccept(RedisLink::close);
  }

  private CompletableFuture<RedisLink> connect() {
    connectingSince = now;
    CompletableFuture<RedisLink> linked = engine.connect(node);
    if (!isRootOfCluster()) {
      linked = linked.thenCompose(this::probed);
    }
    var _ = linked.whenComplete((_, _) -> wake.run());
    return linked;
  }

  private CompletableFuture<RedisLink> probed(RedisLink fresh) {
    return fresh
        .send(List.of(RedisRequest.Call.probe(lastKey)))
        .getFirst()
        .whenComplete((_, failure) -> {
          if (failure != null) {
            fresh.close();
          }
        })
        .thenApply(_ -> fresh);
  }

  private void connected() {
    if (connecting.state() == Future.State.SUCCESS) {
      if (state == State.PROBING) {
        LOG.infof("Redis at %s answers again", engine.nameOf(node));
      }
      state = State.UP;
      reason = "";
      failures = 0;
      link = connecting.resultNow();
    } else {
      Throwable failure = failure(connecting);
      notReached(
          failure instanceof RedisCommandExecutionException
              ? "Redis answers " + failure.getMessage()
              : "Redis cannot be reached",
          failure);
    }
  }

  private void settle(RedisRequest request, CompletableFuture<RedisAnswer> answer) {
    if (answer.state() == Future.State.SUCCESS) {
      failures = 0;
      answered(request, answer.resultNow());
      return;
    }
    Throwable failure = failure(answer);
    if (failure instanceof RedisNoScriptException && state == State.UP) {
      unknown.add(request);
    } else if (failure instanceof RedisCommandExecutionException) {
      refused(request, String.valueOf(failure.getMessage()));
    } else {
      if (!isRootOfCluster()) {
        fallen("the connection to Redis is lost", failure);
      }
      fail(request, new StoreFailure.Unavailable("the connection to Redis is lost", untilProbe()));
    }
  }

  /** The server is there and has done nothing. */
  private void refused(RedisRequest request, String error) {
    if (error.startsWith("MOVED ") || error.startsWith("ASK ")) {
      moved.accept(request);
    } else if (error.contains("OOM ")) {
      fail(request, new StoreFailure.Full("Redis has reached its maxmemory", ROOM_IN));
    } else {
      String says = "Redis answers " + error;
      if (++failures >= settings.failures() && !isRootOfCluster()) {
        fallen(says, null);
      }
      fail(request, new StoreFailure.Unavailable(says, untilProbe()));
    }
  }

  /** An answer that nobody understands is one request's matter, not that of those beside it. */
  private void answered(RedisRequest request, RedisAnswer answer) {
    try {
      request.answered(answer);
    } catch (RuntimeException bad) {
      LOG.errorf(bad, "an answer of Redis at %s cannot be read", engine.nameOf(node));
      fail(
          request,
          new StoreFailure.Unavailable("Redis gives an answer that cannot be read", untilProbe()));
    }
  }

  private void fail(RedisRequest request, StoreFailure failure) {
    counts.failed++;
    tell(request, failure);
  }

  private static void tell(RedisRequest request, StoreFailure failure) {
    try {
      request.failed(failure);
    } catch (RuntimeException bad) {
      LOG.error("a request to Redis has not taken its failure", bad);
    }
  }

  private void notReached(String why, @Nullable Throwable cause) {
    if (state == State.CONNECTING) {
      warn(why, cause);
    }
    down(why);
  }

  private void fallen(String why, @Nullable Throwable cause) {
    if (state == State.UP) {
      warn(why, cause);
      down(why);
    }
  }

  private void warn(String why, @Nullable Throwable cause) {
    LOG.warnf("%s, at %s%s", why, engine.nameOf(node), cause == null ? "" : ": " + cause);
  }

  private void down(String why) {
    state = State.DOWN;
    reason = why;
    probeAt = now + settings.probeEvery().toNanos();
    if (link != null) {
      link.close();
      link = null;
    }
    engine.refresh();
    var lost = new ArrayList<>(flights);
    var unsent = new ArrayList<>(unknown);
    unsent.addAll(pending);
    flights.clear();
    unknown.clear();
    pending.clear();
    lost.forEach(this::fail);
    unsent.forEach(request -> fail(request, unavailable()));
  }

  /** Of those sent together some may have been answered. */
  private void fail(Flight flight) {
    for (int i = 0; i < flight.requests.size(); i++) {
      CompletableFuture<RedisAnswer> answer = flight.answers.get(i);
      if (answer.state() == Future.State.SUCCESS) {
        answered(flight.requests.get(i), answer.resultNow());
      } else {
        fail(flight.requests.get(i), unavailable());
      }
    }
  }

  private boolean isRootOfCluster() {
    return engine.isCluster() && node.equals(RedisEngine.ROOT);
  }

  private StoreFailure.Unavailable unavailable() {
    return new StoreFailure.Unavailable(reason, untilProbe());
  }

  private Duration untilProbe() {
    return Duration.ofNanos(Math.max(1, probeAt - now)); // never: at once
  }

  private static @Nullable Throwable failure(CompletableFuture<?> failed) {
    return failed.state() == Future.State.CANCELLED ? null : failed.exceptionNow();
  }

  private static String millis(Duration time) {
    return time.toMillis() + "ms";
  }
}
