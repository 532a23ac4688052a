package dev.sluice.pool.process;

/** What can be asked of the process that owns the jobs. */
public sealed interface PoolMessage permits Submit, GetJob, GetQueue {
  /** Tells whoever waits for the answer that there will be none. */
  void fail(Throwable reason);
}
