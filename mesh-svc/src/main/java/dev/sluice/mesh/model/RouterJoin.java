package dev.sluice.mesh.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first message on a router's control link.
 *
 * @param epochs the highest epoch that it knows of each slice
 * @param hasHistory whether its log has ever kept a request: the mesh is not new
 */
public record RouterJoin(
    RouterAddress address,
    long launch,
    Map<Slice, Long> epochs,
    boolean hasHistory,
    @Nullable Long pid) {}
