package dev.sluice.service;

import jakarta.enterprise.context.ApplicationScoped;

/**
 * The longest key that is allowed. Made when it is first needed, and once: Quarkus makes validators
 * while it builds, when there is no configuration of the run, and to ask for {@link Limits} anew
 * costs more than to look at a key.
 */
@ApplicationScoped
class KeyLimit {
  private final int bytes;

  KeyLimit(Limits limits) {
    this.bytes = limits.keyBytes();
  }

  /** In bytes of UTF-8. */
  int bytes() {
    return bytes;
  }
}
