package dev.sluice.idempotency;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a resource method or class: a request with the header {@code Idempotency-Key} is carried out
 * once; whoever repeats it gets the response of the first, with the header {@code
 * Idempotency-Replayed: true}.
 *
 * <p>While the first is being carried out the others are answered 409, after the configured wait;
 * the same key with another request (method, path, query or body) is answered 422. A response of
 * 408, 425, 429 or 5xx is not kept: the request may be repeated. Without a configured service
 * ({@code sluice.idempotency.url}) the annotation does nothing.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">The
 *     Idempotency-Key HTTP Header Field</a>
 */
@Documented
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Idempotent {

  /** Whether a request without the header is answered 400. */
  boolean required() default false;
}
