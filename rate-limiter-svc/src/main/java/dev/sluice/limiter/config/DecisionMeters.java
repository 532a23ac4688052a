package dev.sluice.limiter.config;

import dev.sluice.limiter.process.DecisionMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What one shard decides as metrics: {@code sluice_limiter_decisions_total} and {@code
 * sluice_limiter_permits_total} by policy and result. There are as many policies as somebody has
 * configured. All results of a policy are there, as zeros, with its first: the first refusal is an
 * increase then, and a share can be reckoned before there is one.
 */
final class DecisionMeters implements DecisionMeter {
  private final MeterRegistry registry;
  private final Map<String, Map<Result, Counted>> counted = new HashMap<>();

  DecisionMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  private record Counted(Counter decisions, Counter permits) {}

  @Override
  public void decided(String policy, Result result, long permits) {
    Counted counters = of(policy).get(result);
    counters.decisions.increment();
    counters.permits.increment(permits);
  }

  private Map<Result, Counted> of(String policy) {
    Map<Result, Counted> known = counted.get(policy);
    return known != null ? known : register(policy);
  }

  private Map<Result, Counted> register(String policy) {
    var results = new EnumMap<Result, Counted>(Result.class);
    for (Result result : Result.values()) {
      results.put(result, counters(policy, result));
    }
    counted.put(policy, results);
    return results;
  }

  private Counted counters(String policy, Result result) {
    return new Counted(
        counter("sluice.limiter.decisions", "Requests for permits decided", policy, result),
        counter("sluice.limiter.permits", "Permits asked for", policy, result));
  }

  private Counter counter(String name, String description, String policy, Result result) {
    return Counter.builder(name)
        .description(description)
        .tags("policy", policy, "result", result.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }
}
