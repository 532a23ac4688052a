package dev.sluice.mesh.process;

import dev.sluice.mesh.store.Fingerprint;

/**
 * What a caller asks of the owner of a key.
 *
 * @param id makes a repetition safe: the same id is run once as long as its owner remembers it
 * @param key whose owner is asked
 * @param op which operation
 * @param payload JSON
 * @param fingerprint of key, op and payload
 */
public record Request(String id, String key, String op, String payload, Fingerprint fingerprint) {

  public Request(String id, String key, String op, String payload) {
    this(id, key, op, payload, Fingerprint.of(key, op, payload));
  }
}
