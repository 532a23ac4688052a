package dev.sluice.dedup.store.claims;

import dev.sluice.store.Fingerprint;

/**
 * What is claimed: the same key in two namespaces is two.
 *
 * @param namespace whose key
 * @param key which of them
 * @param fingerprint stands for both, and for these only
 */
public record ClaimKey(String namespace, String key, Fingerprint fingerprint) {}
