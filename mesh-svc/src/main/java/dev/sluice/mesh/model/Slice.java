package dev.sluice.mesh.model;

/**
 * What is owned: one shard of the keys, for the operations of one group of workers.
 *
 * @param group the group's name
 * @param shard from 0
 */
public record Slice(String group, int shard) {}
