package dev.sluice.mesh.model;

/**
 * A sign of life, on a link of its own.
 *
 * @param member the worker's or router's name
 * @param incarnation of a worker; 0 for a router
 * @param number counts up; its acknowledgement carries it
 */
public record Beat(String member, long incarnation, long number) {}
