package dev.sluice.limiter.process.envoy;

/** What JSON calls null, in metadata. */
public enum JsonNull {
  NULL
}
