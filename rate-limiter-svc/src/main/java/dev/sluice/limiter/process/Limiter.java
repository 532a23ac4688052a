package dev.sluice.limiter.process;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Shards;
import dev.sluice.limiter.process.LimiterMessage.Abandoned;
import dev.sluice.limiter.process.LimiterMessage.GetStore;
import dev.sluice.limiter.process.LimiterMessage.NewPolicies;
import dev.sluice.limiter.process.LimiterMessage.Request;
import dev.sluice.limiter.process.LimiterMessage.Requests;
import dev.sluice.limiter.process.LimiterMessage.Wake;
import dev.sluice.limiter.store.LimitStore;
import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The limiter: shards that own the keys, each those whose fingerprint hashes to it. Asking never
 * waits: it is safe on an event loop.
 */
public final class Limiter {
  private static final Duration LONGEST_WAIT = Duration.ofDays(366);

  private final LimiterSettings settings;
  private final Shards<LimiterMessage> shards;
  private final Batch batch;

  private Limiter(LimiterSettings settings, Shards<LimiterMessage> shards, EpochClock clock) {
    this.settings = settings;
    this.shards = shards;
    this.batch = new Batch(this, clock);
  }

  /**
   * Starts a limiter that tells nobody what it decides.
   *
   * @param monitor watches the hearts of its processes
   * @param stores makes the store of each shard
   * @throws Invalid a setting is out of range
   */
  public static Limiter start(
      Scope scope, HeartbeatMonitor monitor, LimiterSettings settings, LimitStore.Factory stores)
      throws InterruptedException {
    return start(scope, monitor, settings, stores, () -> DecisionMeter.NONE);
  }

  /**
   * Starts the shards as processes of the scope.
   *
   * @param monitor watches their hearts
   * @param stores makes the store of each shard
   * @param meters makes the meter of each shard
   * @throws Invalid a setting is out of range
   */
  public static Limiter start(
      Scope scope,
      HeartbeatMonitor monitor,
      LimiterSettings settings,
      LimitStore.Factory stores,
      Supplier<DecisionMeter> meters)
      throws InterruptedException {
    if (settings.maxWait().isNegative() || settings.maxWait().compareTo(LONGEST_WAIT) > 0) {
      throw new Invalid("max-wait", settings.maxWait(), "must be from 0s to 366d");
    }
    var clock = new EpochClock(scope.clock());
    var started = new Reply<Shards<LimiterMessage>>();
    Shards<LimiterMessage> shards =
        Shards.start(
            scope,
            "limiter",
            settings.shards(),
            settings.inbox(),
            monitor,
            shard ->
                new LimiterShard(
                    stores.open(shard, () -> started.stage().thenAccept(all -> wake(all, shard))),
                    settings.maxWaiters(),
                    settings.policies(),
                    clock,
                    meters.get()));
    started.complete(shards);
    return new Limiter(settings, shards, clock);
  }

  /** A shard whose inbox is full is awake, and one whose inbox is closed looks by itself. */
  private static void wake(Shards<LimiterMessage> shards, int shard) {
    try {
      shards.trySendTo(shard, new Wake());
    } catch (ChannelClosedException ending) {
      // it collects at its next heartbeat
    }
  }

  /**
   * Takes permits.
   *
   * @return gets the decision; who abandons it gives its place in the line back
   * @throws Invalid what was asked is not possible
   * @throws ChannelClosedException the limiter takes no more requests
   */
  public Reply<Decision> acquire(Ask ask) {
    Request request = send(ask, Kind.ACQUIRE);
    watch(request);
    return request.reply();
  }

  /**
   * Says what {@link #acquire} would meet, and takes nothing.
   *
   * @return gets a {@link Decision.Balance}, or why there is none
   * @throws Invalid as {@link #acquire}
   * @throws ChannelClosedException as {@link #acquire}
   */
  public Reply<Decision> peek(Ask ask) {
    return send(ask, Kind.PEEK).reply();
  }

  /**
   * Gives permits back that were granted and not used: as many at most as have been taken and have
   * not come back by time.
   *
   * @return gets a {@link Decision.Balance}, or why there is none
   * @throws Invalid as {@link #acquire}
   * @throws ChannelClosedException as {@link #acquire}
   */
  public Reply<Decision> release(Ask ask) {
    return send(ask, Kind.RELEASE).reply();
  }

  /**
   * Makes all permits of the key be there.
   *
   * @param ask its permits are not looked at, but must be possible ones
   * @return gets a {@link Decision.Balance}, or why there is none
   * @throws Invalid as {@link #acquire}
   * @throws ChannelClosedException as {@link #acquire}
   */
  public Reply<Decision> reset(Ask ask) {
    return send(ask, Kind.RESET).reply();
  }

  /**
   * Takes the permits of several keys, each for itself. Those that wait do so side by side.
   *
   * @param asks not none
   * @return gets a decision for each, in their order; who abandons it gives all places in lines
   *     back, and what had been granted meanwhile
   * @throws Invalid as {@link #acquire}, for the first of them that is not possible
   * @throws ChannelClosedException as {@link #acquire}
   */
  public Reply<List<Decision>> acquireEach(List<Ask> asks) {
    asks.forEach(this::check);
    return batch.each(asks);
  }

  /**
   * Takes the permits of several keys, all of them or none. None is taken, not even for a moment,
   * when it can be seen beforehand that one is not to be had within its wait. When that only turns
   * out while taking, because others have asked at the same time, what has been taken is given
   * back; who asks in that moment may be refused for want of it.
   *
   * @param asks not none; each with the same wait
   * @return who abandons it gets nothing
   * @throws Invalid as {@link #acquire}, for the first of them that is not possible
   * @throws ChannelClosedException as {@link #acquire}
   */
  public Reply<AllOrNone> acquireAll(List<Ask> asks) {
    asks.forEach(this::check);
    return batch.all(asks, asks.getFirst().maxWait());
  }

  private Request send(Ask ask, Kind kind) {
    check(ask);
    Request request = request(ask, kind);
    if (!shards.trySend(request.print(), request)) {
      refuse(request);
    }
    return request;
  }

  /** A request to be sent. */
  Request request(Ask ask, Kind kind) {
    return new Request(print(ask), ask, kind, new Reply<>());
  }

  /** Sends them, those of one shard together. */
  void send(List<Request> requests) {
    requests.stream()
        .collect(Collectors.groupingBy(each -> shards.shardOf(each.print())))
        .forEach(this::send);
  }

  private void send(int shard, List<Request> requests) {
    if (!shards.trySendTo(shard, new Requests(requests))) {
      requests.forEach(Limiter::refuse);
    }
    requests.forEach(this::watch);
  }

  private static void refuse(Request request) {
    request.reply().complete(new Decision.NoRoom("too many requests wait for their decision"));
  }

  /** Has the shard told should its caller go away while it may be waiting. */
  private void watch(Request request) {
    if (request.kind() == Kind.ACQUIRE && request.ask().maxWait().isPositive()) {
      request.reply().stage().whenComplete((_, _) -> tellIfAbandoned(request));
    }
  }

  /** The shard that owns the key. */
  int shardOf(Ask ask) {
    return shards.shardOf(print(ask));
  }

  private void check(Ask ask) {
    checkWait(ask.maxWait());
    check(ask.under(), ask.permits());
  }

  private Fingerprint print(Ask ask) {
    return Fingerprint.of(settings.secret(), name(ask.under()), ask.key());
  }

  private static @Nullable String name(Ask.Under under) {
    return switch (under) {
      case Ask.Under.Policy(String name) -> name;
      case Ask.Under.Inline _ -> null;
      case Ask.Under.Given(String name, _) -> name;
    };
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
      shards.trySend(request.print(), new Abandoned(request));
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

  /**
   * Puts other policies in force. Never waits.
   *
   * @return whether every shard could be told; requests made after that go by them
   * @throws ChannelClosedException the limiter is ending
   */
  public boolean enforce(Policies policies) {
    boolean all = true;
    for (int shard = 0; shard < shards.count(); shard++) {
      all &= shards.trySendTo(shard, new NewPolicies(policies));
    }
    return all;
  }

  /**
   * Asks every shard how its store is; none is left out.
   *
   * @return in the order of the shards; a reply fails when that shard takes no more messages now
   */
  public List<Reply<StoreStatus>> stores() {
    return IntStream.range(0, settings.shards()).mapToObj(this::store).toList();
  }

  private Reply<StoreStatus> store(int shard) {
    var reply = new Reply<StoreStatus>();
    try {
      if (!shards.trySendTo(shard, new GetStore(reply))) {
        reply.fail(new IllegalStateException("the inbox of limiter-" + shard + " is full"));
      }
    } catch (ChannelClosedException ending) {
      reply.fail(ending);
    }
    return reply;
  }

  /** The longest wait there may be. */
  public Duration maxWait() {
    return settings.maxWait();
  }

  private void checkWait(Duration wait) {
    if (wait.isNegative() || wait.compareTo(settings.maxWait()) > 0) {
      throw new Invalid("wait", wait, "must be at most " + settings.maxWait().toMillis() + "ms");
    }
  }

  /**
   * Says whether so many permits can ever be had; of a policy only its owner knows.
   *
   * @throws Invalid they cannot
   */
  public void check(Ask.Under under, long permits) {
    switch (under) {
      case Ask.Under.Policy _ -> {}
      case Ask.Under.Inline(Terms terms) -> {
        if (!settings.inline()) {
          throw new Invalid("limit", terms, "this service takes policies only");
        }
        Rule.checkPermits(permits, terms.limit("limit."));
      }
      case Ask.Under.Given(_, Terms terms) -> Rule.checkPermits(permits, terms.limit("limit."));
    }
  }
}
