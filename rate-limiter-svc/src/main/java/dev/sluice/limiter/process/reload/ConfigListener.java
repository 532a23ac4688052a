package dev.sluice.limiter.process.envoy;

/** Told when a configuration has been read, the first one as well. */
public interface RulesListener {

  /** It is in force. */
  void loaded(Rules rules);

  /** It is wrong; the one before stays in force. */
  void refused(RulesException wrong);
}
