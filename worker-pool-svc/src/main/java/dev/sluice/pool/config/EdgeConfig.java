package dev.sluice.pool.config;

import dev.sluice.service.DurationRange;
import dev.sluice.service.DurationSetting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** What can be set of connections that stay open. */
@ConfigMapping(prefix = "sluice.pool.streams")
public interface EdgeConfig {

  /** How many streams of workers may be open at once over gRPC; a further one is refused. */
  @WithDefault("1000")
  @Min(1)
  @Max(100_000)
  int maxWorkStreams();

  /**
   * How often a watch that has nothing to tell says so. A watcher that takes nothing for twice as
   * long is not waited for.
   */
  @WithDefault("15s")
  @WithConverter(DurationSetting.class)
  @DurationRange(min = "10ms", max = "10m")
  Duration heartbeat();
}
