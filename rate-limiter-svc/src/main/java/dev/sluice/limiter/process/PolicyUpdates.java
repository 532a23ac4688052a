package dev.sluice.limiter.process;

import dev.sluice.limiter.process.reload.ConfigException;
import dev.sluice.limiter.process.reload.ConfigListener;
import dev.sluice.limiter.process.reload.ConfigSource;
import java.time.Duration;

/**
 * How policies change while the limiter runs.
 *
 * @param source is looked at regularly
 * @param every how often
 * @param listener is told of what has been read
 */
public record PolicyUpdates(
    ConfigSource<Policies> source, Duration every, ConfigListener<Policies> listener) {

  /** They do not. */
  public static final PolicyUpdates NONE =
      new PolicyUpdates(
          () -> null,
          Duration.ofDays(1),
          new ConfigListener<>() {
            @Override
            public void loaded(Policies policies) {
              // does not happen
            }

            @Override
            public void refused(ConfigException wrong) {
              // does not happen
            }
          });
}
