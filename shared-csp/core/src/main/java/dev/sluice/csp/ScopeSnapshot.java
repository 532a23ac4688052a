package dev.sluice.csp;

import java.time.Instant;
import java.util.List;

/**
 * An open scope, as {@link Processes#snapshot} saw it.
 *
 * @param id unique in its snapshot, and in that only
 * @param name its name
 * @param since when it was opened, by its clock
 * @param cancelled whether it has been cancelled
 * @param channels its channels, in the order of their making
 * @param processes those that live, in the order of their start
 * @param scopes the open scopes directly inside, in the order of their opening
 */
public record ScopeSnapshot(
    String id,
    String name,
    Instant since,
    boolean cancelled,
    List<ChannelSnapshot> channels,
    List<ProcessSnapshot> processes,
    List<ScopeSnapshot> scopes) {}
