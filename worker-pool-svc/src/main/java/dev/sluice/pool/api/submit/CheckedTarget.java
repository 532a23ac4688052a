package dev.sluice.pool.api.submit;

import dev.sluice.pool.api.Content;
import dev.sluice.pool.api.FieldChecks;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.Payload;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Holds a target against the rules. */
final class CheckedTarget {
  static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD");
  static final int LONGEST_URL = 4_096;
  static final int MOST_HEADERS = 64;
  static final int MOST_HEADER_CHARS = 16_384;

  /** Those that belong to the connection or to this service; see RFC 9110, 7.6.1. */
  static final Set<String> RESERVED_HEADERS =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "idempotency-key",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** This service's own. */
  private static final List<String> RESERVED_PREFIXES = List.of("sluice-");

  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD");
  private static final String MUST_BE_URL =
      "must be an absolute URL with http or https and a host, such as \"https://example.org/hook\"";

  private final SubmitRequest.Target target;
  private final FieldChecks checks;
  private final String method;

  /**
   * @param checks gets every rule that is broken
   */
  CheckedTarget(SubmitRequest.Target target, FieldChecks checks) {
    this.target = target;
    this.checks = checks;
    this.method = Objects.requireNonNullElse(target.method(), "POST");
  }

  /** The call; null if a rule is broken. */
  @Nullable Call call() {
    if (!METHODS.contains(method)) {
      checks.wrong("method", method, "must be one of " + String.join(", ", METHODS));
    }
    checks.required("url", target.url());
    URI url = target.url() == null ? null : url(target.url());
    Map<String, String> headers = headers(Objects.requireNonNullElse(target.headers(), Map.of()));
    return url == null ? null : new Call(method, url, headers);
  }

  /** The body: the target's own, or the job's payload. */
  Payload body(Payload payload) {
    Payload own = new Content(target.body(), target.bodyBase64()).payload("body", checks);
    if (own != Payload.NONE && payload != Payload.NONE) {
      checks.wrong("body", "must not be given together with payload, which is sent as the body");
    }
    Payload body = own == Payload.NONE ? payload : own;
    if (body != Payload.NONE && WITHOUT_BODY.contains(method)) {
      checks.wrong("body", "must not be given with " + method);
    }
    return body;
  }

  private @Nullable URI url(String text) {
    if (text.length() > LONGEST_URL) {
      checks.wrong("url", text, "must have at most " + LONGEST_URL + " characters");
      return null;
    }
    try {
      URI url = new URI(text);
      String complaint = complaint(url);
      if (complaint == null) {
        return URI.create(url.toASCIIString());
      }
      checks.wrong("url", text, complaint);
    } catch (URISyntaxException e) {
      checks.wrong("url", text, MUST_BE_URL + "; " + e.getReason() + " at index " + e.getIndex());
    }
    return null;
  }

  private static @Nullable String complaint(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https") || url.getHost() == null) {
      return MUST_BE_URL;
    }
    if (url.getRawUserInfo() != null) {
      return "must not have a user name or password; use the header Authorization";
    }
    int port = url.getPort();
    return port != -1 && (port < 1 || port > 65_535) ? "must have a port from 1 to 65535" : null;
  }

  private Map<String, String> headers(Map<String, @Nullable String> headers) {
    if (headers.size() > MOST_HEADERS) {
      checks.wrong("headers", headers.size() + " headers", "at most " + MOST_HEADERS + " are");
      return Map.of();
    }
    int chars = 0;
    var good = new LinkedHashMap<String, String>();
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, @Nullable String> header : headers.entrySet()) {
      String value = header.getValue();
      if (!names.add(header.getKey())) {
        checks.wrong("headers", header.getKey(), "the same name must not come twice");
      }
      header(header.getKey(), value);
      chars += header.getKey().length() + (value == null ? 0 : value.length());
      good.put(header.getKey(), Objects.requireNonNullElse(value, ""));
    }
    if (chars > MOST_HEADER_CHARS) {
      checks.wrong(
          "headers",
          chars + " characters",
          "names and values must have at most " + MOST_HEADER_CHARS + " together");
    }
    return good;
  }

  private void header(String name, @Nullable String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (name.isEmpty() || !name.chars().allMatch(CheckedTarget::isTokenChar)) {
      checks.wrong("headers", name, "a header's name must be a token of RFC 9110");
    } else if (RESERVED_HEADERS.contains(lower)
        || RESERVED_PREFIXES.stream().anyMatch(lower::startsWith)) {
      checks.wrong("headers", name, "this header is set by the service or its HTTP client");
    }
    String field = "headers." + name;
    if (value == null) {
      checks.wrong(field, "must be a string");
    } else if (!value.chars().allMatch(c -> c >= ' ' && c <= '~' || c == '\t')) {
      checks.wrong(field, value, "must have visible ASCII characters, spaces and tabs only");
    }
  }

  private static boolean isTokenChar(int c) {
    return c >= '0' && c <= '9'
        || c >= 'A' && c <= 'Z'
        || c >= 'a' && c <= 'z'
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
