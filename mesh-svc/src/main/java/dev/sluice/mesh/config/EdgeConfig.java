package dev.sluice.mesh.config;

import dev.sluice.service.DurationRange;
import dev.sluice.service.DurationSetting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** What can be set of the edge: of those who call, and watch. */
@ConfigMapping(prefix = "sluice.mesh")
public interface EdgeConfig {

  /** How long a caller waits that does not say. */
  @WithDefault("2s")
  @WithConverter(DurationSetting.class)
  @DurationRange(min = "0s", max = "1d")
  Duration usualWait();

  /** The longest {@code wait} that a request may ask for. */
  @WithDefault("30s")
  @WithConverter(DurationSetting.class)
  @DurationRange(min = "0s", max = "1d")
  Duration maxWait();

  /** Whether workers may be stalled and killed by callers, for demonstrations. */
  @WithDefault("false")
  boolean chaos();

  /** Streams on which many requests are in flight. */
  Pipelines pipelines();

  /** Streams on which many requests are in flight. */
  interface Pipelines {

    /** How many may be open at once; a further one is refused. */
    @WithDefault("64")
    @Min(1)
    @Max(100_000)
    int max();

    /** How many requests of one may be in flight; it is not read on meanwhile. */
    @WithDefault("4096")
    @Min(1)
    @Max(1_000_000)
    int inFlight();
  }

  /** Watches of the mesh. */
  Events events();

  /** Watches of the mesh. */
  interface Events {

    /**
     * How often a watch that has nothing to tell says so. A watcher that takes nothing for twice as
     * long is not waited for.
     */
    @WithDefault("15s")
    @WithConverter(DurationSetting.class)
    @DurationRange(min = "10ms", max = "10m")
    Duration heartbeat();
  }
}
