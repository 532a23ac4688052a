package dev.sluice.service.life;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Counts HTTP requests by how long they took, so that an objective ("99 of 100 within 100 ms") can
 * be held over all instances and any time; a mean or a maximum cannot. Few buckets: each is a
 * series for each path and status.
 */
@Singleton
public class LatencyBuckets {
  private static final String REQUESTS = "http.server.requests";
  private static final double[] BOUNDS =
      Stream.of(5, 25, 100, 250, 1000).mapToDouble(ms -> Duration.ofMillis(ms).toNanos()).toArray();

  @Produces
  @Singleton
  MeterFilter buckets() {
    return new MeterFilter() {
      @Override
      public DistributionStatisticConfig configure(
          Meter.Id id, DistributionStatisticConfig config) {
        return id.getName().equals(REQUESTS)
            ? DistributionStatisticConfig.builder()
                .serviceLevelObjectives(BOUNDS)
                .build()
                .merge(config)
            : config;
      }
    };
  }
}
