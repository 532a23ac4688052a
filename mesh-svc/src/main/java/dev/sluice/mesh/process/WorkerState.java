package dev.sluice.mesh.process;

/** How a worker is. */
public enum WorkerState {
  /** Its process has been started and has not given a sign of life yet. */
  STARTING,
  /** It beats. */
  LIVE,
  /** It got stuck or died, was fenced, and will be started again. */
  RESTARTING,
  /** It has failed too often in too short a time. */
  OUT_OF_SERVICE
}
