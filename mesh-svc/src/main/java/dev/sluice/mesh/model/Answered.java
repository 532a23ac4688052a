package dev.sluice.mesh.model;

/**
 * A request that has been run, so that the same id is answered the same and not run again.
 *
 * @param fingerprint of what was asked
 * @param reply JSON
 */
public record Answered(Fingerprint fingerprint, String reply) {}
