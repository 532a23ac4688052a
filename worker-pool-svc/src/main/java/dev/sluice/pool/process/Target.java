package dev.sluice.pool.process;

import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.Payload;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes the call of a job: the pool's way out. */
public interface Target {

  /**
   * Calls and waits for the answer, at most the job's timeout; called by many processes at once.
   *
   * @param secret signs the call; null: it is not signed
   * @throws IOException there was no answer, but may be one the next time; the message says why
   * @throws TargetRefusedException the call must not or cannot be made; the message says why
   * @throws InterruptedException the thread was interrupted; the call has been broken off
   */
  Answer call(LeasedJob job, @Nullable String secret)
      throws IOException, TargetRefusedException, InterruptedException;

  /**
   * What the target has answered.
   *
   * @param status of HTTP
   * @param retryAfter the header of that name; null for none
   * @param body its body as far as it is kept; null for none
   */
  record Answer(int status, @Nullable String retryAfter, @Nullable Payload body) {}
}
