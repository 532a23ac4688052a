package dev.sluice.csp.patterns;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of workers that take jobs from one bounded queue: each job is run once, by one of
 * them, in the order of submission.
 *
 * <pre>
 *                                   /--> worker 0 --\
 *   submit(job) --> [queue] -------+---> worker 1 ---+--> the job's reply
 *                      ^            \--> worker 2 --/
 *   close() --> [1] --> doorkeeper: closes the queue, waits for the workers
 * </pre>
 *
 * <p>A job that fails answers its reply with the failure, and the pool goes on; an {@link Error}
 * does so too, and then fails the pool's scope. When the scope is cancelled the jobs that run are
 * interrupted, those that wait are answered with a {@link CancellationException}, and the pool is
 * closed. Every reply that {@link #submit} has given is answered, always. A job that leaves its
 * thread interrupted troubles neither the next job nor the pool.
 *
 * <p>May be used by any thread. A job may submit further jobs; but when all workers do so while the
 * queue is full, they wait for each other.
 *
 * @param <J> a job
 * @param <R> what comes of it; never null
 */
public final class WorkerPool<J, R> {

  /**
   * What a worker does with a job.
   *
   * @param <J> a job
   * @param <R> what comes of it
   */
  @FunctionalInterface
  public interface Work<J, R> {
    /**
     * Runs one job, on the worker's thread.
     *
     * @param job the job
     * @return what comes of it; not null
     * @throws Exception the job has failed; its reply says so
     */
    R run(J job) throws Exception;
  }

  /**
   * What became of a submission.
   *
   * @param <R> what comes of the job
   */
  public sealed interface Submission<R> {
    /**
     * The job is in the pool.
     *
     * @param <R> what comes of the job
     * @param reply answered when the job has been run; a job whose reply is abandoned before a
     *     worker takes it up is not run
     */
    record Accepted<R>(Reply<R> reply) implements Submission<R> {}

    /**
     * The pool is closed: the job is not in it and never will be run.
     *
     * @param <R> what would have come of the job
     */
    record Closed<R>() implements Submission<R> {}
  }

  private record Task<J, R>(J job, Reply<R> reply) {}

  private enum Order {
    CLOSE
  }

  private final Scope scope;
  private final String name;
  private final Work<? super J, ? extends R> work;
  private final PoolObserver<? super J> observer;

  /** Closed by the doorkeeper only. */
  private final Channel<Task<J, R>> queue;

  /** Holds the first order; more of them change nothing. */
  private final Channel<Order> orders;

  /** Closed when all has ended. */
  private final Channel<Void> ended;

  private WorkerPool(
      Scope scope,
      String name,
      int queue,
      Work<? super J, ? extends R> work,
      PoolObserver<? super J> observer) {
    this.observer = Objects.requireNonNull(observer);
    this.scope = scope;
    this.name = name;
    this.work = Objects.requireNonNull(work);
    this.queue = scope.port(name + ".queue", queue); // anybody submits
    this.orders = scope.port(name + ".orders", 1);
    this.ended = scope.port(name + ".ended", 0);
  }

  /**
   * Starts a pool as processes of the scope.
   *
   * @param <J> a job
   * @param <R> what comes of it
   * @param scope where it lives
   * @param name of its doorkeeper; what the names of its workers and channels begin with
   * @param workers how many jobs run at once; at least 1
   * @param queue how many jobs may wait; 0 when a job waits for a free worker in {@link #submit}
   * @param work what the workers do; called by several of them at once
   * @return the pool, which runs already
   * @throws IllegalArgumentException {@code workers} is less than 1, {@code queue} is negative, or
   *     the name is taken
   * @throws CancellationException the scope has been cancelled
   */
  public static <J, R> WorkerPool<J, R> start(
      Scope scope, String name, int workers, int queue, Work<? super J, ? extends R> work) {
    return start(scope, name, workers, queue, work, new PoolObserver<>() {});
  }

  /**
   * Starts a pool that tells an observer what happens in it.
   *
   * @param <J> a job
   * @param <R> what comes of it
   * @param scope where it lives
   * @param name of its doorkeeper; what the names of its workers and channels begin with
   * @param workers how many jobs run at once; at least 1
   * @param queue how many jobs may wait; 0 when a job waits for a free worker in {@link #submit}
   * @param work what the workers do; called by several of them at once
   * @param observer called by several processes at once; what it throws is that process's failure
   * @return the pool, which runs already
   * @throws IllegalArgumentException {@code workers} is less than 1, {@code queue} is negative, or
   *     the name is taken
   * @throws CancellationException the scope has been cancelled
   */
  public static <J, R> WorkerPool<J, R> start(
      Scope scope,
      String name,
      int workers,
      int queue,
      Work<? super J, ? extends R> work,
      PoolObserver<? super J> observer) {
    Require.atLeast(1, workers, "the number of workers");
    Require.atLeast(0, queue, "the queue's capacity");
    var pool = new WorkerPool<J, R>(scope, name, queue, work, observer);
    scope.start(name, () -> pool.run(workers));
    return pool;
  }

  /**
   * Hands in a job; waits while the queue is full.
   *
   * @param job not null
   * @return where the answer will come, or that the pool is closed
   * @throws InterruptedException this thread was interrupted; the job is not in the pool
   */
  public Submission<R> submit(J job) throws InterruptedException {
    var task = new Task<J, R>(Objects.requireNonNull(job), new Reply<>());
    observer.submitting(job);
    try {
      queue.send(task);
    } catch (ChannelClosedException closed) {
      observer.refused(job);
      return new Submission.Closed<>();
    } catch (InterruptedException interrupted) {
      observer.gaveUp(job);
      throw interrupted;
    }
    observer.accepted(job);
    return new Submission.Accepted<>(task.reply());
  }

  /**
   * Takes no more jobs, and waits until all that were accepted have been run and the workers have
   * ended. Those that wait in {@link #submit} are told that it is closed. May be called again, and
   * by several threads: all of them wait for the same end. Not to be called by a job, which would
   * wait for itself.
   *
   * @throws InterruptedException this thread was interrupted; the pool closes all the same
   */
  public void close() throws InterruptedException {
    observer.closing();
    orders.trySend(Order.CLOSE);
    ended.receiveOrNull();
    observer.closed();
  }

  /** The doorkeeper. */
  private void run(int workers) throws InterruptedException {
    try (var crew = scope.child(name + ".workers")) {
      try {
        for (int i = 0; i < workers; i++) {
          int worker = i;
          crew.start(name + "-" + worker, () -> work(worker, crew));
        }
        awaitOrder(crew);
      } finally {
        queue.close();
      }
      crew.join();
    } finally {
      abandonTheRest();
      ended.close();
    }
  }

  private void awaitOrder(Scope crew) throws InterruptedException {
    var select = Select.fair();
    select.receive(orders);
    select.receive(crew.done()); // a worker has failed: crew.join() says how
    select.await();
  }

  private void work(int worker, Scope crew) throws InterruptedException {
    for (var task = queue.receiveOrNull(); task != null; task = queue.receiveOrNull()) {
      run(task, worker, crew);
      Thread.interrupted(); // one that the job has left behind is not for the next
      if (crew.isCancelled()) {
        return; // even if the job has swallowed the interrupt
      }
    }
  }

  private void run(Task<J, R> task, int worker, Scope crew) throws InterruptedException {
    if (task.reply().isAbandoned()) {
      observer.skipped(task.job());
      return;
    }
    try {
      task.reply().complete(run(task.job(), worker));
    } catch (InterruptedException interrupted) {
      if (crew.isCancelled()) {
        task.reply().fail(cancelled(interrupted));
        throw interrupted;
      }
      task.reply().fail(interrupted);
    } catch (Exception failure) { // of every kind: it is the job's result
      task.reply().fail(failure);
    } catch (Error error) {
      task.reply().fail(error);
      throw error;
    }
  }

  private R run(J job, int worker) throws Exception {
    observer.started(worker, job);
    try {
      return work.run(job);
    } finally {
      observer.finished(worker, job);
    }
  }

  /** Nobody will run what is still in the queue, so say so. */
  private void abandonTheRest() {
    queue.tryClose(); // it was cancelled before the workers were there
    List<Task<J, R>> rest = new ArrayList<>();
    queue.drainTo(rest, Integer.MAX_VALUE);
    for (Task<J, R> task : rest) {
      observer.skipped(task.job());
      task.reply().fail(cancelled(null));
    }
  }

  private CancellationException cancelled(@Nullable InterruptedException cause) {
    var cancelled = new CancellationException("the pool " + name + " has been cancelled");
    if (cause != null) {
      cancelled.initCause(cause);
    }
    return cancelled;
  }
}
