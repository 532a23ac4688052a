package dev.sluice.mesh.process;

import dev.sluice.csp.ReceiveChannel;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Shows the mesh and lets one hurt it: at the supervisor, or asked of it from a router. Never
 * waits.
 */
public interface Topology {

  /**
   * How things are.
   *
   * @return fails when the supervisor is not there
   */
  CompletionStage<MeshView> view();

  /**
   * What happens from now on.
   *
   * @return fails when the supervisor is not there, or too many watch
   */
  CompletionStage<Watch> watch();

  /**
   * Stalls a worker, to show what happens.
   *
   * @return whether there is a live worker of that name that can be stalled here
   */
  CompletionStage<Boolean> stall(String worker, Duration time);

  /**
   * Kills a worker, to show what happens.
   *
   * @return whether there is a live worker of that name that can be killed here
   */
  CompletionStage<Boolean> kill(String worker);

  /**
   * Somebody who watches.
   *
   * @param events closed when the supervisor ends or the watcher does not keep up
   * @param end to be called when the watcher goes; may be called by any thread, again too
   */
  record Watch(ReceiveChannel<MeshEvent> events, Runnable end) {}
}
