package dev.sluice.pool.process.push;

import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.process.Target;
import java.time.Duration;
import java.time.Instant;

/**
 * What an answer of a target means for the job.
 *
 * <pre>
 *   2xx                  succeeded
 *   429, 503             again, not before its Retry-After and the backoff
 *   other 5xx            again, after the backoff
 *   other 4xx            failed; again if the queue says so
 *   anything else        failed; redirects among them, if they are not followed
 *   none                 again, after the backoff
 * </pre>
 */
public final class Judgement {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private Judgement() {}

  /**
   * Judges an answer.
   *
   * @param retryClientErrors whether a 4xx other than 429 is tried again
   * @param now when it came; a date in {@code Retry-After} is held against it
   * @param maxRetryAfter how long a target can have itself left alone at most
   */
  public static Verdict of(
      Target.Answer answer, boolean retryClientErrors, Instant now, Duration maxRetryAfter) {
    int status = answer.status();
    if (status >= 200 && status < 300) {
      return new Verdict.Succeeded(status, answer.body());
    }
    String error = "the target answered " + status;
    if (status == TOO_MANY_REQUESTS || status == UNAVAILABLE) {
      return new Verdict.Retry(status, error, wish(answer, now, maxRetryAfter), true);
    }
    boolean again = status >= 500 || status >= 400 && retryClientErrors;
    return again
        ? new Verdict.Retry(status, error, Duration.ZERO, true)
        : new Verdict.Failed(status, error, answer.body());
  }

  /** There was no answer, but may be one the next time. */
  public static Verdict unanswered(String error) {
    return new Verdict.Retry(null, error, Duration.ZERO, true);
  }

  /** The call must not or cannot be made, now or later. */
  public static Verdict refused(String error) {
    return new Verdict.Failed(null, error, null);
  }

  /** Whether the answer says that its host is unwell or has too much to do: 429 and all 5xx. */
  public static boolean isUnwell(Target.Answer answer) {
    return answer.status() >= 500 || answer.status() == TOO_MANY_REQUESTS;
  }

  private static Duration wish(Target.Answer answer, Instant now, Duration max) {
    String retryAfter = answer.retryAfter();
    if (retryAfter == null) {
      return Duration.ZERO;
    }
    Duration wish = RetryAfter.parse(retryAfter, now).orElse(Duration.ZERO);
    return wish.compareTo(max) < 0 ? wish : max;
  }
}
