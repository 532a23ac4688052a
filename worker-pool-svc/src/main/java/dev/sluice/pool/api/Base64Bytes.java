package dev.sluice.pool.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Base64;

/**
 * Bytes, which in JSON are a string in Base64 (RFC 4648, section 4).
 *
 * @param bytes not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Base64Bytes(byte[] bytes) {

  /**
   * Reads the string.
   *
   * @throws IllegalArgumentException it is not in Base64
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Base64Bytes parse(String text) {
    try {
      return new Base64Bytes(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException notBase64) {
      throw new IllegalArgumentException("must be Base64", notBase64);
    }
  }

  /** The string. */
  @JsonValue
  public String text() {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
