package dev.sluice.mesh.process;

import java.time.Duration;
import java.util.function.Function;

/**
 * How durations stand in payloads and replies: as in all of the product, which this package does
 * not know.
 *
 * @param parse throws {@link IllegalArgumentException} for what is none, with a message that says
 *     what is allowed
 */
public record DurationText(Function<String, Duration> parse, Function<Duration, String> format) {}
