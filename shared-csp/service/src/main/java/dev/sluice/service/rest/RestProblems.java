package dev.sluice.service.rest;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.sluice.service.Problem;
import dev.sluice.service.ProblemException;
import dev.sluice.service.Problems;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Makes a problem of whatever a resource, or Quarkus REST on the way to it, threw. */
@Singleton
class RestProblems {
  private final CurrentVertxRequest current;
  private final StatusProblems statuses;

  RestProblems(CurrentVertxRequest current, StatusProblems statuses) {
    this.current = current;
    this.statuses = statuses;
  }

  @ServerExceptionMapper
  Response problem(ProblemException e) {
    return answer(e);
  }

  @ServerExceptionMapper
  Response violation(ConstraintViolationException e) {
    return failure(e);
  }

  /**
   * Jackson's are here for one reason: Quarkus has a mapper of its own for them, which this
   * replaces.
   */
  @ServerExceptionMapper
  Response mismatch(MismatchedInputException e) {
    return failure(e);
  }

  @ServerExceptionMapper
  Response unexpected(Throwable e) {
    return failure(e);
  }

  /** What Quarkus REST says with a status: no such path, method or media type. */
  @ServerExceptionMapper
  Response status(WebApplicationException e) {
    var status = e.getResponse().getStatus();
    if (status < 400) {
      return e.getResponse();
    }
    return status == 500 ? failure(e) : answer(statuses.problem(status, current.getCurrent()));
  }

  private Response failure(Throwable failure) {
    var request = current.getCurrent().request();
    return answer(Problems.of(failure, request.method() + " " + request.path()));
  }

  private Response answer(ProblemException e) {
    var problem = e.problem(current.getCurrent().request().path());
    var response = Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
    e.headers().forEach(response::header);
    return response.build();
  }
}
