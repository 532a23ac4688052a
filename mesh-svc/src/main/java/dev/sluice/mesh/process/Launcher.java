package dev.sluice.mesh.process;

import dev.sluice.csp.SendChannel;

/** Starts workers' processes: in this JVM, or wherever they are to run. */
interface Launcher {

  /**
   * Starts a process. It reports {@link Report.Ended} when that has ended.
   *
   * @param incarnation tells it from earlier processes of the name
   */
  Launched launch(String worker, int incarnation);

  /** A process, as the supervisor holds it. */
  interface Launched {

    /** To the process, from the supervisor; has room for one command a shard. */
    SendChannel<WorkerCommand> commands();

    /** To the process, from the router, which closes it; has room for a window. */
    SendChannel<RouterToWorker> work();

    /** Ends the process and its links. Does not wait: it may hang, and then it is left behind. */
    void cancel();
  }
}
