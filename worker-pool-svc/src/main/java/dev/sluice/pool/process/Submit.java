package dev.sluice.pool.process;

import dev.sluice.csp.Reply;
import dev.sluice.pool.store.Call;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a job to be done.
 *
 * @param call what to call
 * @param maxAttempts how many times at most; at least 1
 * @param timeout how long one attempt may take
 * @param backoff how long to wait after the first failed attempt; twice as long after each further
 *     one
 * @param maxWait how long the caller will wait for room in the queue; zero: not at all
 * @param reply gets the decision
 */
public record Submit(
    Call call,
    int maxAttempts,
    Duration timeout,
    Duration backoff,
    Duration maxWait,
    Reply<Submission> reply)
    implements PoolMessage {

  /**
   * The same from parts.
   *
   * @param method such as {@code POST}
   * @param url absolute, http or https, with a host
   * @param headers by name
   * @param body the text of a JSON value; null for none
   */
  public static Submit of(
      String method,
      URI url,
      Map<String, String> headers,
      @Nullable String body,
      int maxAttempts,
      Duration timeout,
      Duration backoff,
      Duration maxWait,
      Reply<Submission> reply) {
    return new Submit(
        new Call(method, url, headers, body), maxAttempts, timeout, backoff, maxWait, reply);
  }

  @Override
  public void fail(Throwable reason) {
    reply.fail(reason);
  }
}
