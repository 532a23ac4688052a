package dev.sluice.pool.remote;

import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.process.TargetRefusedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One request of a call: the first, or where a redirect leads.
 *
 * @param headers by name, in letters of either case
 * @param body not to be changed; null for none
 */
@SuppressWarnings("ArrayRecordComponent") // travels from one method to the next
record Hop(String method, URI url, Map<String, String> headers, byte @Nullable [] body) {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<String> SAFE = Set.of("GET", "HEAD");

  /** What goes along to another origin; all else may be a secret of this one. */
  private static final Set<String> HARMLESS =
      Set.of(
          "accept",
          "accept-language",
          "content-language",
          "content-type",
          "idempotency-key",
          "sluice-attempt",
          "user-agent");

  /**
   * The first request of a job's call.
   *
   * @param secret signs it; null: it is not signed
   * @throws TargetRefusedException it cannot be made; the message says why
   */
  static Hop first(LeasedJob job, Call call, @Nullable String secret, Instant now)
      throws TargetRefusedException {
    Payload payload = job.payload();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("User-Agent", "sluice-worker-pool");
    switch (payload.form()) {
      case JSON -> headers.put("Content-Type", "application/json");
      case BYTES -> headers.put("Content-Type", "application/octet-stream");
      case NONE -> {}
    }
    headers.putAll(call.headers());
    headers.put("Idempotency-Key", job.id().toString());
    headers.put("Sluice-Attempt", Integer.toString(job.attempt()));
    if (secret != null) {
      headers.putAll(signature(secret, job, now));
    }
    byte[] body = payload.form() == Payload.Form.NONE ? null : payload.bytes();
    return checked(new Hop(call.method(), call.url(), headers, body), "the target");
  }

  /**
   * Where an answer leads.
   *
   * <ul>
   *   <li>307 and 308: there, with the same method and body;
   *   <li>303: there, with GET, or HEAD if it was that, with neither body nor signature;
   *   <li>301 and 302: there, if the method was GET or HEAD. To others it leads nowhere: clients
   *       make a GET of them, and the body would never arrive.
   * </ul>
   *
   * <p>To another scheme, host or port the body goes along, but no header that the caller has given
   * except a few that are harmless, and no signature.
   *
   * @param location the header of that name; null for none
   * @return empty: nowhere
   * @throws TargetRefusedException it must not be gone there; the message says why
   */
  Optional<Hop> redirected(int status, @Nullable String location) throws TargetRefusedException {
    boolean changesMethod = status == 303 && !method.equals("HEAD");
    boolean moved = status == 301 || status == 302;
    if (!REDIRECTS.contains(status) || location == null || moved && !SAFE.contains(method)) {
      return Optional.empty();
    }
    URI next = resolve(location);
    Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    kept.putAll(headers);
    if (!isSameOrigin(next)) {
      kept.keySet().removeIf(name -> !HARMLESS.contains(name.toLowerCase(Locale.ROOT)));
    }
    if (changesMethod) {
      kept.keySet().removeIf(Hop::belongsToBody);
    }
    Hop hop = new Hop(changesMethod ? "GET" : method, next, kept, changesMethod ? null : body);
    if (isSecure() && !hop.isSecure()) {
      throw new TargetRefusedException("the redirect to " + shown(next) + " leads out of https");
    }
    return Optional.of(checked(hop, "the redirect to"));
  }

  /** Its host and port, for people. */
  String authority() {
    return url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
  }

  private static Map<String, String> signature(String secret, LeasedJob job, Instant now)
      throws TargetRefusedException {
    try {
      return WebhookSignature.headers(secret, job.id().toString(), now, job.payload().bytes());
    } catch (IllegalArgumentException e) {
      throw new TargetRefusedException("the queue's secret is not whsec_ and base64");
    }
  }

  private static Hop checked(Hop hop, String what) throws TargetRefusedException {
    URI url = hop.url;
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw refused(hop, what, "has neither http nor https");
    }
    if (url.getHost() == null) {
      throw refused(hop, what, "has no host, or none that is allowed in a URL");
    }
    if (url.getRawUserInfo() != null) {
      throw refused(hop, what, "has a user name or password");
    }
    if (url.getPort() != -1 && (url.getPort() < 1 || url.getPort() > 65_535)) {
      throw refused(hop, what, "has a port that is not 1 to 65535");
    }
    return hop;
  }

  private static TargetRefusedException refused(Hop hop, String what, String why) {
    return new TargetRefusedException(what + " " + shown(hop.url) + " " + why);
  }

  /** The signature among them: it is one of the body too. */
  private static boolean belongsToBody(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return name.startsWith("content-") || name.startsWith("webhook-");
  }

  private URI resolve(String location) throws TargetRefusedException {
    try {
      return url.resolve(new URI(location));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new TargetRefusedException("the target redirects to what is not a URL");
    }
  }

  private boolean isSameOrigin(URI other) {
    return String.valueOf(url.getScheme()).equalsIgnoreCase(other.getScheme())
        && String.valueOf(url.getHost()).equalsIgnoreCase(other.getHost())
        && port(url) == port(other);
  }

  private boolean isSecure() {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  private static int port(URI url) {
    if (url.getPort() != -1) {
      return url.getPort();
    }
    return "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
  }

  /** Without what may be secret: user, password, query. */
  private static String shown(URI url) {
    String text = url.getScheme() + "://" + (url.getHost() == null ? "" : url.getHost());
    return text.length() > 200 ? text.substring(0, 200) : text;
  }
}
