package dev.sluice.dedup.api.claims;

import com.google.protobuf.ByteString;
import dev.sluice.dedup.grpc.Header;
import dev.sluice.dedup.grpc.StoredResponse;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stored responses as gRPC has them. */
final class ProtoResponses {
  private ProtoResponses() {}

  static ResponseBody body(StoredResponse message) {
    return new ResponseBody(
        message.getStatus(),
        message.getHeadersList().stream()
            .map(each -> new ResponseBody.Header(each.getName(), each.getValue()))
            .toList(),
        message.hasText() ? message.getText() : null,
        message.hasBinary() ? base64(message.getBinary()) : null);
  }

  static StoredResponse message(ResponseBody body) {
    var message = StoredResponse.newBuilder().setStatus(Objects.requireNonNull(body.status()));
    for (ResponseBody.@Nullable Header each : Objects.requireNonNull(body.headers())) {
      Objects.requireNonNull(each);
      message.addHeaders(
          Header.newBuilder()
              .setName(Objects.requireNonNull(each.name()))
              .setValue(Objects.requireNonNull(each.value())));
    }
    return body.bodyBase64() == null
        ? message.setText(Objects.requireNonNull(body.body())).build()
        : message
            .setBinary(ByteString.copyFrom(Base64.getDecoder().decode(body.bodyBase64())))
            .build();
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
