package dev.sluice.pool.process;

import dev.sluice.pool.store.Call;
import dev.sluice.pool.store.Job;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/**
 * Calls targets over HTTP: HTTP/1.1 in clear text, HTTP/2 where TLS offers it. Redirects are not
 * followed, proxies not used, cookies not kept.
 *
 * <p>Host names are looked up before each call, and unless private targets are allowed every
 * address of the host must be {@linkplain PublicAddress public}. The HTTP client looks the name up
 * again when it has no connection, as a rule in the JVM's cache; a name server that changes its
 * answer between the two passes the check (DNS rebinding).
 *
 * <p>Lookups block their thread, and a virtual one would block its carrier; so they run on a few
 * platform threads.
 */
public final class HttpTarget implements Target, AutoCloseable {
  private static final int LOOKUPS = 16;
  private static final String JSON = "application/json";

  private final boolean allowPrivate;
  private final long maxResponse;
  private final ExecutorService lookups;
  private final HttpClient client;

  /**
   * @param allowPrivate whether hosts may have addresses that are not public
   * @param maxResponse how many bytes of an answer's body are read before the connection is closed
   *     instead
   */
  public HttpTarget(boolean allowPrivate, long maxResponse) {
    this.allowPrivate = allowPrivate;
    this.maxResponse = maxResponse;
    ThreadFactory threads = Thread.ofPlatform().daemon().name("lookup-", 0).factory();
    this.lookups = Executors.newFixedThreadPool(LOOKUPS, threads);
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
  }

  @Override
  public Answer call(Job job, int attempt)
      throws IOException, TargetRefusedException, InterruptedException {
    URI url = job.call().url();
    requireAllowed(url.getHost());
    try {
      HttpResponse<Void> response =
          await(client.sendAsync(request(job, attempt), _ -> new Skip(maxResponse)));
      return new Answer(
          response.statusCode(), response.headers().firstValue("Retry-After").orElse(null));
    } catch (HttpTimeoutException e) {
      throw new IOException("no answer within " + job.timeout().toMillis() + "ms", e);
    } catch (ConnectException e) {
      throw new IOException("cannot connect to " + url.getAuthority() + because(e), e);
    } catch (IOException e) {
      throw new IOException("the connection to " + url.getAuthority() + " failed" + because(e), e);
    }
  }

  @Override
  public void close() {
    lookups.shutdownNow();
    client.shutdownNow();
  }

  private void requireAllowed(String host)
      throws IOException, TargetRefusedException, InterruptedException {
    // A literal IPv6 address stands in brackets in a URL.
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    InetAddress[] addresses;
    try {
      addresses = await(lookups.submit(() -> InetAddress.getAllByName(name)));
    } catch (UnknownHostException e) {
      throw new IOException("the host " + host + " is unknown", e);
    }
    if (!allowPrivate) {
      for (InetAddress address : addresses) {
        if (!PublicAddress.isPublic(address)) {
          throw new TargetRefusedException(
              "the host "
                  + host
                  + " has the address "
                  + address.getHostAddress()
                  + ", which is not public; sluice.pool.targets.allow-private is false");
        }
      }
    }
  }

  private static HttpRequest request(Job job, int attempt) {
    Call call = job.call();
    var request =
        HttpRequest.newBuilder(call.url())
            .version(
                call.url().getScheme().toLowerCase(Locale.ROOT).equals("https")
                    ? HttpClient.Version.HTTP_2
                    : HttpClient.Version.HTTP_1_1)
            .timeout(job.timeout())
            .setHeader("User-Agent", "sluice-worker-pool");
    if (call.body() == null) {
      request.method(call.method(), BodyPublishers.noBody());
    } else {
      request.method(call.method(), BodyPublishers.ofString(call.body()));
      request.setHeader("Content-Type", JSON);
    }
    call.headers().forEach(request::setHeader);
    request.setHeader("Idempotency-Key", job.id().toString());
    request.setHeader("Sluice-Attempt", Integer.toString(attempt));
    return request.build();
  }

  /** Waits so that an interrupt breaks off what is waited for. */
  private static <T> T await(Future<T> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      future.cancel(true);
      throw interrupted;
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }

  /** The first message on the way down to the cause; some have none. */
  private static String because(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each.getMessage() != null) {
        return ": " + each.getMessage();
      }
    }
    return "";
  }
}
