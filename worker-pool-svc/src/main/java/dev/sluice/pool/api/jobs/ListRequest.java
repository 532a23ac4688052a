package dev.sluice.pool.api.jobs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list.
 *
 * @param queue of which queue; null: of any
 * @param states in which states; none: in any
 * @param group of which group; null: of any
 * @param limit how many; null: 100
 * @param cursor where to begin; null: at the beginning
 */
public record ListRequest(
    @Nullable String queue,
    List<String> states,
    @Nullable String group,
    @Nullable Integer limit,
    @Nullable String cursor) {}
