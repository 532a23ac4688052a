package dev.sluice.service.life;

import dev.sluice.service.DurationSetting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What can be set of every service's life. */
@ConfigMapping(prefix = "sluice.life")
public interface LifeConfig {

  /**
   * How often each of the service's processes gives a sign of life. Two missed, and the service is
   * not live.
   */
  @WithDefault("1s")
  @WithConverter(DurationSetting.class)
  Duration heartbeat();

  /** How long the service may take, once told to stop, to finish what it has accepted. */
  @WithDefault("25s")
  @WithConverter(DurationSetting.class)
  Duration grace();
}
