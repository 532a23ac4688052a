package dev.sluice.limiter.process.envoy;

import org.jspecify.annotations.Nullable;

/** Where rules are read from. Used by one process at a time. */
public interface RulesSource {

  /**
   * Reads the rules if they have changed since the last call.
   *
   * @return null when nothing has changed
   * @throws RulesException what is there now is wrong; said once for each change
   */
  @Nullable Rules readIfChanged() throws RulesException;
}
