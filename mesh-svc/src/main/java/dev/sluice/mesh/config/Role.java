package dev.sluice.mesh.config;

/** Which parts of the mesh a process is. */
public enum Role {
  /** All of it, as processes of one JVM. */
  ALL,
  /** Takes requests, and gives them to the workers. */
  ROUTER,
  /** Runs requests. */
  WORKER,
  /** Says who owns what. */
  SUPERVISOR;

  /** Whether it takes requests. */
  boolean routes() {
    return this == ALL || this == ROUTER;
  }
}
