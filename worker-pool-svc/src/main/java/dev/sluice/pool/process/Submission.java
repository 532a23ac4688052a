package dev.sluice.pool.process;

import java.time.Duration;
import java.util.UUID;

/** What the queue answers to {@link Submit}. */
public sealed interface Submission {

  /** The job will be done. */
  record Accepted(UUID id) implements Submission {}

  /**
   * There was no room for the job within the time that the caller would wait.
   *
   * @param waited how long the caller has waited
   * @param depth how many jobs are unfinished
   * @param content how many characters of URLs, headers and bodies are in memory
   * @param retryAfter when there may be room, going by how long attempts took lately
   */
  record Full(Duration waited, int depth, long content, Duration retryAfter)
      implements Submission {}

  /** The service is stopping and takes no more jobs. */
  record Draining() implements Submission {}
}
