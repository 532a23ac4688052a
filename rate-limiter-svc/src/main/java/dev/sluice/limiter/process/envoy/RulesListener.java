package dev.sluice.limiter.process.envoy;

/** Told when a changed configuration has been read. Called by one process. */
public interface RulesListener {

  /** The changed configuration is in force. */
  void loaded(Rules rules);

  /** The changed configuration is wrong; the one before stays in force. */
  void refused(RulesException wrong);
}
