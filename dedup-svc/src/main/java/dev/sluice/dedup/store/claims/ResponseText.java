package dev.sluice.dedup.store.claims;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A response as one line of text: the status, whether the body is text, the body, and the headers'
 * names and values, all but the first two in Base64. Equal responses are equal texts.
 */
final class ResponseText {
  private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

  private ResponseText() {}

  static String of(StoredResponse response) {
    var text = new StringBuilder();
    text.append(response.status()).append(response.text() ? " text " : " bytes ");
    text.append(ENCODER.encodeToString(response.body()));
    for (StoredResponse.Header header : response.headers()) {
      text.append(' ').append(encoded(header.name()));
      text.append(' ').append(encoded(header.value()));
    }
    return text.toString();
  }

  static StoredResponse read(String text) {
    String[] parts = text.split(" ", -1);
    List<StoredResponse.Header> headers = new ArrayList<>();
    for (int i = 3; i < parts.length; i += 2) {
      headers.add(new StoredResponse.Header(decoded(parts[i]), decoded(parts[i + 1])));
    }
    return new StoredResponse(
        Integer.parseInt(parts[0]),
        headers,
        Base64.getDecoder().decode(parts[2]),
        parts[1].equals("text"));
  }

  private static String encoded(String text) {
    return ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String text) {
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }
}
