package dev.sluice.limiter.process.reload;

import org.jspecify.annotations.Nullable;

/**
 * Where a configuration is read from. Used by one process at a time.
 *
 * @param <C> the configuration, immutable
 */
@FunctionalInterface
public interface ConfigSource<C> {

  /**
   * Reads the configuration if it has changed since the last call.
   *
   * @return null when nothing has changed
   * @throws ConfigException what is there now is wrong; said once for each change
   */
  @Nullable C readIfChanged() throws ConfigException;
}
