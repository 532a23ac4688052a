package dev.sluice.limiter.process.reload;

/**
 * Told when a configuration has been read, the first one as well.
 *
 * @param <C> the configuration
 */
public interface ConfigListener<C> {

  /** It is in force. */
  void loaded(C config);

  /** It is wrong; the one before stays in force. */
  void refused(ConfigException wrong);
}
