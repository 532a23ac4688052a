package dev.sluice.pool.model;

/**
 * A queue as it is stored.
 *
 * @param name what it is called
 * @param settings how it works
 * @param configured whether somebody has set them; else they are the defaults
 * @param paused whether no jobs are handed out
 */
public record QueueView(String name, QueueSettings settings, boolean configured, boolean paused) {}
