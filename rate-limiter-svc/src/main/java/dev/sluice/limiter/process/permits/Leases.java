package dev.sluice.limiter.process.permits;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Shards;
import dev.sluice.limiter.process.Invalid;
import dev.sluice.limiter.process.permits.LeaseMessage.Abandoned;
import dev.sluice.limiter.process.permits.LeaseMessage.Acquire;
import dev.sluice.limiter.process.permits.LeaseMessage.GetCounts;
import dev.sluice.limiter.process.permits.LeaseMessage.Look;
import dev.sluice.limiter.process.permits.LeaseMessage.NewPolicies;
import dev.sluice.limiter.process.permits.LeaseMessage.Release;
import dev.sluice.limiter.process.permits.LeaseMessage.Renew;
import dev.sluice.limiter.process.permits.LeaseMessage.Wake;
import dev.sluice.limiter.store.LeaseKey;
import dev.sluice.limiter.store.LeaseStore;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Concurrency limits: shards that own the keys, each those whose fingerprint hashes to it. Asking
 * never waits: it is safe on an event loop.
 */
public final class Leases {
  private final LeaseSettings settings;
  private final Shards<LeaseMessage> shards;

  private Leases(LeaseSettings settings, Shards<LeaseMessage> shards) {
    this.settings = settings;
    this.shards = shards;
  }

  /**
   * Starts the shards as processes of the scope.
   *
   * @param monitor watches their hearts
   * @param stores makes the store of each shard
   */
  public static Leases start(
      Scope scope, HeartbeatMonitor monitor, LeaseSettings settings, LeaseStore.Factory stores)
      throws InterruptedException {
    var clock = new EpochClock(scope.clock());
    var started = new Reply<Shards<LeaseMessage>>();
    Shards<LeaseMessage> shards =
        Shards.start(
            scope,
            "permits",
            settings.shards(),
            settings.inbox(),
            monitor,
            shard ->
                new LeaseShard(
                    stores.open(shard, () -> started.stage().thenAccept(all -> wake(all, shard))),
                    settings,
                    clock,
                    new SecureRandom()));
    started.complete(shards);
    return new Leases(settings, shards);
  }

  /** A shard whose inbox is full is awake, and one whose inbox is closed looks by itself. */
  private static void wake(Shards<LeaseMessage> shards, int shard) {
    try {
      shards.trySendTo(shard, new Wake());
    } catch (ChannelClosedException ending) {
      // it collects at its next heartbeat
    }
  }

  /**
   * Takes a lease.
   *
   * @return gets a {@link LeaseDecision.Granted}, or why there is none; who abandons it gives its
   *     place in the line back, and the lease if it has just been granted
   * @throws Invalid what was asked is not possible
   * @throws ChannelClosedException no more requests are taken
   */
  public Reply<LeaseDecision> acquire(LeaseAsk ask) {
    checkWait(ask.maxWait());
    checkTtl(ask.ttl());
    check(ask.under(), ask.permits());
    var request = new Acquire(key(policyOf(ask.under()), ask.key()), ask, new Reply<>());
    send(request.key(), request, request.reply());
    if (ask.maxWait().isPositive()) {
      request.reply().stage().whenComplete((_, _) -> tellIfAbandoned(request));
    }
    return request.reply();
  }

  private static @Nullable String policyOf(LeaseAsk.Under under) {
    return switch (under) {
      case LeaseAsk.Under.Policy(String name) -> name;
      case LeaseAsk.Under.Limit _ -> null;
    };
  }

  /**
   * When the shard cannot be told, because its inbox is full or closed, it finds out when it comes
   * to that place in the line; until then the place counts.
   */
  private void tellIfAbandoned(Acquire request) {
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
   * Lets a lease last from now on anew.
   *
   * @param lease what it is called, whatever that may be
   * @param ttl how long; null: as long as it was to last so far
   * @return gets a {@link LeaseDecision.Renewed}, or why it has not been
   * @throws Invalid such a time is not possible
   * @throws ChannelClosedException as {@link #acquire}
   */
  public Reply<LeaseDecision> renew(String lease, @Nullable Duration ttl) {
    checkTtl(ttl);
    return ofLease(lease, token -> reply -> new Renew(key(token), token.id(), ttl, reply));
  }

  /**
   * Ends a lease.
   *
   * @param lease what it is called, whatever that may be
   * @return gets a {@link LeaseDecision.Released}, or why it has not been
   * @throws ChannelClosedException as {@link #acquire}
   */
  public Reply<LeaseDecision> release(String lease) {
    return ofLease(lease, token -> reply -> new Release(key(token), token.id(), reply));
  }

  private Reply<LeaseDecision> ofLease(
      String lease, Function<LeaseToken, Function<Reply<LeaseDecision>, LeaseMessage>> message) {
    var reply = new Reply<LeaseDecision>();
    LeaseToken.parse(lease)
        .ifPresentOrElse(
            token -> send(key(token), message.apply(token).apply(reply), reply),
            () -> reply.complete(new LeaseDecision.Unknown()));
    return reply;
  }

  /**
   * Says how many permits of a key are out, and who has them.
   *
   * @param policy whose; null: of limits without a name
   * @param limit what is to be taken for the limit when there is no policy; null: nothing
   * @return gets a {@link LeaseDecision.Held}, or why there is none
   * @throws ChannelClosedException as {@link #acquire}
   */
  public Reply<LeaseDecision> look(@Nullable String policy, String key, @Nullable Long limit) {
    LeaseKey of = key(policy, key);
    var reply = new Reply<LeaseDecision>();
    send(of, new Look(of, limit, reply), reply);
    return reply;
  }

  private void send(LeaseKey key, LeaseMessage message, Reply<LeaseDecision> reply) {
    if (!shards.trySend(key.fingerprint(), message)) {
      reply.complete(new LeaseDecision.NoRoom("too many requests wait for their decision"));
    }
  }

  private LeaseKey key(LeaseToken token) {
    return key(token.policy(), token.key());
  }

  private LeaseKey key(@Nullable String policy, String key) {
    return new LeaseKey(policy, key, Fingerprint.of(settings.secret(), policy, key));
  }

  /**
   * Puts other policies in force. Leases that are out stay out, and count under the new ones. Never
   * waits.
   *
   * @param policies by name
   * @return whether every shard could be told; requests made after that go by them
   * @throws ChannelClosedException the processes are ending
   */
  public boolean enforce(Map<String, LeasePolicy> policies) {
    var message = new NewPolicies(Map.copyOf(policies));
    boolean all = true;
    for (int shard = 0; shard < shards.count(); shard++) {
      all &= shards.trySendTo(shard, message);
    }
    return all;
  }

  /**
   * Asks every shard what it has counted; none is left out.
   *
   * @return in the order of the shards; a reply fails when that shard takes no more messages now
   */
  public List<Reply<LeaseCounts>> counts() {
    return askAll(GetCounts::new);
  }

  private <T> List<Reply<T>> askAll(Function<Reply<T>, LeaseMessage> message) {
    return IntStream.range(0, shards.count()).mapToObj(shard -> ask(shard, message)).toList();
  }

  private <T> Reply<T> ask(int shard, Function<Reply<T>, LeaseMessage> message) {
    var reply = new Reply<T>();
    try {
      if (!shards.trySendTo(shard, message.apply(reply))) {
        reply.fail(new IllegalStateException("the inbox of permits-" + shard + " is full"));
      }
    } catch (ChannelClosedException ending) {
      reply.fail(ending);
    }
    return reply;
  }

  /**
   * Takes no more requests; those taken are answered, waiting ones when they are served or their
   * wait ends, then the processes end.
   */
  public void close() {
    shards.close();
  }

  /** The longest wait there may be. */
  public Duration maxWait() {
    return settings.maxWait();
  }

  /** The longest lease there may be; the shortest is {@link LeaseSettings#MIN_TTL}. */
  public Duration maxTtl() {
    return settings.maxTtl();
  }

  private void checkWait(Duration wait) {
    if (wait.isNegative() || wait.compareTo(settings.maxWait()) > 0) {
      throw new Invalid("wait", wait, "must be at most " + settings.maxWait().toMillis() + "ms");
    }
  }

  private void checkTtl(@Nullable Duration ttl) {
    if (ttl != null
        && (ttl.compareTo(LeaseSettings.MIN_TTL) < 0 || ttl.compareTo(settings.maxTtl()) > 0)) {
      throw new Invalid("ttl", ttl, "must be from 1ms to " + settings.maxTtl().toMillis() + "ms");
    }
  }

  /**
   * Says whether so many permits can ever be had; of a policy only its owner knows.
   *
   * @throws Invalid they cannot
   */
  public void check(LeaseAsk.Under under, long permits) {
    if (under instanceof LeaseAsk.Under.Limit(long limit)) {
      if (!settings.inline()) {
        throw new Invalid("limit", limit, "this service takes policies only");
      }
      LeaseTerms.checkPermits(permits, limit);
    }
  }
}
