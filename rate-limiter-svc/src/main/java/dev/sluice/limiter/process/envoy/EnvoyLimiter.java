package dev.sluice.limiter.process.envoy;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Shards;
import dev.sluice.limiter.store.WindowCounters;

/** Decides for Envoy by rules that are read from files. */
public final class EnvoyLimiter {
  private static final String ONE = "one"; // each of the two is one process

  private final Shards<EnvoyMessage> decider;
  private final Shards<Reloader.Ask> reloader;

  private EnvoyLimiter(Shards<EnvoyMessage> decider, Shards<Reloader.Ask> reloader) {
    this.decider = decider;
    this.reloader = reloader;
  }

  /**
   * Starts the processes in the scope.
   *
   * @param monitor watches their hearts
   * @param source what the rules are read from, now and when it changes
   * @throws RulesException what is there now is wrong
   */
  public static EnvoyLimiter start(
      Scope scope,
      HeartbeatMonitor monitor,
      EnvoySettings settings,
      RulesSource source,
      RulesListener listener,
      WindowCounters counters,
      RuleStatistics statistics)
      throws RulesException, InterruptedException {
    Rules read = source.readIfChanged();
    Rules rules = read == null ? new Rules.Builder(false).build() : read;
    listener.loaded(rules);
    Shards<EnvoyMessage> decider =
        Shards.start(
            scope,
            "envoy",
            1,
            settings.inbox(),
            monitor,
            _ -> new Decider(settings, rules, counters, statistics, scope.clock()));
    Shards<Reloader.Ask> reloader =
        Shards.start(
            scope,
            "envoy-rules",
            1,
            16,
            monitor,
            _ ->
                new Reloader(
                    source,
                    changed -> decider.trySend(ONE, new EnvoyMessage.Enforce(changed)),
                    listener,
                    settings.checkEvery(),
                    scope.clock(),
                    rules));
    return new EnvoyLimiter(decider, reloader);
  }

  /**
   * Decides. Never waits: safe on an event loop.
   *
   * @throws ChannelClosedException no more requests are taken
   */
  public Reply<EnvoyDecision> decide(EnvoyRequest request) {
    var reply = new Reply<EnvoyDecision>();
    if (!decider.trySend(ONE, new EnvoyMessage.Decide(request, reply))) {
      reply.complete(new EnvoyDecision.NoRoom("too many requests wait for their decision"));
    }
    return reply;
  }

  /**
   * Says how the configuration stands. Never waits.
   *
   * @throws ChannelClosedException the processes are ending
   */
  public Reply<RulesState> state() {
    return ask(false);
  }

  /**
   * Looks now whether the configuration has changed, and says how it stands then. Never waits.
   *
   * @return decisions that are asked for after this has come go by what it says
   * @throws ChannelClosedException the processes are ending
   */
  public Reply<RulesState> reload() {
    return ask(true);
  }

  private Reply<RulesState> ask(boolean look) {
    var reply = new Reply<RulesState>();
    if (!reloader.trySend(ONE, new Reloader.Ask(look, reply))) {
      reply.fail(new IllegalStateException("too many ask for the state of the configuration"));
    }
    return reply;
  }

  /** Takes no more requests; those taken are answered, then the processes end. */
  public void close() {
    reloader.close();
    decider.close();
  }
}
