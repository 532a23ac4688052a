package dev.sluice.limiter.process;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Shards;
import dev.sluice.csp.patterns.RateLimit;
import dev.sluice.limiter.store.BucketKey;
import dev.sluice.limiter.store.BucketStore;
import java.time.Duration;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The limiter: shards that own the buckets, each the keys that hash to it. */
public final class Limiter {
  private final LimiterSettings settings;
  private final Shards<LimiterMessage> shards;

  private Limiter(LimiterSettings settings, Shards<LimiterMessage> shards) {
    this.settings = settings;
    this.shards = shards;
  }

  /**
   * Starts the shards as processes of the scope.
   *
   * @param monitor watches their hearts
   * @param stores makes the store of shard i
   */
  public static Limiter start(
      Scope scope,
      HeartbeatMonitor monitor,
      LimiterSettings settings,
      IntFunction<? extends BucketStore> stores)
      throws InterruptedException {
    Shards<LimiterMessage> shards =
        Shards.start(
            scope,
            "limiter",
            settings.shards(),
            settings.inbox(),
            monitor,
            shard -> new LimiterShard(stores.apply(shard), settings.maxWaiters(), scope.clock()));
    return new Limiter(settings, shards);
  }

  /**
   * Hands the request to the owner of its key. Never waits: safe on an event loop.
   *
   * @return gets the decision; who abandons it gives its place in the line back
   * @throws Ask.Invalid what was asked is not possible
   * @throws ChannelClosedException the limiter takes no more requests
   */
  public Reply<Decision> acquire(Ask ask) {
    BucketKey bucket =
        new BucketKey(policyName(ask.terms()), ask.key(), limit(ask.terms(), ask.permits()));
    if (ask.maxWait().isNegative() || ask.maxWait().compareTo(settings.maxWait()) > 0) {
      throw new Ask.Invalid(
          "wait", ask.maxWait(), "must be at most " + settings.maxWait().toMillis() + "ms");
    }
    var reply = new Reply<Decision>();
    var request = new Acquire(bucket, ask.permits(), ask.maxWait(), reply);
    if (!shards.trySend(ask.key(), request)) {
      reply.complete(new Decision.NoRoom("too many requests wait for their decision"));
    } else if (ask.maxWait().isPositive()) {
      reply.stage().whenComplete((_, _) -> tellIfAbandoned(request));
    }
    return reply;
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
      shards.trySend(request.bucket().key(), new Abandoned(request));
    } catch (ChannelClosedException ending) {
      // it takes no newcomers, whom the place could be in the way of
    }
  }

  /**
   * Takes no more requests; those taken are answered, waiting ones at their instant, then the
   * processes end.
   */
  public void close() {
    shards.close();
  }

  /** The longest wait there may be. */
  public Duration maxWait() {
    return settings.maxWait();
  }

  /**
   * Says whether so many permits can ever be had under these terms.
   *
   * @throws Ask.Invalid they cannot
   */
  public void check(Ask.Terms terms, long permits) {
    limit(terms, permits);
  }

  private RateLimit limit(Ask.Terms terms, long permits) {
    RateLimit limit =
        switch (terms) {
          case Ask.Terms.Policy(String name) -> policy(name);
          case Ask.Terms.Inline inline -> limit(inline);
        };
    if (permits < 1 || permits > limit.burst()) {
      throw new Ask.Invalid("permits", permits, "must be 1 to the burst of " + limit.burst());
    }
    return limit;
  }

  private static @Nullable String policyName(Ask.Terms terms) {
    return switch (terms) {
      case Ask.Terms.Policy(String name) -> name;
      case Ask.Terms.Inline _ -> null;
    };
  }

  private RateLimit policy(String name) {
    RateLimit limit = settings.policies().get(name);
    if (limit == null) {
      throw new Ask.Invalid(
          "policy", name, "must be one of " + new TreeSet<>(settings.policies().keySet()));
    }
    return limit;
  }

  private RateLimit limit(Ask.Terms.Inline terms) {
    if (!settings.inlineLimits()) {
      throw new Ask.Invalid("limit", terms, "this service takes policies only");
    }
    try {
      return new RateLimit(terms.rate(), terms.per(), terms.burst());
    } catch (IllegalArgumentException wrong) {
      throw new Ask.Invalid("limit", terms, String.valueOf(wrong.getMessage()));
    }
  }
}
