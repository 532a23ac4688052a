package dev.sluice.limiter.process.envoy;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Shards;
import dev.sluice.limiter.process.reload.ConfigException;
import dev.sluice.limiter.process.reload.ConfigListener;
import dev.sluice.limiter.process.reload.ConfigSource;
import dev.sluice.limiter.process.reload.ConfigState;
import dev.sluice.limiter.process.reload.Reloader;
import dev.sluice.limiter.store.WindowCounters;
import dev.sluice.store.StoreStatus;

/** Decides for Envoy by rules that are read from files. */
public final class EnvoyLimiter {
  private final Shards<EnvoyMessage> decider;
  private final Reloader<Rules> reloader;

  private EnvoyLimiter(Shards<EnvoyMessage> decider, Reloader<Rules> reloader) {
    this.decider = decider;
    this.reloader = reloader;
  }

  /**
   * Starts the processes in the scope.
   *
   * @param monitor watches their hearts
   * @param source what the rules are read from, now and when it changes
   * @param counters makes what counts the hits
   * @throws ConfigException what is there now is wrong
   */
  public static EnvoyLimiter start(
      Scope scope,
      HeartbeatMonitor monitor,
      EnvoySettings settings,
      ConfigSource<Rules> source,
      ConfigListener<Rules> listener,
      WindowCounters.Factory counters,
      RuleStatistics statistics)
      throws ConfigException, InterruptedException {
    Rules read = source.readIfChanged();
    Rules rules = read == null ? new Rules.Builder(false).build() : read;
    listener.loaded(rules);
    var started = new Reply<Shards<EnvoyMessage>>();
    Runnable wake = () -> started.stage().thenAccept(EnvoyLimiter::wake);
    Shards<EnvoyMessage> decider =
        Shards.start(
            scope,
            "envoy",
            1,
            settings.inbox(),
            monitor,
            _ -> new Decider(settings, rules, counters.open(wake), statistics, scope.clock()));
    started.complete(decider);
    Reloader<Rules> reloader =
        Reloader.start(
            scope,
            "envoy-rules",
            monitor,
            rules,
            source,
            settings.checkEvery(),
            changed -> decider.trySendTo(0, new EnvoyMessage.Enforce(changed)),
            listener);
    return new EnvoyLimiter(decider, reloader);
  }

  /** When its inbox is full it is awake, and when that is closed it looks by itself. */
  private static void wake(Shards<EnvoyMessage> decider) {
    try {
      decider.trySendTo(0, new EnvoyMessage.Wake());
    } catch (ChannelClosedException ending) {
      // it collects at its next heartbeat
    }
  }

  /**
   * Decides. Never waits: safe on an event loop.
   *
   * @throws ChannelClosedException no more requests are taken
   */
  public Reply<EnvoyDecision> decide(EnvoyRequest request) {
    var reply = new Reply<EnvoyDecision>();
    if (!decider.trySendTo(0, new EnvoyMessage.Decide(request, reply))) {
      reply.complete(new EnvoyDecision.NoRoom("too many requests wait for their decision"));
    }
    return reply;
  }

  /**
   * Says how the configuration stands. Never waits.
   *
   * @throws ChannelClosedException the processes are ending
   */
  public Reply<ConfigState<Rules>> state() {
    return reloader.state();
  }

  /**
   * Looks now whether the configuration has changed, and says how it stands then. Never waits.
   *
   * @return decisions that are asked for after this has come go by what it says
   * @throws ChannelClosedException the processes are ending
   */
  public Reply<ConfigState<Rules>> reload() {
    return reloader.reload();
  }

  /**
   * Says how the engine is that counts the hits. Never waits.
   *
   * @return fails when the process takes no more messages now
   */
  public Reply<StoreStatus> store() {
    var reply = new Reply<StoreStatus>();
    try {
      if (!decider.trySendTo(0, new EnvoyMessage.GetStore(reply))) {
        reply.fail(new IllegalStateException("the inbox of envoy-0 is full"));
      }
    } catch (ChannelClosedException ending) {
      reply.fail(ending);
    }
    return reply;
  }

  /** Takes no more requests; those taken are answered, then the processes end. */
  public void close() {
    reloader.close();
    decider.close();
  }
}
