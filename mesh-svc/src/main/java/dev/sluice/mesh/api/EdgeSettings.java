package dev.sluice.mesh.api;

import java.time.Duration;

/**
 * What was set of the edge.
 *
 * @param role which of the mesh's parts this process is, for problems
 * @param usualWait how long a caller waits who does not say
 * @param maxWait the longest wait
 * @param chaos whether workers may be stalled and killed for demonstrations
 * @param pipelines how many pipelines may be open at once
 * @param pipelineInFlight how many requests of one pipeline may be in flight
 * @param heartbeat how often a watch that has nothing to tell says so
 */
public record EdgeSettings(
    String role,
    Duration usualWait,
    Duration maxWait,
    boolean chaos,
    int pipelines,
    int pipelineInFlight,
    Duration heartbeat) {}
