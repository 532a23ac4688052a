package dev.sluice.mesh.process;

/**
 * A worker's sign of life, on a channel of its own.
 *
 * @param incarnation which of the processes of that name
 */
record Beat(String worker, int incarnation) {}
