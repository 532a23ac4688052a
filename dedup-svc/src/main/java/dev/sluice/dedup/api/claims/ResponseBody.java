package dev.sluice.dedup.api.claims;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.dedup.process.claims.Response;
import dev.sluice.service.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A response that is replayed as it is. The headers are an array, because their order and their
 * repetitions count.
 *
 * @param status the HTTP status
 * @param headers names and values
 * @param body the body as text; or {@code bodyBase64}
 * @param bodyBase64 the body's bytes; or {@code body}; neither: an empty one
 */
@Schema(name = "StoredResponse")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResponseBody(
    @Schema(description = "100 to 599", required = true, examples = "201") @Nullable Integer status,
    @Nullable List<@Nullable Header> headers,
    @Schema(description = "The body, if it is text; or give bodyBase64") @Nullable String body,
    @Schema(description = "The body's bytes in Base64; or give body") @Nullable String bodyBase64) {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

  /**
   * One header.
   *
   * @param name a token
   * @param value without control characters
   */
  @Schema(name = "Header")
  public record Header(
      @Schema(required = true, examples = "Content-Type") @Nullable String name,
      @Schema(required = true, examples = "application/json") @Nullable String value) {}

  static ResponseBody of(Response response) {
    return new ResponseBody(
        response.status(),
        response.headers().stream().map(each -> new Header(each.name(), each.value())).toList(),
        response.text() ? new String(response.body(), StandardCharsets.UTF_8) : null,
        response.text() ? null : Base64.getEncoder().encodeToString(response.body()));
  }

  /**
   * What came of looking at it.
   *
   * @param response as the process has it; null if there are errors
   * @param errors what is wrong with it, each with its path in the request
   */
  record Checked(@Nullable Response response, List<FieldError> errors) {
    /** Only when there are no errors. */
    Response good() {
      return Objects.requireNonNull(response);
    }
  }

  /** Looks at it, and decodes the body. */
  Checked checked(long maxSize) {
    var errors = new ArrayList<FieldError>();
    if (status == null) {
      errors.add(new FieldError("response.status", null, "is required"));
    } else if (status < 100 || status > 599) {
      errors.add(FieldError.of("response.status", status, "must be 100 to 599"));
    }
    for (int i = 0; i < given().size(); i++) {
      headerError("response.headers[" + i + "]", given().get(i)).ifPresent(errors::add);
    }
    byte[] bytes = bytes(errors);
    if (!errors.isEmpty()) {
      return new Checked(null, errors);
    }
    Response response = response(bytes);
    return response.size() <= maxSize
        ? new Checked(response, List.of())
        : new Checked(null, List.of(tooLarge(response.size(), maxSize)));
  }

  private Response response(byte[] bytes) {
    return new Response(
        Objects.requireNonNull(status),
        given().stream()
            .map(Objects::requireNonNull)
            .map(each ->
                new Response.Header(
                    Objects.requireNonNull(each.name), Objects.requireNonNull(each.value)))
            .toList(),
        bytes,
        bodyBase64 == null);
  }

  private static FieldError tooLarge(long size, long maxSize) {
    return new FieldError(
        "response",
        null,
        "has " + size + " bytes with its headers, at most " + maxSize + " are kept");
  }

  private List<@Nullable Header> given() {
    return headers == null ? List.of() : headers;
  }

  private static Optional<FieldError> headerError(String field, @Nullable Header header) {
    if (header == null) {
      return Optional.of(new FieldError(field, null, "is required"));
    }
    if (header.name == null) {
      return Optional.of(new FieldError(field + ".name", null, "is required"));
    }
    if (!TOKEN.matcher(header.name).matches()) {
      return Optional.of(
          FieldError.of(
              field + ".name", header.name, "must be 1 to 256 characters that a token may have"));
    }
    if (header.value == null) {
      return Optional.of(new FieldError(field + ".value", null, "is required"));
    }
    return header.value.chars().anyMatch(each -> each != '\t' && Character.isISOControl(each))
        ? Optional.of(
            FieldError.of(field + ".value", header.value, "must have no control characters"))
        : Optional.empty();
  }

  /** Of the body; none, and an error more, when it has none. */
  private byte[] bytes(List<FieldError> errors) {
    if (bodyBase64 == null) {
      return Objects.requireNonNullElse(body, "").getBytes(StandardCharsets.UTF_8);
    }
    if (body != null) {
      errors.add(
          new FieldError("response.bodyBase64", null, "must not be given together with body"));
      return new byte[0];
    }
    try {
      return Base64.getDecoder().decode(bodyBase64);
    } catch (IllegalArgumentException notBase64) {
      errors.add(FieldError.of("response.bodyBase64", bodyBase64, "must be Base64"));
      return new byte[0];
    }
  }
}
