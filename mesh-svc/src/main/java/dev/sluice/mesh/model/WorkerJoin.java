package dev.sluice.mesh.model;

import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The first message on a worker's control link.
 *
 * @param name the worker's
 * @param launch what the launcher gave the process at its start, so that it is known for the one
 *     that was launched; 0 for a worker that nobody launched
 * @param incarnation which it was given when it joined before, or 0: a process that has lost its
 *     link, or whose supervisor is another, goes on being the same
 * @param ops what it serves
 * @param holds the epoch of each shard that it owns, from before
 */
public record WorkerJoin(
    String name,
    String group,
    SortedSet<String> ops,
    long launch,
    long incarnation,
    Map<Integer, Long> holds,
    @Nullable Long pid) {}
