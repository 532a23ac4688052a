package dev.sluice.mesh.model;

/**
 * The first message on a data link: who dials.
 *
 * @param window how many deliveries the worker takes that it has not answered: the router's credits
 */
public record WorkerHello(WorkerId worker, String group, int window) {}
