package dev.sluice.mesh.model;

/**
 * One process of a worker.
 *
 * @param name the worker's; one process of it counts at a time
 * @param incarnation given by the supervisor when the process joins; grows with every process of
 *     the name
 */
public record WorkerId(String name, long incarnation) {}
