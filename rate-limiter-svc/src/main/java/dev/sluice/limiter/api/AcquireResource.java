package dev.sluice.limiter.api;

import dev.sluice.service.rest.Http;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code POST /acquire} and {@code POST /acquire/batch}. */
@Path("/acquire")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class AcquireResource {
  private final AcquireOperation operation;
  private final CurrentVertxRequest current;

  @Inject
  AcquireResource(AcquireOperation operation, CurrentVertxRequest current) {
    this.operation = operation;
    this.current = current;
  }

  /** Takes permits, waiting for them as long as the request says. */
  @POST
  @Operation(summary = "Take permits of a key", operationId = "acquire")
  @APIResponse(responseCode = "200", description = "The permits are the caller's")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "429",
      description = "Not to be had within the wait; Retry-After says when")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<RestResponse<AcquireAnswer>> acquire(AcquireRequest request) {
    return Http.answer(
        current.getCurrent(), operation.acquire(request).thenApply(AcquireResource::response));
  }

  /** Takes permits of several keys: each for itself, or all or none. */
  @POST
  @Path("/batch")
  @Operation(summary = "Take permits of several keys", operationId = "acquireBatch")
  @APIResponse(
      responseCode = "200",
      description = "EACH: what became of each; ALL: all permits are the caller's")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "429",
      description = "ALL: not all to be had within the wait; Retry-After says when")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<AcquireBatchAnswer> acquireBatch(AcquireBatchRequest request) {
    return Http.answer(current.getCurrent(), operation.acquire(request));
  }

  private static RestResponse<AcquireAnswer> response(AcquireAnswer answer) {
    return RestResponse.ResponseBuilder.ok(answer)
        .header(RateLimitHeaders.POLICY, RateLimitHeaders.policy(answer.quota()))
        .header(
            RateLimitHeaders.LIMIT,
            RateLimitHeaders.limit(answer.quota(), answer.remaining(), answer.resetAfter()))
        .build();
  }
}
