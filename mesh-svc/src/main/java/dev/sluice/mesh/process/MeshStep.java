package dev.sluice.mesh.process;

import dev.sluice.mesh.model.WorkerId;

/** A step of the protocol, for one slice; the events of the model. */
public sealed interface MeshStep {

  /** A router has accepted a request; a durable one is in its log. */
  record Accept(String router, String id) implements MeshStep {}

  /**
   * The supervisor gives the slice to a worker; taken before that one is told. None for one that
   * holds it from an earlier supervisor already.
   */
  record Own(WorkerId worker, long epoch) implements MeshStep {}

  /** The supervisor has been handed the slice back. */
  record Release(WorkerId worker, long epoch) implements MeshStep {}

  /**
   * The supervisor has fenced the slice's owner, or that one has lost the slice; taken before
   * anybody is told.
   */
  record Fence(WorkerId worker, long epoch) implements MeshStep {}

  /** A router sends a request to the owner that it knows. */
  record Deliver(String router, WorkerId worker, long epoch, String id) implements MeshStep {}

  /** A router takes back what it had delivered and was not answered. */
  record TakeBack(String router, String id) implements MeshStep {}

  /** A worker executes a request (not: answers it from memory). */
  record Run(WorkerId worker, long epoch, String id) implements MeshStep {}

  /** A router completes a request with a worker's answer. */
  record Answer(String router, WorkerId worker, long epoch, String id) implements MeshStep {}

  /** A router drops a worker's answer, or refusal, that does not count any more. */
  record Drop(String router, WorkerId worker, long epoch, String id) implements MeshStep {}

  /** A router ends a request without a worker's answer. */
  record GiveUp(String router, String id) implements MeshStep {}

  /** A router has started again, with its log. */
  record Restart(String router) implements MeshStep {}
}
