package dev.sluice.idempotency;

import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the filter answers in the method's place: problem details (RFC 9457). */
final class Problems {
  static final String MEDIA_TYPE = "application/problem+json";

  private Problems() {}

  static JsonObject of(String type, String title, int status, String detail) {
    return new JsonObject()
        .put("type", type)
        .put("title", title)
        .put("status", status)
        .put("detail", detail);
  }

  static Response missing() {
    return response(
        of(
            "/problems/invalid-input",
            "The input is not valid",
            400,
            IdempotencyKey.HEADER + ": is required"),
        null);
  }

  static Response malformed() {
    return response(
        of(
            "/problems/invalid-input",
            "The input is not valid",
            400,
            IdempotencyKey.HEADER
                + ": must be one string of 1 to 255 ASCII characters, in quotes or without any"
                + " quotes, spaces, commas and semicolons"),
        null);
  }

  static Response tooLarge(long limit) {
    return response(
        of(
            "/problems/body-too-large",
            "The body is too large",
            413,
            "body: with an " + IdempotencyKey.HEADER + " at most " + limit + " bytes are taken"),
        null);
  }

  static Response inProgress(@Nullable String retryAfter) {
    return response(
        of(
            "/problems/claim-in-progress",
            "The key is claimed by another",
            409,
            "the first request with this " + IdempotencyKey.HEADER + " is being answered still"),
        retryAfter);
  }

  static Response mismatch() {
    return response(
        of(
            "/problems/claim-mismatch",
            "The key belongs to another request",
            422,
            "this " + IdempotencyKey.HEADER + " has come with another request before"),
        null);
  }

  static Response unavailable(@Nullable String retryAfter) {
    return response(
        of(
            "/problems/store-unavailable",
            "The store is unavailable",
            503,
            "whether this " + IdempotencyKey.HEADER + " has come before cannot be said now"),
        retryAfter == null ? "1" : retryAfter);
  }

  private static Response response(JsonObject problem, @Nullable String retryAfter) {
    var response =
        Response.status(problem.getInteger("status"))
            .type(MEDIA_TYPE)
            .entity(problem.encode().getBytes(StandardCharsets.UTF_8));
    return retryAfter == null
        ? response.build()
        : response.header("Retry-After", retryAfter).build();
  }
}
