package dev.sluice.dedup.store.claims;

import java.util.List;

/**
 * What is replayed to those who come with a key that is done with. Kept and given back as it came,
 * byte for byte.
 *
 * @param status the HTTP status
 * @param headers names and values, in their order
 * @param body the bytes; not to be changed
 */
public record StoredResponse(int status, List<Header> headers, byte[] body) {

  /**
   * One header.
   *
   * @param name as it came
   * @param value as it came
   */
  public record Header(String name, String value) {}
}
