package dev.sluice.pool.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a worker gets, or gives back.
 *
 * @param form how the bytes are to be read
 * @param bytes not to be changed by who has them
 */
public record Payload(Form form, byte[] bytes) {
  /** Nothing. */
  public static final Payload NONE = new Payload(Form.NONE, new byte[0]);

  /** How bytes are to be read. */
  public enum Form {
    /** There is none. */
    NONE,
    /** The text of a JSON value, in UTF-8. */
    JSON,
    /** Anything. */
    BYTES
  }

  /** The text of a JSON value. */
  public static Payload json(String text) {
    return new Payload(Form.JSON, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Its text, if it is JSON. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload(Form otherForm, byte[] otherBytes)
        && form == otherForm
        && Arrays.equals(bytes, otherBytes);
  }

  @Override
  public int hashCode() {
    return 31 * form.hashCode() + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return form + " of " + bytes.length + " bytes";
  }
}
