package dev.sluice.dedup.api.stream;

import java.time.Duration;

/**
 * What can be set of streams.
 *
 * @param maxLine the longest line, in bytes, without its end
 * @param idle how long nothing may happen on a stream
 * @param maxPending the most keys that a debouncing stream holds
 * @param maxPendingBytes the most bytes that it holds
 * @param window how many items of a gRPC stream may be under way, if they are not too large
 */
public record StreamSettings(
    int maxLine, Duration idle, int maxPending, long maxPendingBytes, int window) {}
