package dev.sluice.pool.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list.
 *
 * @param queue the name of their queue; null: any
 * @param states how far they have come; empty: any
 * @param group the group; null: any
 */
public record JobFilter(@Nullable String queue, Set<JobState> states, @Nullable String group) {}
