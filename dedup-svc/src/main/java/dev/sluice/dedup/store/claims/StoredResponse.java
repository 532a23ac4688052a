package dev.sluice.dedup.store.claims;

import java.util.Arrays;
import java.util.List;

/**
 * What is replayed to those who come with a key that is done with. Kept and given back as it came,
 * byte for byte. Two are equal when all of it is, the body's bytes included.
 *
 * @param status the HTTP status
 * @param headers names and values, in their order
 * @param body the bytes; not to be changed
 * @param text whether the body came as text, and is to be given back as such; then it is UTF-8
 */
public record StoredResponse(int status, List<Header> headers, byte[] body, boolean text) {

  /**
   * One header.
   *
   * @param name as it came
   * @param value as it came
   */
  public record Header(String name, String value) {}

  /** Copies the headers. */
  public StoredResponse {
    headers = List.copyOf(headers);
  }

  /** What a store counts it as: the bytes of the body, and the characters of the headers. */
  public long size() {
    long size = body.length;
    for (Header header : headers) {
      size += header.name().length() + header.value().length();
    }
    return size;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoredResponse that
        && status == that.status
        && text == that.text
        && headers.equals(that.headers)
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * status + headers.hashCode()) + Arrays.hashCode(body);
  }

  @Override
  public String toString() {
    return status + " with " + headers.size() + " headers and " + body.length + " bytes";
  }
}
