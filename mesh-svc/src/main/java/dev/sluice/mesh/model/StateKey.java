package dev.sluice.mesh.model;

/**
 * Whose state.
 *
 * @param op the operation that keeps it
 * @param key the key it keeps it for
 */
public record StateKey(String op, String key) {}
