package dev.sluice.mesh.model;

/**
 * Where workers reach a router.
 *
 * @param name the router's
 * @param target {@code host:port} of its gRPC
 */
public record RouterAddress(String name, String target) {}
