package dev.sluice.mesh.api.events;

import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.service.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Who watches. Its methods are called by one process. */
public interface EventsOutlet {
  /**
   * Waits until the watcher takes another event.
   *
   * @return false when it has not within the time, or is gone
   */
  boolean awaitReady(Duration patience) throws InterruptedException;

  /** Completed when the watcher is gone. */
  CompletionStage<Boolean> gone();

  /** Sends how the mesh is. */
  void send(MeshView view);

  /** Sends what has happened. */
  void send(MeshEvent event);

  /** Says that nothing has happened. */
  void heartbeat();

  /** Ends, for a reason. */
  void end(ProblemException why);

  /** Ends at once: the watcher takes nothing. */
  void hangUp();
}
