package dev.sluice.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemTest {

  /** Clients switch on these: a change here breaks them. */
  @ParameterizedTest
  @CsvSource({
    "INVALID_INPUT, /problems/invalid-input, 400, INVALID_ARGUMENT",
    "NOT_FOUND, /problems/not-found, 404, NOT_FOUND",
    "METHOD_NOT_ALLOWED, /problems/method-not-allowed, 405, UNIMPLEMENTED",
    "NOT_ACCEPTABLE, /problems/not-acceptable, 406, INVALID_ARGUMENT",
    "BODY_NOT_IN_TIME, /problems/body-not-in-time, 408, DEADLINE_EXCEEDED",
    "CONFLICT, /problems/conflict, 409, ALREADY_EXISTS",
    "BODY_TOO_LARGE, /problems/body-too-large, 413, RESOURCE_EXHAUSTED",
    "UNSUPPORTED_MEDIA_TYPE, /problems/unsupported-media-type, 415, INVALID_ARGUMENT",
    "RATE_LIMITED, /problems/rate-limited, 429, RESOURCE_EXHAUSTED",
    "CLAIM_IN_PROGRESS, /problems/claim-in-progress, 409, ABORTED",
    "CLAIM_LOST, /problems/claim-lost, 409, ABORTED",
    "CLAIM_MISMATCH, /problems/claim-mismatch, 422, FAILED_PRECONDITION",
    "QUEUE_FULL, /problems/queue-full, 429, RESOURCE_EXHAUSTED",
    "INTERNAL, /problems/internal, 500, INTERNAL",
    "OVERLOADED, /problems/overloaded, 503, UNAVAILABLE",
    "DRAINING, /problems/draining, 503, UNAVAILABLE",
    "NOT_READY, /problems/not-ready, 503, UNAVAILABLE",
    "OTHER_ROLE, /problems/other-role, 503, UNAVAILABLE",
    "STORE_UNAVAILABLE, /problems/store-unavailable, 503, UNAVAILABLE",
    "STORE_FULL, /problems/store-full, 503, UNAVAILABLE",
    "NOT_IN_TIME, /problems/not-in-time, 504, DEADLINE_EXCEEDED"
  })
  void typesAreStable(ProblemType type, String uri, int status, Status.Code code) {
    assertEquals(uri, type.uri());
    assertEquals(status, type.status());
    assertEquals(code, type.code());
  }

  @Test
  void noTypeIsMissingFromTheListAbove() {
    assertEquals(21, ProblemType.values().length);
  }

  @Test
  void membersAndHeadersKeepTheirOrder() {
    var problem =
        new ProblemException(ProblemType.RATE_LIMITED, "no")
            .with("b", 1)
            .with("a", 2)
            .header("X", "1")
            .retryAfter(Duration.ofMillis(1));
    assertEquals(List.of("b", "a"), List.copyOf(problem.members().keySet()));
    assertEquals(List.of("X", "Retry-After"), List.copyOf(problem.headers().keySet()));
  }

  @Test
  void addingToAProblemDoesNotChangeIt() {
    var bare = new ProblemException(ProblemType.CONFLICT, "no");
    assertEquals(Map.of("a", 1), bare.with("a", 1).members());
    assertEquals(Map.of(), bare.members());
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0", "PT-1S, 0", "PT0.000000001S, 1", "PT1S, 1", "PT1.001S, 2", "PT60S, 60"})
  void retryAfterIsInWholeSecondsRoundedUp(Duration wait, String seconds) {
    var problem = new ProblemException(ProblemType.QUEUE_FULL, "no").retryAfter(wait);
    assertEquals(Map.of("Retry-After", seconds), problem.headers());
  }

  @Test
  void aProblemIsFoundInsideWhatStagesWrapItIn() {
    var problem = new ProblemException(ProblemType.QUEUE_FULL, "no");
    var wrapped = new CompletionException(new ExecutionException(problem));
    assertEquals(problem, Problems.of(wrapped, "POST /submit"));
  }

  @Test
  void fieldsAreListedInOneSentence() {
    var problem =
        ProblemException.invalid(
            List.of(
                FieldError.of("permits", 0, "must be at least 1"),
                new FieldError("key", null, "is required")));
    assertEquals(
        "permits: 0 is not allowed, must be at least 1; key: is required", problem.detail());
  }
}
