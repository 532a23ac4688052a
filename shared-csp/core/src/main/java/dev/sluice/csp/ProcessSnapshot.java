package dev.sluice.csp;

import java.time.Instant;

/**
 * A process that lives, as {@link Processes#snapshot} saw it.
 *
 * @param id unique in its snapshot, and in that only
 * @param name its name
 * @param since when it was started, by its scope's clock
 * @param activity what it does: run, or wait for what
 */
public record ProcessSnapshot(String id, String name, Instant since, Activity activity) {}
