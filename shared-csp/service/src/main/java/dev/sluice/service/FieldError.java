package dev.sluice.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.Optional;
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

  /**
   * Says that a duration is out of bounds, both included; in the words of {@link DurationRange},
   * for bounds that are configured.
   */
  public static Optional<FieldError> outOfRange(
      String field, @Nullable Duration value, Duration least, Duration most) {
    return value == null || (value.compareTo(least) >= 0 && value.compareTo(most) <= 0)
        ? Optional.empty()
        : Optional.of(
            of(
                field,
                value,
                "must be from " + Durations.format(least) + " to " + Durations.format(most)));
  }

  /** Says it in one line. */
  public String sentence() {
    return value == null
        ? field + ": " + message
        : field + ": " + value + " is not allowed, " + message;
  }
}
