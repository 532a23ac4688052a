package dev.sluice.dedup.store;

import dev.sluice.store.Fingerprint;

/**
 * What is seen once: the same key in two namespaces is two.
 *
 * @param namespace whose key
 * @param key which of them
 * @param fingerprint stands for both, and for these only
 */
public record SeenKey(String namespace, String key, Fingerprint fingerprint) {}
