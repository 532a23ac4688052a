package dev.sluice.service;

import static java.lang.annotation.ElementType.ANNOTATION_TYPE;
import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.TYPE_USE;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A duration within bounds, both included. {@code null} is valid.
 *
 * <pre>{@code
 * record Limit(@Positive long rate, @NotNull @DurationRange(min = "1ms", max = "7d") Duration per) {}
 * }</pre>
 */
@Documented
@Target({FIELD, METHOD, PARAMETER, ANNOTATION_TYPE, TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = DurationRangeValidator.class)
public @interface DurationRange {
  /** The shortest duration, in the form of {@link Durations#parse}. */
  String min() default "0s";

  /** The longest duration, in the form of {@link Durations#parse}. */
  String max();

  /** What is said of a duration out of bounds. */
  String message() default "must be from {min} to {max}";

  /** Bean Validation's groups. */
  Class<?>[] groups() default {};

  /** Bean Validation's payload. */
  Class<? extends Payload>[] payload() default {};
}
