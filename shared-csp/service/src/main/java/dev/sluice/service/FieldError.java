package dev.sluice.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one field of a request.
 *
 * @param field the path of the field, for example {@code limit.rate} or {@code items[3].key};
 *     {@code body} for the request as a whole
 * @param value the value as it came, shortened; absent if there was none
 * @param message what is wrong, or what is allowed
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FieldError(String field, @Nullable String value, String message) {

  /** Says that a field has a value that is not allowed. */
  public static FieldError of(String field, Object value, String allowed) {
    return new FieldError(field, Quoted.of(value), allowed);
  }

  /** Says it in one line. */
  public String sentence() {
    return value == null
        ? field + ": " + message
        : field + ": " + value + " is not allowed, " + message;
  }
}
