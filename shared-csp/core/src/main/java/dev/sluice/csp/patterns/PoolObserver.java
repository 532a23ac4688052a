package dev.sluice.csp.patterns;

/**
 * Is told what happens in a {@link WorkerPool}, for instance to replay it against a model. Whoever
 * does a thing tells of it, on its own thread, several of them at once; so it must be quick and
 * must not wait. Each method does nothing when it is not overridden.
 *
 * <p>What is told is in the order in which it happens, as far as one thing can depend on the other:
 * a job is told of as {@link #submitting} before any worker can have it, as {@link #finished}
 * before its reply can be seen, and {@link #closed} after all that was in the pool. It says nothing
 * about what happens at the same time: {@link #accepted} may be told after the job has been
 * finished, since the submitter learns of it when a worker may have it already; and two workers
 * that take up two jobs may tell so in the other order than that of the queue.
 *
 * @param <J> a job
 */
public interface PoolObserver<J> {
  /**
   * Somebody begins to hand the job in.
   *
   * @param job the job
   */
  default void submitting(J job) {}

  /**
   * The job is in the pool, or has been there.
   *
   * @param job the job
   */
  default void accepted(J job) {}

  /**
   * The pool is closed, and the job not in it.
   *
   * @param job the job
   */
  default void refused(J job) {}

  /**
   * Who wanted to hand the job in was interrupted; it is not in the pool.
   *
   * @param job the job
   */
  default void gaveUp(J job) {}

  /**
   * A worker begins to run the job.
   *
   * @param worker from 0
   * @param job the job
   */
  default void started(int worker, J job) {}

  /**
   * The job has been run, well or not; its reply is answered next.
   *
   * @param worker from 0
   * @param job the job
   */
  default void finished(int worker, J job) {}

  /**
   * The job will not be run, because its reply was abandoned or the pool is cancelled.
   *
   * @param job the job
   */
  default void skipped(J job) {}

  /** Somebody begins to close the pool. */
  default void closing() {}

  /** Who began to close the pool knows that all has ended. */
  default void closed() {}
}
