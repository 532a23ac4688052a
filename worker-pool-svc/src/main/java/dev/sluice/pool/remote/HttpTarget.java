package dev.sluice.pool.remote;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.process.Target;
import dev.sluice.pool.process.TargetRefusedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * Calls targets over HTTP/1.1, in clear text or with TLS. Proxies are not used, cookies not kept,
 * answers not decompressed, and nothing is tried again.
 *
 * <p>Unless private targets are allowed, every address that is connected to must be {@linkplain
 * PublicAddress public}; it is checked between lookup and connect, and so at every redirect too.
 *
 * <p>A call with all its redirects, from the first lookup to the last byte of the answer's body,
 * takes no longer than the job's timeout. An interrupt breaks it off at once when the thread is a
 * virtual one.
 *
 * <p>The body of an answer is kept up to a limit. Of a longer one nothing is kept, for half a JSON
 * is none, and its connection is closed. The answer counts all the same.
 */
public final class HttpTarget implements Target, AutoCloseable {

  /**
   * What can be set.
   *
   * @param allowPrivate whether hosts may have addresses that are not public
   * @param maxResponse the longest body that is kept, in bytes; at least 0
   * @param maxRedirects how many redirects are followed; 0: none, the redirect is the answer
   * @param connections how many calls are made at once at most; at least 1
   */
  public record Settings(
      boolean allowPrivate, int maxResponse, int maxRedirects, int connections) {}

  /** Before them the client repeats the address. */
  private static final String CLIENTS_WORDS = " failed: ";

  private final Settings settings;
  private final Clock clock;
  private final HostLookup lookup;
  private final CloseableHttpClient client;

  /** Trusts the certificates that the JDK trusts. */
  public HttpTarget(Settings settings, Clock clock) {
    this(
        settings,
        clock,
        address -> settings.allowPrivate() || PublicAddress.isPublic(address),
        InetAddress::getAllByName,
        SSLContexts.createDefault());
  }

  HttpTarget(
      Settings settings,
      Clock clock,
      Predicate<InetAddress> allowed,
      HostLookup.Names names,
      SSLContext tls) {
    this.settings = settings;
    this.clock = clock;
    this.lookup = new HostLookup(allowed, names, clock);
    this.client = TargetClient.of(lookup, tls, settings.connections());
  }

  @Override
  public Answer call(LeasedJob job, @Nullable String secret)
      throws IOException, TargetRefusedException, InterruptedException {
    Call call = job.call();
    if (call == null) {
      throw new TargetRefusedException("the job has no target");
    }
    long deadline = clock.nanos() + job.terms().timeout().toNanos();
    Hop hop = Hop.first(job, call, secret, clock.instant());
    for (int left = settings.maxRedirects(); ; left--) {
      Arrived arrived = arrive(hop, job, deadline);
      Optional<Hop> next =
          settings.maxRedirects() == 0
              ? Optional.empty()
              : hop.redirected(arrived.answer().status(), arrived.location());
      if (next.isEmpty()) {
        return arrived.answer();
      }
      if (left == 0) {
        throw new TargetRefusedException(
            "the target redirects more than " + settings.maxRedirects() + " times");
      }
      hop = next.get();
    }
  }

  @Override
  public void close() {
    lookup.close();
    client.close(CloseMode.IMMEDIATE);
  }

  private record Arrived(Answer answer, @Nullable String location) {}

  private Arrived arrive(Hop hop, LeasedJob job, long deadline)
      throws IOException, TargetRefusedException, InterruptedException {
    HttpUriRequestBase request = request(hop);
    Clock.Alarm alarm = clock.schedule(deadline, request::cancel);
    try {
      return exchange(request, deadline);
    } catch (IOException | IllegalStateException e) { // the latter when it was cancelled just now
      if (Thread.interrupted()) {
        throw interrupted(e);
      }
      if (clock.nanos() - deadline >= 0) {
        throw new IOException("no answer within " + job.terms().timeout().toMillis() + "ms", e);
      }
      throw explained(hop, e);
    } finally {
      alarm.cancel();
    }
  }

  private Arrived exchange(HttpUriRequestBase request, long deadline) throws IOException {
    ClassicHttpResponse response =
        ScopedValue.where(HostLookup.DEADLINE, deadline)
            .call(() -> client.executeOpen(null, request, HttpClientContext.create()));
    try {
      byte[] body = AnswerBody.read(response.getEntity(), settings.maxResponse());
      Payload kept = body == null ? null : AnswerBody.payload(response, body);
      var answer = new Answer(response.getCode(), header(response, "Retry-After"), kept);
      return new Arrived(answer, header(response, "Location"));
    } finally {
      // Gives the connection up if it was not read to the end; to close the response would read on.
      request.cancel();
    }
  }

  private static HttpUriRequestBase request(Hop hop) {
    var request = new HttpUriRequestBase(hop.method(), hop.url());
    hop.headers().forEach(request::setHeader);
    if (hop.body() != null) {
      request.setEntity(new ByteArrayEntity(hop.body(), null));
    }
    return request;
  }

  private static @Nullable String header(HttpMessage message, String name) {
    Header header = message.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  private static IOException explained(Hop hop, Exception e) throws TargetRefusedException {
    return switch (e) {
      case HostLookup.RefusedHostException refused ->
          throw new TargetRefusedException(String.valueOf(refused.getMessage()));
      case UnknownHostException _ ->
          new IOException("the host " + hop.url().getHost() + " is unknown", e);
      case ConnectException _ ->
          new IOException("cannot connect to " + hop.authority() + because(e), e);
      default ->
          new IOException("the connection to " + hop.authority() + " failed" + because(e), e);
    };
  }

  private static InterruptedException interrupted(Exception e) {
    var interrupted = new InterruptedException("the call was broken off");
    interrupted.initCause(e);
    return interrupted;
  }

  /** The first message on the way down to the cause; some have none. */
  private static String because(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String message = each.getMessage();
      if (message != null) {
        int reason = message.indexOf(CLIENTS_WORDS);
        return ": " + (reason < 0 ? message : message.substring(reason + CLIENTS_WORDS.length()));
      }
    }
    return "";
  }
}
