package dev.sluice.pool.api;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.pool.process.PoolMessage;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The way from the edge to the process that owns the jobs. */
@Singleton
class PoolInbox {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final WorkerPool pool;

  @Inject
  PoolInbox(WorkerPool pool) {
    this.pool = pool;
  }

  /**
   * Sends without waiting.
   *
   * @throws ProblemException overloaded, or draining
   */
  void send(PoolMessage message) {
    try {
      if (!pool.trySend(message)) {
        throw new ProblemException(
                ProblemType.OVERLOADED, "too many requests wait in front of the queue")
            .retryAfter(SOON);
      }
    } catch (ChannelClosedException closed) {
      throw draining();
    }
  }

  /** What a stopping service says to who brings work. */
  static ProblemException draining() {
    return new ProblemException(ProblemType.DRAINING, "the queue takes no new jobs")
        .retryAfter(SOON);
  }
}
