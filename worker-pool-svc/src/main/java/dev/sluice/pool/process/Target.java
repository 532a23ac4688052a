package dev.sluice.pool.process;

import dev.sluice.pool.store.Job;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes the call of a job: the pool's way out. */
public interface Target {

  /**
   * Calls and waits for the answer; called by many processes at once.
   *
   * @param attempt 1 for the first
   * @throws IOException there was no answer, but may be one the next time; the message says why
   * @throws TargetRefusedException the call must not or cannot be made; the message says why
   * @throws InterruptedException the thread was interrupted; the call has been broken off
   */
  Answer call(Job job, int attempt)
      throws IOException, TargetRefusedException, InterruptedException;

  /**
   * @param status of HTTP
   * @param retryAfter the header of that name; null for none
   */
  record Answer(int status, @Nullable String retryAfter) {}
}
