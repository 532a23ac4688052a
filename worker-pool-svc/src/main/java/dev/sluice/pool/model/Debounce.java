package dev.sluice.pool.model;

import java.time.Duration;

/**
 * Several submits become one job: each with the same key that comes before the job has begun
 * replaces its content and lets it wait anew.
 *
 * @param key which submits belong together, within a queue
 * @param quiet how long the job waits after the last submit
 * @param max how long it waits after the first at most
 */
public record Debounce(String key, Duration quiet, Duration max) {}
