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
 * A string that is a key: given, 1 to {@link Limits#keyBytes()} bytes of UTF-8, without control
 * characters and without halves of surrogate pairs. Unlike most constraints it refuses {@code
 * null}.
 *
 * <pre>{@code
 * record AcquireRequest(@Key String key, @Positive long permits) {}
 * }</pre>
 */
@Documented
@Target({FIELD, METHOD, PARAMETER, ANNOTATION_TYPE, TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = KeyValidator.class)
public @interface Key {
  /** What is said of a value that is not a key; the validator says it more exactly. */
  String message() default "must be a key";

  /** Bean Validation's groups. */
  Class<?>[] groups() default {};

  /** Bean Validation's payload. */
  Class<? extends Payload>[] payload() default {};
}
