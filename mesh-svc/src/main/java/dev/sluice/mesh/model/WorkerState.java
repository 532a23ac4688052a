package dev.sluice.mesh.model;

/** How a worker is. */
public enum WorkerState {
  /** Its process has been started, or has joined, and has not given a sign of life yet. */
  STARTING,
  /** It beats. */
  LIVE,
  /** It hands its shards over, to go. */
  LEAVING,
  /** It got stuck or died, was fenced, and will be started again. */
  RESTARTING,
  /** It was fenced or has left, and nobody here starts it again; it may join again. */
  GONE,
  /** It has failed too often in too short a time. */
  OUT_OF_SERVICE
}
