package dev.sluice.dedup.process;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Shards;
import dev.sluice.dedup.process.DedupMessage.GetContents;
import dev.sluice.dedup.process.DedupMessage.GetStore;
import dev.sluice.dedup.process.DedupMessage.Request;
import dev.sluice.dedup.process.DedupMessage.Wake;
import dev.sluice.dedup.store.SeenContents;
import dev.sluice.dedup.store.SeenKey;
import dev.sluice.dedup.store.SeenOperation;
import dev.sluice.dedup.store.SeenStore;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The deduplicator: shards that own the seen keys, each the keys that hash to it. Asking never
 * waits: it is safe on an event loop.
 */
public final class Deduplicator {
  static final Decision NO_ROOM = new Decision.NoRoom("too many requests wait for their decision");

  private final DedupSettings settings;
  private final Shards<DedupMessage> shards;

  private Deduplicator(DedupSettings settings, Shards<DedupMessage> shards) {
    this.settings = settings;
    this.shards = shards;
  }

  /**
   * Starts a deduplicator that tells nobody what it decides.
   *
   * @param monitor watches the hearts of its processes
   * @param stores makes the store of each shard
   */
  public static Deduplicator start(
      Scope scope, HeartbeatMonitor monitor, DedupSettings settings, SeenStore.Factory stores)
      throws InterruptedException {
    return start(scope, monitor, settings, stores, () -> DecisionMeter.NONE);
  }

  /**
   * Starts the shards as processes of the scope.
   *
   * @param monitor watches their hearts
   * @param stores makes the store of each shard
   * @param meters makes the meter of each shard
   */
  public static Deduplicator start(
      Scope scope,
      HeartbeatMonitor monitor,
      DedupSettings settings,
      SeenStore.Factory stores,
      Supplier<DecisionMeter> meters)
      throws InterruptedException {
    var clock = new EpochClock(scope.clock());
    var started = new Reply<Shards<DedupMessage>>();
    Shards<DedupMessage> shards =
        Shards.start(
            scope,
            "dedup",
            settings.shards(),
            settings.inbox(),
            monitor,
            shard ->
                new DedupShard(
                    stores.open(shard, () -> started.stage().thenAccept(all -> wake(all, shard))),
                    clock,
                    meters.get()));
    started.complete(shards);
    return new Deduplicator(settings, shards);
  }

  /** A shard whose inbox is full is awake, and one whose inbox is closed looks by itself. */
  private static void wake(Shards<DedupMessage> shards, int shard) {
    try {
      shards.trySendTo(shard, new Wake());
    } catch (ChannelClosedException ending) {
      // it collects at its next heartbeat
    }
  }

  /**
   * Sees a key once more: a {@link Decision.Sighting}, or why there is none.
   *
   * @throws Ask.InvalidTtl the window asked for is not possible
   * @throws ChannelClosedException the deduplicator takes no more requests
   */
  public Reply<Decision> see(Ask ask) {
    SeenOperation.See see = operation(ask);
    return send(see.key(), see);
  }

  /**
   * Sees several keys, each for itself; of the same key the earlier in the list is seen earlier.
   *
   * @return gets a decision for each ask, in its place
   * @throws Ask.InvalidTtl a window asked for is not possible; then none is seen
   * @throws ChannelClosedException the deduplicator takes no more requests; then none is seen
   */
  public Reply<List<Decision>> seeAll(List<Ask> asks) {
    var all = new ArrayList<SeenOperation.See>(asks.size());
    for (Ask ask : asks) {
      all.add(operation(ask));
    }
    return new SeeAll(shards, all).send();
  }

  /**
   * Says what is known of a key: a {@link Decision.Sighting}, or {@link Decision.Unknown}. Counts
   * nothing.
   *
   * @throws ChannelClosedException the deduplicator takes no more requests
   */
  public Reply<Decision> peek(String namespace, String key) {
    SeenKey seen = key(namespace, key);
    return send(seen, new SeenOperation.Peek(seen));
  }

  /**
   * Ends a key's window: {@link Decision.Forgotten}, or {@link Decision.Unknown} when it has none.
   *
   * @throws ChannelClosedException the deduplicator takes no more requests
   */
  public Reply<Decision> forget(String namespace, String key) {
    SeenKey seen = key(namespace, key);
    return send(seen, new SeenOperation.Forget(seen));
  }

  /**
   * Counts the keys of a namespace: {@link Decision.Counted}, those included whose window has ended
   * but that are not swept yet; or why some shard has not counted its own.
   *
   * @throws ChannelClosedException the deduplicator takes no more requests
   */
  public Reply<Decision> count(String namespace) {
    var counts = new ArrayList<CompletionStage<Decision>>(shards.count());
    for (int shard = 0; shard < shards.count(); shard++) {
      var reply = new Reply<Decision>();
      send(shard, new Request(new SeenOperation.Count(namespace), reply));
      counts.add(reply.stage());
    }
    var sum = new Reply<Decision>();
    counts.stream()
        .reduce((one, other) -> one.thenCombine(other, Deduplicator::sum))
        .orElseThrow()
        .whenComplete((decision, failure) -> {
          if (failure == null) {
            sum.complete(decision);
          } else {
            sum.fail(SeeAll.cause(failure));
          }
        });
    return sum;
  }

  private static Decision sum(Decision one, Decision other) {
    return one instanceof Decision.Counted(long keys)
        ? other instanceof Decision.Counted(long more) ? new Decision.Counted(keys + more) : other
        : one;
  }

  /**
   * Asks every shard how its store is; none is left out.
   *
   * @return in the order of the shards; a reply fails when that shard takes no more messages now
   */
  public List<Reply<StoreStatus>> stores() {
    return IntStream.range(0, shards.count())
        .mapToObj(shard -> this.<StoreStatus>ask(shard, GetStore::new))
        .toList();
  }

  /**
   * Asks every shard what it keeps in its own memory; empty when its keys are kept elsewhere.
   *
   * @return as {@link #stores}
   */
  public List<Reply<Optional<SeenContents>>> contents() {
    return IntStream.range(0, shards.count())
        .mapToObj(shard -> this.<Optional<SeenContents>>ask(shard, GetContents::new))
        .toList();
  }

  private <T> Reply<T> ask(int shard, Function<Reply<T>, DedupMessage> message) {
    var reply = new Reply<T>();
    try {
      if (!shards.trySendTo(shard, message.apply(reply))) {
        reply.fail(new IllegalStateException("the inbox of dedup-" + shard + " is full"));
      }
    } catch (ChannelClosedException ending) {
      reply.fail(ending);
    }
    return reply;
  }

  /** The longest window there may be. */
  public Duration maxTtl() {
    return settings.maxTtl();
  }

  /** Takes no more requests; those taken are answered, then the processes end. */
  public void close() {
    shards.close();
  }

  private SeenOperation.See operation(Ask ask) {
    if (!ask.ttl().isPositive() || ask.ttl().compareTo(settings.maxTtl()) > 0) {
      throw new Ask.InvalidTtl(ask.ttl(), settings.maxTtl());
    }
    return new SeenOperation.See(
        key(ask.namespace(), ask.key()), ask.ttl().toNanos(), ask.extend());
  }

  private SeenKey key(String namespace, String key) {
    return new SeenKey(namespace, key, Fingerprint.of(settings.secret(), namespace, key));
  }

  private Reply<Decision> send(SeenKey key, SeenOperation operation) {
    var reply = new Reply<Decision>();
    send(shards.shardOf(key.fingerprint()), new Request(operation, reply));
    return reply;
  }

  private void send(int shard, Request request) {
    if (!shards.trySendTo(shard, request)) {
      request.reply().complete(NO_ROOM);
    }
  }
}
