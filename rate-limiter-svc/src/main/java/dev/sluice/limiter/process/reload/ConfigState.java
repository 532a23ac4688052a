package dev.sluice.limiter.process.reload;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a configuration.
 *
 * @param config what is in force
 * @param loadedAt since when it is
 * @param refusal why what was read last is not in force; null when it is
 * @param <C> the configuration
 */
public record ConfigState<C>(C config, Instant loadedAt, @Nullable Refusal refusal) {

  /**
   * A configuration that was refused; the one before stays in force.
   *
   * @param file the file's path
   * @param line the line, from 1; 0 for the file as a whole
   * @param reason what is wrong there
   * @param at when it was read
   */
  public record Refusal(String file, int line, String reason, Instant at) {}
}
