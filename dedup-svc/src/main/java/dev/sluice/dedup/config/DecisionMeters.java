package dev.sluice.dedup.config;

import dev.sluice.dedup.process.DecisionMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What one shard decides as a metric: {@code sluice_dedup_decisions_total} by result. */
final class DecisionMeters implements DecisionMeter {
  private final Map<Result, Counter> counters = new EnumMap<>(Result.class);

  DecisionMeters(MeterRegistry registry) {
    for (Result result : Result.values()) {
      counters.put(
          result,
          Counter.builder("sluice.dedup.decisions")
              .description("Sightings decided")
              .tag("result", result.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  @Override
  public void decided(Result result) {
    counters.get(result).increment();
  }
}
