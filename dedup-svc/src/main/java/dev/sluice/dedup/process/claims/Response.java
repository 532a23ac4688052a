package dev.sluice.dedup.process.claims;

import dev.sluice.dedup.store.claims.StoredResponse;
import java.util.List;

/**
 * What came of a claim, to be replayed as it is.
 *
 * @param status the HTTP status
 * @param headers names and values, in their order
 * @param body the bytes; not to be changed
 * @param text whether the body is UTF-8 that came as text, and goes as such
 */
public record Response(int status, List<Header> headers, byte[] body, boolean text) {

  /**
   * One header.
   *
   * @param name as it came
   * @param value as it came
   */
  public record Header(String name, String value) {}

  /** The bytes of the body, and the characters of the headers. */
  public long size() {
    return stored().size();
  }

  static Response of(StoredResponse stored) {
    return new Response(
        stored.status(),
        stored.headers().stream().map(each -> new Header(each.name(), each.value())).toList(),
        stored.body(),
        stored.text());
  }

  /** As the store keeps it. */
  StoredResponse stored() {
    return new StoredResponse(
        status,
        headers.stream().map(each -> new StoredResponse.Header(each.name(), each.value())).toList(),
        body,
        text);
  }
}
