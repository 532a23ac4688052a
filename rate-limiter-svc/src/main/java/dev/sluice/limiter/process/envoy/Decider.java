package dev.sluice.limiter.process.envoy;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.limiter.store.WindowCounters;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Owns the rules in force: finds those that apply to a request and has its hits counted. */
final class Decider implements Shards.Owner<EnvoyMessage> {
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

  private final EnvoySettings settings;
  private final WindowCounters counters;
  private final RuleStatistics statistics;
  private final Clock clock;
  private Rules rules;

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
  }

  @Override
  public void handle(EnvoyMessage message) {
    switch (message) {
      case EnvoyMessage.Decide(EnvoyRequest request, Reply<EnvoyDecision> reply) ->
          decide(request, reply);
      case EnvoyMessage.Enforce(Rules loaded) -> rules = loaded;
    }
  }

  @Override
  public Duration tick() {
    counters.sweep(clock.instant().getEpochSecond());
    return SWEEP_EVERY;
  }

  @Override
  public boolean isIdle() {
    return true;
  }

  private void decide(EnvoyRequest request, Reply<EnvoyDecision> reply) {
    if (reply.isAbandoned()) {
      return;
    }
    var verdict = new Verdict(settings, request, Verdict.rulesFor(request, rules), clock.instant());
    counters
        .count(verdict.hits())
        .whenComplete((counts, failure) -> {
          if (counts != null) {
            reply.complete(verdict.of(counts, statistics));
          } else if (unwrapped(failure) instanceof WindowCounters.FullException full) {
            reply.complete(new EnvoyDecision.CountersFull(String.valueOf(full.getMessage())));
          } else {
            reply.fail(failure);
          }
        });
  }

  private static @Nullable Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }
}
