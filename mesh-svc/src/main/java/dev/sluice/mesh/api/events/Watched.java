package dev.sluice.mesh.api.events;

import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.process.Topology;

/**
 * A watch that is open.
 *
 * @param watch to be ended
 * @param first how the mesh was when it had begun
 */
public record Watched(Topology.Watch watch, MeshView first) {}
