package dev.sluice.mesh.model;

/** The supervisor has received a beat. */
public record BeatAck(long number) {}
