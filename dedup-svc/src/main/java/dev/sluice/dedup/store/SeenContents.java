package dev.sluice.dedup.store;

/**
 * What a shard keeps in its own memory.
 *
 * @param entries how many keys, those included whose window has ended but that are not swept yet
 * @param evicted how many keys it has forgotten within their windows, for want of room
 */
public record SeenContents(long entries, long evicted) {}
