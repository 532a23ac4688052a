package dev.sluice.csp;

/**
 * A channel, as {@link Processes#snapshot} saw it.
 *
 * @param id unique in its snapshot, and in that only
 * @param port whether it is a {@link Scope#port}
 * @param stats its name, what it holds and what it has carried
 */
public record ChannelSnapshot(String id, boolean port, ChannelStats stats) {}
