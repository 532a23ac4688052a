package dev.sluice.pool.model;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The HTTP request that a job of a push queue makes; its body is the job's {@link Payload}. Whoever
 * makes one has checked it.
 *
 * @param method such as {@code POST}
 * @param url absolute, http or https, with a host
 * @param headers by name, in the order in which they were given
 */
public record Call(String method, URI url, Map<String, String> headers) {

  /** Copies the headers. */
  public Call {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }
}
