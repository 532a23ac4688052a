package dev.sluice.pool.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list, the jobs accepted last first.
 *
 * @param jobs may be fewer than were asked for, even none, though there are more: so many are
 *     looked at for a page and no more
 * @param next where the next page begins; null: this is the last
 */
public record JobPage(List<JobView> jobs, @Nullable Long next) {}
