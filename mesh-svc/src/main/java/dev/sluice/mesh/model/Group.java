package dev.sluice.mesh.model;

import java.util.SortedSet;

/**
 * Workers that serve the same operations, and share the shards among them.
 *
 * @param name what its workers say when they join
 * @param ops what they serve; an operation belongs to one group
 */
public record Group(String name, SortedSet<String> ops) {}
