package dev.sluice.service;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A problem as it travels in an {@code application/problem+json} body.
 *
 * @param type what kind of problem it is: a URI that clients may switch on
 * @param title what this kind of problem is called
 * @param status the HTTP status, as in the status line
 * @param detail what went wrong this time: the thing, its value and what is allowed
 * @param instance the path of the request that met the problem, if it had one
 * @param members what else there is to say about a problem of this type; they stand beside the
 *     other members in the JSON object, not below them
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457#section-3">RFC 9457, section 3</a>
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail", "instance"})
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String instance,
    @JsonAnyGetter Map<String, Object> members) {

  /** The media type of a problem. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** Copies the members, keeping their order. */
  public Problem {
    members = Ordered.copy(members);
  }
}
