package dev.sluice.idempotency;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A response as it is kept, and replayed.
 *
 * @param status the HTTP status
 * @param headers names and values, in their order
 * @param body the bytes
 */
record KeptResponse(int status, List<Header> headers, Buffer body) {
  static final String REPLAYED = "Idempotency-Replayed";

  /** One header. */
  record Header(String name, String value) {}

  /** In the place of one that cannot be kept: that it was done, and with which status. */
  static KeptResponse notKept(int status) {
    JsonObject problem =
        Problems.of(
            "/problems/response-not-kept",
            "The response was not kept",
            409,
            "the first request with this "
                + IdempotencyKey.HEADER
                + " was answered "
                + status
                + ", with a response that could not be kept");
    return new KeptResponse(
        409, List.of(new Header("Content-Type", Problems.MEDIA_TYPE)), problem.toBuffer());
  }

  static KeptResponse of(JsonObject json) {
    var headers = new ArrayList<Header>();
    for (Object each : json.getJsonArray("headers")) {
      var header = (JsonObject) each;
      headers.add(new Header(header.getString("name"), header.getString("value")));
    }
    String base64 = json.getString("bodyBase64");
    Buffer body =
        base64 == null
            ? Buffer.buffer(json.getString("body"))
            : Buffer.buffer(Base64.getDecoder().decode(base64));
    return new KeptResponse(json.getInteger("status"), headers, body);
  }

  JsonObject json() {
    var all = new JsonArray();
    headers.forEach(
        each -> all.add(new JsonObject().put("name", each.name).put("value", each.value)));
    return new JsonObject()
        .put("status", status)
        .put("headers", all)
        .put("bodyBase64", Base64.getEncoder().encodeToString(body.getBytes()));
  }

  Response replay() {
    var response = Response.status(status);
    headers.forEach(each -> response.header(each.name, each.value));
    response.header(REPLAYED, "true");
    return body.length() == 0 ? response.build() : response.entity(body.getBytes()).build();
  }
}
