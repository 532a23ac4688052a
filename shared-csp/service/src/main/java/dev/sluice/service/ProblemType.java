package dev.sluice.service;

import io.grpc.Status;
import java.util.Locale;

/**
 * Every kind of problem that a service answers with: a stable URI, a title, an HTTP status and the
 * gRPC code that says the same. Clients may switch on {@link #uri()} (HTTP) or {@link #name()}
 * (gRPC, as the reason of {@code google.rpc.ErrorInfo}); neither is ever changed or reused.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details for HTTP APIs</a>
 */
public enum ProblemType {
  /**
   * The request is not what the operation takes: broken JSON, a wrong type, a value out of range.
   */
  INVALID_INPUT(400, "The input is not valid", Status.Code.INVALID_ARGUMENT),
  /** There is nothing at this path, or nothing of this name. */
  NOT_FOUND(404, "Not found", Status.Code.NOT_FOUND),
  /** The path exists, but not with this method; the header {@code Allow} lists those it has. */
  METHOD_NOT_ALLOWED(405, "The method is not allowed here", Status.Code.UNIMPLEMENTED),
  /** The answer does not exist in a form that the header {@code Accept} asks for. */
  NOT_ACCEPTABLE(406, "No acceptable form of the answer", Status.Code.INVALID_ARGUMENT),
  /** The body did not come within the configured time. */
  BODY_NOT_IN_TIME(408, "The body did not come in time", Status.Code.DEADLINE_EXCEEDED),
  /** The request contradicts what is already there. */
  CONFLICT(409, "The request conflicts with what is there", Status.Code.ALREADY_EXISTS),
  /** Somebody else does what the key stands for; {@code Retry-After} says when to come back. */
  CLAIM_IN_PROGRESS(409, "The key is claimed by another", Status.Code.ABORTED),
  /** The claim is no longer the caller's: its lease has run out, or it was ended. */
  CLAIM_LOST(409, "The claim is lost", Status.Code.ABORTED),
  /** The body is larger than the configured limit. */
  BODY_TOO_LARGE(413, "The body is too large", Status.Code.RESOURCE_EXHAUSTED),
  /** The body is of a media type that the operation does not read. */
  UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported", Status.Code.INVALID_ARGUMENT),
  /** The idempotency key has come with another request before. */
  CLAIM_MISMATCH(422, "The key belongs to another request", Status.Code.FAILED_PRECONDITION),
  /** The limit of this key is used up; {@code Retry-After} says when to come back. */
  RATE_LIMITED(429, "The rate limit is reached", Status.Code.RESOURCE_EXHAUSTED),
  /** The bounded queue has no room; {@code Retry-After} says when to come back. */
  QUEUE_FULL(429, "The queue is full", Status.Code.RESOURCE_EXHAUSTED),
  /** The service failed on a request that was valid; its log says why, under the problem's id. */
  INTERNAL(500, "The service failed", Status.Code.INTERNAL),
  /** The service has more requests in hand than it takes at once. */
  OVERLOADED(503, "The service is overloaded", Status.Code.UNAVAILABLE),
  /** The service is stopping and takes no new work. */
  DRAINING(503, "The service is stopping", Status.Code.UNAVAILABLE),
  /** The service cannot do this yet: others that it needs are not there. */
  NOT_READY(503, "The service is not ready", Status.Code.UNAVAILABLE),
  /** The service does this, but in processes that have another role than this one. */
  OTHER_ROLE(503, "Another process does this", Status.Code.UNAVAILABLE),
  /** The engine that stores the state does not answer. */
  STORE_UNAVAILABLE(503, "The store is unavailable", Status.Code.UNAVAILABLE),
  /** The store keeps as much as it may; {@code Retry-After} says when to come back. */
  STORE_FULL(503, "The store is full", Status.Code.UNAVAILABLE),
  /** What was asked did not happen within the time that the caller was willing to wait. */
  NOT_IN_TIME(504, "No answer in time", Status.Code.DEADLINE_EXCEEDED);

  private final int status;
  private final String title;
  private final Status.Code code;
  private final String uri;

  ProblemType(int status, String title, Status.Code code) {
    this.status = status;
    this.title = title;
    this.code = code;
    this.uri = "/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the type's stable URI, for example {@code /problems/rate-limited}. */
  public String uri() {
    return uri;
  }

  /** Returns what this type of problem is called, the same for every occurrence. */
  public String title() {
    return title;
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  /** Returns the gRPC status code. */
  public Status.Code code() {
    return code;
  }
}
