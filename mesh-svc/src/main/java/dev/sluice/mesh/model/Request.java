package dev.sluice.mesh.model;

/**
 * What a caller asks of the owner of a key.
 *
 * @param id makes a repetition safe: the same id is run once as long as its owner remembers it
 * @param key whose owner is asked
 * @param op which operation
 * @param payload JSON
 * @param durable whether the router's log keeps it until it is answered
 * @param fingerprint of key, op and payload
 */
public record Request(
    String id, String key, String op, String payload, boolean durable, Fingerprint fingerprint) {

  /** Computes the fingerprint. */
  public Request(String id, String key, String op, String payload, boolean durable) {
    this(id, key, op, payload, durable, Fingerprint.of(key, op, payload));
  }
}
