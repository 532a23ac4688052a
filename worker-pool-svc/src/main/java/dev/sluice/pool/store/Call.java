package dev.sluice.pool.store;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP request that a job makes. Whoever makes one has checked it.
 *
 * @param method such as {@code POST}
 * @param url absolute, http or https, with a host
 * @param headers by name, in the order in which they were given
 * @param body the text of a JSON value; null for none
 */
public record Call(String method, URI url, Map<String, String> headers, @Nullable String body) {
  public Call {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(url, "url");
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** The same without what only the target needs: headers and body. */
  public Call withoutContent() {
    return new Call(method, url, Map.of(), null);
  }

  /** About how much memory it takes, in characters. */
  public long size() {
    long size = url.toString().length() + (body == null ? 0 : body.length());
    for (Map.Entry<String, String> header : headers.entrySet()) {
      size += header.getKey().length() + header.getValue().length();
    }
    return size;
  }
}
