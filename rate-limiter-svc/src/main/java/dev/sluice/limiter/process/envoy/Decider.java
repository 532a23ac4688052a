package dev.sluice.limiter.process.envoy;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.limiter.store.Outcome;
import dev.sluice.limiter.store.WindowCounters;
import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.util.List;

/**
 * Owns the rules in force: finds those that apply to a request and has its hits counted. The counts
 * may come later, those of many requests at once; each is then decided by the rules that it was
 * counted by.
 */
final class Decider implements Shards.Owner<EnvoyMessage> {
  private final EnvoySettings settings;
  private final WindowCounters counters;
  private final RuleStatistics statistics;
  private final Clock clock;
  private Rules rules;
  private long nextSweep;

  Decider(
      EnvoySettings settings,
      Rules rules,
      WindowCounters counters,
      RuleStatistics statistics,
      Clock clock) {
    this.settings = settings;
    this.rules = rules;
    this.counters = counters;
    this.statistics = statistics;
    this.clock = clock;
    this.nextSweep = clock.nanos();
  }

  @Override
  public void handle(EnvoyMessage message) {
    switch (message) {
      case EnvoyMessage.Decide(EnvoyRequest request, Reply<EnvoyDecision> reply) ->
          decide(request, reply);
      case EnvoyMessage.Enforce(Rules loaded) -> rules = loaded;
      case EnvoyMessage.GetStore(Reply<StoreStatus> reply) -> reply.complete(counters.status());
      case EnvoyMessage.Wake() -> counters.collect();
    }
  }

  @Override
  public Duration tick() {
    counters.collect();
    long now = clock.nanos();
    if (now - nextSweep >= 0) {
      nextSweep = now + counters.sweep(now, clock.instant());
    }
    counters.flush();
    return Duration.ofNanos(nextSweep - now);
  }

  @Override
  public boolean isIdle() {
    return !counters.isWaiting();
  }

  private void decide(EnvoyRequest request, Reply<EnvoyDecision> reply) {
    if (reply.isAbandoned()) {
      return;
    }
    var verdict = new Verdict(settings, request, Verdict.rulesFor(request, rules), clock.instant());
    counters.submit(
        verdict.hits(),
        clock.nanos(),
        answer ->
            reply.complete(
                switch (answer) {
                  case WindowCounters.Counted(List<WindowCounters.Count> counts) ->
                      verdict.of(counts, statistics);
                  case Outcome.Full(String reason) -> new EnvoyDecision.CountersFull(reason);
                  case Outcome.Unavailable(String reason, Duration retryAfter) ->
                      new EnvoyDecision.StoreUnavailable(reason, retryAfter);
                }));
  }
}
