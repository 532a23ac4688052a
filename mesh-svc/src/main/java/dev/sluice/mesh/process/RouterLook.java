package dev.sluice.mesh.process;

import dev.sluice.mesh.model.RouterCounts;
import dev.sluice.store.StoreStatus;
import java.util.SortedSet;

/**
 * How a router is.
 *
 * @param isJoined whether it has heard of the groups since it was started
 * @param isSupervised whether its link to the supervisor is there now
 * @param ops what is served
 */
public record RouterLook(
    boolean isJoined,
    boolean isSupervised,
    SortedSet<String> ops,
    StoreStatus log,
    RouterCounts counts) {}
