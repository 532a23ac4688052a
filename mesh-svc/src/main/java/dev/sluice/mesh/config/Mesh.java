package dev.sluice.mesh.config;

import dev.sluice.mesh.process.Router;
import dev.sluice.mesh.process.Supervisor;
import dev.sluice.mesh.process.Topology;
import java.util.Optional;

/**
 * What of the mesh is in this process.
 *
 * @param topology the supervisor's, or that of a supervisor elsewhere; none of a worker
 */
record Mesh(Optional<Supervisor> supervisor, Optional<Router> router, Optional<Topology> topology) {

  static Mesh of(Supervisor supervisor) {
    return new Mesh(Optional.of(supervisor), Optional.empty(), Optional.of(supervisor));
  }

  static Mesh of(Supervisor supervisor, Router router) {
    return new Mesh(Optional.of(supervisor), Optional.of(router), Optional.of(supervisor));
  }

  static Mesh of(Router router, Topology topology) {
    return new Mesh(Optional.empty(), Optional.of(router), Optional.of(topology));
  }

  static Mesh ofWorker() {
    return new Mesh(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
