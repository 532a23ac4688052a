package dev.sluice.dedup.process.claims;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Shards;
import dev.sluice.dedup.process.claims.ClaimMessage.Abandoned;
import dev.sluice.dedup.process.claims.ClaimMessage.GetCounts;
import dev.sluice.dedup.process.claims.ClaimMessage.GetStore;
import dev.sluice.dedup.process.claims.ClaimMessage.Owned;
import dev.sluice.dedup.process.claims.ClaimMessage.Request;
import dev.sluice.dedup.process.claims.ClaimMessage.Wake;
import dev.sluice.dedup.store.claims.ClaimKey;
import dev.sluice.dedup.store.claims.ClaimOperation;
import dev.sluice.dedup.store.claims.ClaimStore;
import dev.sluice.dedup.store.claims.ClaimToken;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreStatus;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Idempotency claims: shards that own the keys, each those whose fingerprint hashes to it. Asking
 * never waits: it is safe on an event loop.
 */
public final class Claims {
  private final ClaimSettings settings;
  private final Shards<ClaimMessage> shards;

  /** Closed when the service is told to stop. */
  private final Channel<Void> granting;

  private Claims(ClaimSettings settings, Shards<ClaimMessage> shards, Channel<Void> granting) {
    this.settings = settings;
    this.shards = shards;
    this.granting = granting;
  }

  /**
   * Starts the shards as processes of the scope.
   *
   * @param monitor watches their hearts
   * @param stores makes the store of each shard
   */
  public static Claims start(
      Scope scope, HeartbeatMonitor monitor, ClaimSettings settings, ClaimStore.Factory stores)
      throws InterruptedException {
    var clock = new EpochClock(scope.clock());
    var started = new Reply<Shards<ClaimMessage>>();
    Channel<Void> granting = scope.channel("claims-granting", 0);
    var done = new ArrayList<CompletableFuture<Boolean>>();
    Shards<ClaimMessage> shards =
        Shards.start(
            scope,
            "claims",
            settings.shards(),
            settings.inbox(),
            monitor,
            shard -> {
              var stopping =
                  new ClaimShard.Stopping(granting::isClosedForSend, new Reply<Boolean>());
              done.add(stopping.done().stage().toCompletableFuture());
              return new ClaimShard(
                  stores.open(shard, () -> started.stage().thenAccept(all -> wake(all, shard))),
                  settings,
                  clock,
                  new SecureRandom(),
                  stopping);
            });
    started.complete(shards);
    CompletableFuture.allOf(done.toArray(CompletableFuture<?>[]::new))
        .whenComplete((_, _) -> shards.close());
    return new Claims(settings, shards, granting);
  }

  /** A shard whose inbox is full is awake, and one whose inbox is closed looks by itself. */
  private static void wake(Shards<ClaimMessage> shards, int shard) {
    try {
      shards.trySendTo(shard, new Wake());
    } catch (ChannelClosedException ending) {
      // it looks at its next heartbeat
    }
  }

  /**
   * Claims a key.
   *
   * @return gets a {@link ClaimDecision.Claimed}, a {@link ClaimDecision.Completed}, or why there
   *     is neither; who abandons it gives its place in the line back, and the claim if it has just
   *     been granted
   * @throws ClaimAsk.Invalid what was asked is not possible
   * @throws ChannelClosedException the service is stopping
   */
  public Reply<ClaimDecision> claim(ClaimAsk ask) {
    ClaimAsk.Invalid.check("wait", ask.maxWait(), Duration.ZERO, settings.maxWait());
    checkLease(ask.lease());
    ClaimAsk.Invalid.check("ttl", ask.ttl(), ask.lease(), settings.maxTtl());
    var reply = new Reply<ClaimDecision>();
    if (granting.isClosedForSend()) {
      reply.complete(new ClaimDecision.Draining());
      return reply;
    }
    var request = new Request(key(ask.namespace(), ask.key()), ask, reply);
    send(request.key(), request, reply);
    if (ask.maxWait().isPositive()) {
      reply.stage().whenComplete((_, _) -> tellIfAbandoned(request));
    }
    return reply;
  }

  /**
   * When the shard cannot be told, because its inbox is full or closed, it finds out when it comes
   * to that place in the line; until then the place counts.
   */
  private void tellIfAbandoned(Request request) {
    if (!request.reply().isAbandoned()) {
      return;
    }
    try {
      shards.trySend(request.key().fingerprint(), new Abandoned(request));
    } catch (ChannelClosedException ending) {
      // it takes no newcomers, whom the place could be in the way of
    }
  }

  /**
   * Ends a claim with what came of it. May be repeated.
   *
   * @param id what the key is called, whatever that may be
   * @param token of the owner, whatever that may be
   * @return gets a {@link ClaimDecision.Completed}, or why it has not been
   * @throws ChannelClosedException the service is stopping, and takes no more
   */
  public Reply<ClaimDecision> complete(String id, String token, Response response) {
    return owned(
        id, token, (key, owner) -> new ClaimOperation.Complete(key, owner, response.stored()));
  }

  /**
   * Gives a claim up: who comes next has the key.
   *
   * @return gets a {@link ClaimDecision.Aborted}, or why it has not been
   * @throws ChannelClosedException as {@link #complete}
   */
  public Reply<ClaimDecision> abort(String id, String token) {
    return owned(id, token, ClaimOperation.Abort::new);
  }

  /**
   * Lets a claim last from now on anew.
   *
   * @param lease how long
   * @return gets a {@link ClaimDecision.Renewed}, or why it has not been
   * @throws ClaimAsk.Invalid such a time is not possible
   * @throws ChannelClosedException as {@link #complete}
   */
  public Reply<ClaimDecision> renew(String id, String token, Duration lease) {
    checkLease(lease);
    return owned(id, token, (key, owner) -> new ClaimOperation.Renew(key, owner, lease.toNanos()));
  }

  private Reply<ClaimDecision> owned(
      String id, String token, BiFunction<ClaimKey, ClaimToken, ClaimOperation> operation) {
    var reply = new Reply<ClaimDecision>();
    ClaimId parsed = ClaimId.parse(id).orElse(null);
    ClaimToken owner = ClaimToken.parse(token).orElse(null);
    if (parsed == null) {
      reply.complete(new ClaimDecision.Unknown());
    } else if (owner == null) {
      reply.complete(new ClaimDecision.Lost());
    } else {
      ClaimKey key = key(parsed.namespace(), parsed.key());
      send(key, new Owned(operation.apply(key, owner), reply), reply);
    }
    return reply;
  }

  private void send(ClaimKey key, ClaimMessage message, Reply<ClaimDecision> reply) {
    if (!shards.trySend(key.fingerprint(), message)) {
      reply.complete(new ClaimDecision.NoRoom("too many requests wait for their decision"));
    }
  }

  private ClaimKey key(String namespace, String key) {
    return new ClaimKey(namespace, key, Fingerprint.of(settings.secret(), namespace, key));
  }

  /**
   * Asks every shard what it has counted; none is left out.
   *
   * @return in the order of the shards; a reply fails when that shard takes no more messages now
   */
  public List<Reply<ClaimCounts>> counts() {
    return askAll(GetCounts::new);
  }

  /**
   * Asks every shard how it finds its engine.
   *
   * @return as {@link #counts}
   */
  public List<Reply<StoreStatus>> stores() {
    return askAll(GetStore::new);
  }

  private <T> List<Reply<T>> askAll(Function<Reply<T>, ClaimMessage> question) {
    return IntStream.range(0, shards.count()).mapToObj(shard -> ask(shard, question)).toList();
  }

  private <T> Reply<T> ask(int shard, Function<Reply<T>, ClaimMessage> question) {
    var reply = new Reply<T>();
    try {
      if (!shards.trySendTo(shard, question.apply(reply))) {
        reply.fail(new IllegalStateException("the inbox of claims-" + shard + " is full"));
      }
    } catch (ChannelClosedException ending) {
      reply.fail(ending);
    }
    return reply;
  }

  /**
   * Grants no more claims, and sends those away who wait. Claims that are out can be completed,
   * renewed and aborted still, as long as the store knows of some that only this service can end,
   * and for {@link ClaimSettings#drain} at most; then the processes end.
   */
  public void close() {
    granting.tryClose();
    for (int shard = 0; shard < shards.count(); shard++) {
      wake(shards, shard);
    }
  }

  /** The longest wait there may be. */
  public Duration maxWait() {
    return settings.maxWait();
  }

  /** The longest lease there may be; the shortest is {@link ClaimSettings#MIN_LEASE}. */
  public Duration maxLease() {
    return settings.maxLease();
  }

  /** For how long a key may be remembered. */
  public Duration maxTtl() {
    return settings.maxTtl();
  }

  /** The largest response, as {@link Response#size} has it. */
  public long maxResponse() {
    return settings.maxResponse();
  }

  private void checkLease(Duration lease) {
    ClaimAsk.Invalid.check("lease", lease, ClaimSettings.MIN_LEASE, settings.maxLease());
  }
}
