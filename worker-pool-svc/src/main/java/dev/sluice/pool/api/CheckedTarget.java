package dev.sluice.pool.api;

import dev.sluice.service.FieldError;
import dev.sluice.service.json.JsonText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A target that keeps all rules.
 *
 * @param method one of {@link #METHODS}
 * @param url absolute, http or https, with a host; in ASCII
 * @param headers none of which is reserved
 * @param body the text of a JSON value; null for none
 */
record CheckedTarget(String method, URI url, Map<String, String> headers, @Nullable String body) {
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

  private static final String RESERVED_PREFIX = "sluice-";
  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD");
  private static final String MUST_BE_URL =
      "must be an absolute URL with http or https and a host, such as \"https://example.org/hook\"";

  /**
   * Holds a target against the rules.
   *
   * @param errors gets every rule that is broken
   * @return null if one is
   */
  static @Nullable CheckedTarget of(SubmitRequest.Target target, List<FieldError> errors) {
    var check = new Check();
    String method = check.method(target.method());
    URI url = target.url() == null ? null : check.url(target.url());
    Map<String, String> headers = Objects.requireNonNullElse(target.headers(), Map.of());
    check.headers(headers);
    String body = check.body(method, target.body());
    errors.addAll(check.errors);
    return check.errors.isEmpty() && url != null
        ? new CheckedTarget(method, url, headers, body)
        : null;
  }

  /** Collects what is wrong. */
  private static final class Check {
    private final List<FieldError> errors = new ArrayList<>();

    private String method(@Nullable String method) {
      String chosen = Objects.requireNonNullElse(method, "POST");
      if (!METHODS.contains(chosen)) {
        wrong("target.method", chosen, "must be one of " + String.join(", ", METHODS));
      }
      return chosen;
    }

    private @Nullable URI url(String text) {
      if (text.length() > LONGEST_URL) {
        wrong("target.url", text, "must have at most " + LONGEST_URL + " characters");
        return null;
      }
      try {
        URI url = new URI(text);
        String complaint = complaint(url);
        if (complaint == null) {
          return URI.create(url.toASCIIString());
        }
        wrong("target.url", text, complaint);
      } catch (URISyntaxException e) {
        wrong("target.url", text, MUST_BE_URL + "; " + e.getReason() + " at index " + e.getIndex());
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

    private void headers(Map<String, String> headers) {
      if (headers.size() > MOST_HEADERS) {
        wrong("target.headers", headers.size() + " headers", "at most " + MOST_HEADERS + " are");
        return;
      }
      int chars = 0;
      Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      for (Map.Entry<String, @Nullable String> header : headers.entrySet()) {
        String value = header.getValue();
        if (!names.add(header.getKey())) {
          wrong("target.headers", header.getKey(), "the same name must not come twice");
        }
        header(header.getKey(), value);
        chars += header.getKey().length() + (value == null ? 0 : value.length());
      }
      if (chars > MOST_HEADER_CHARS) {
        wrong(
            "target.headers",
            chars + " characters",
            "names and values must have at most " + MOST_HEADER_CHARS + " together");
      }
    }

    private void header(String name, @Nullable String value) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (name.isEmpty() || !name.chars().allMatch(Check::isTokenChar)) {
        wrong("target.headers", name, "a header's name must be a token of RFC 9110");
      } else if (RESERVED_HEADERS.contains(lower) || lower.startsWith(RESERVED_PREFIX)) {
        wrong("target.headers", name, "this header is set by the service or its HTTP client");
      }
      String field = "target.headers." + name;
      if (value == null) {
        errors.add(new FieldError(field, null, "must be a string"));
      } else if (!value.chars().allMatch(c -> c >= ' ' && c <= '~' || c == '\t')) {
        wrong(field, value, "must have visible ASCII characters, spaces and tabs only");
      }
    }

    private @Nullable String body(String method, @Nullable JsonText body) {
      if (body == null) {
        return null;
      }
      if (WITHOUT_BODY.contains(method)) {
        errors.add(new FieldError("target.body", null, "must not be given with " + method));
      }
      return body.text();
    }

    private void wrong(String field, String value, String allowed) {
      errors.add(FieldError.of(field, value, allowed));
    }

    private static boolean isTokenChar(int c) {
      return c >= '0' && c <= '9'
          || c >= 'A' && c <= 'Z'
          || c >= 'a' && c <= 'z'
          || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
  }
}
