package dev.sluice.pool.api;

import dev.sluice.pool.model.Payload;
import dev.sluice.service.json.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * A payload as it travels: in one of two fields, {@code x} for JSON and {@code xBase64} for bytes.
 *
 * @param json any JSON; null for none
 * @param bytes anything; null for none
 */
public record Content(@Nullable JsonText json, @Nullable Base64Bytes bytes) {

  /** The fields of a payload. */
  public static Content of(@Nullable Payload payload) {
    return switch (payload == null ? Payload.Form.NONE : payload.form()) {
      case NONE -> new Content(null, null);
      case JSON -> new Content(new JsonText(text(payload)), null);
      case BYTES -> new Content(null, new Base64Bytes(bytes(payload)));
    };
  }

  /**
   * The payload of the fields.
   *
   * @param field of the JSON
   */
  public Payload payload(String field, FieldChecks checks) {
    if (json != null && bytes != null) {
      checks.wrong(field + "Base64", "must not be given together with " + field);
    }
    return bytes != null
        ? new Payload(Payload.Form.BYTES, bytes.bytes())
        : json != null ? Payload.json(json.text()) : Payload.NONE;
  }

  private static String text(@Nullable Payload payload) {
    return payload == null ? "null" : payload.text();
  }

  private static byte[] bytes(@Nullable Payload payload) {
    return payload == null ? new byte[0] : payload.bytes();
  }
}
