package dev.sluice.pool.api;

import java.time.Duration;

/**
 * What was set of the edge.
 *
 * @param maxWait the longest {@code wait} and {@code result} that a request may ask for
 * @param maxBackoff the longest time between two attempts that a job may ask for
 * @param maxWorkStreams how many streams of workers may be open at once
 * @param heartbeat how often a watch that has nothing to tell says so; whoever takes nothing for
 *     twice as long is not waited for
 */
public record EdgeSettings(
    Duration maxWait, Duration maxBackoff, int maxWorkStreams, Duration heartbeat) {}
