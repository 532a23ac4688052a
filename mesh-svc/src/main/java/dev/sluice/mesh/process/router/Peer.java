package dev.sluice.mesh.process.router;

import dev.sluice.mesh.model.WorkerId;
import org.jspecify.annotations.Nullable;

/** What the router knows of a worker by its name; owned by the router. */
final class Peer {
  final String name;

  /** The link to its present process; null when there is none. */
  @Nullable WorkerLink link;

  /** Requests that it has answered, over all its processes. */
  long served;

  /**
   * The latest incarnation that is fenced, and all before it are; until it is given a shard again.
   */
  private long fenced;

  /** What its last process was running when its link broke. */
  private @Nullable Entry suspect;

  private @Nullable WorkerId suspectOf;

  Peer(String name) {
    this.name = name;
  }

  /** Whether a link to that process is to be taken: nothing newer is known of the worker. */
  boolean takes(WorkerId worker) {
    return worker.incarnation() > fenced
        && (link == null || worker.incarnation() >= link.worker().incarnation());
  }

  void linked(WorkerLink newLink) {
    link = newLink;
    if (newLink.worker().equals(suspectOf)) {
      suspect = null; // it lives; what it runs now is with the new link
    }
  }

  /** The supervisor has given it a shard since: it counts again. */
  void owns(WorkerId worker) {
    fenced = Math.min(fenced, worker.incarnation() - 1);
  }

  /** The link is gone. If the process is fenced later, what it was running may be why. */
  void unlinked(WorkerId worker, @Nullable Entry running) {
    link = null;
    suspect = running;
    suspectOf = worker;
  }

  /** The process is fenced; answers what it was running when its link broke. */
  @Nullable Entry fenced(WorkerId worker) {
    fenced = Math.max(fenced, worker.incarnation());
    Entry running = worker.equals(suspectOf) ? suspect : null;
    suspect = null;
    return running;
  }
}
