package dev.sluice.dedup.process;

import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Shards;
import dev.sluice.dedup.store.SeenKey;
import dev.sluice.dedup.store.SeenStore;
import java.time.Duration;
import java.util.function.IntFunction;

/** The deduplicator: shards that own the seen keys, each the keys that hash to it. */
public final class Deduplicator {
  private final DedupSettings settings;
  private final Shards<See> shards;

  private Deduplicator(DedupSettings settings, Shards<See> shards) {
    this.settings = settings;
    this.shards = shards;
  }

  /**
   * Starts the shards as processes of the scope.
   *
   * @param monitor watches their hearts
   * @param stores makes the store of shard i
   */
  public static Deduplicator start(
      Scope scope,
      HeartbeatMonitor monitor,
      DedupSettings settings,
      IntFunction<? extends SeenStore> stores)
      throws InterruptedException {
    Shards<See> shards =
        Shards.start(
            scope,
            "dedup",
            settings.shards(),
            settings.inbox(),
            monitor,
            shard -> new DedupShard(stores.apply(shard), scope.clock()));
    return new Deduplicator(settings, shards);
  }

  /**
   * Hands the request to the owner of its key. Never waits: safe on an event loop.
   *
   * @return gets the decision
   * @throws Ask.InvalidTtl the window asked for is not possible
   * @throws dev.sluice.csp.ChannelClosedException the deduplicator takes no more requests
   */
  public Reply<Decision> dedup(Ask ask) {
    if (!ask.ttl().isPositive() || ask.ttl().compareTo(settings.maxTtl()) > 0) {
      throw new Ask.InvalidTtl(ask.ttl(), settings.maxTtl());
    }
    var key = new SeenKey(ask.namespace(), ask.key());
    var reply = new Reply<Decision>();
    if (!shards.trySend(key, new See(key, ask.ttl(), reply))) {
      reply.complete(new Decision.NoRoom("too many requests wait for their decision"));
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
}
