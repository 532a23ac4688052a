package dev.sluice.mesh.process;

import dev.sluice.mesh.model.Slice;

/**
 * Told of each step of the protocol, to hold it against the model ({@code shared-csp/spec}). Off by
 * default. Called by the process that takes the step, at the instant of the step.
 */
@FunctionalInterface
public interface MeshTrace {
  /** Tells nobody. */
  MeshTrace NONE = (_, _) -> {};

  /** A step has been taken. */
  void step(Slice slice, MeshStep step);
}
