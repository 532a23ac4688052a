package dev.sluice.limiter.api;

import dev.sluice.service.Pending;
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

/** {@code POST /peek}, {@code POST /release} and {@code POST /reset}. */
@Path("/")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class BalanceResource {
  private final BalanceOperation operation;
  private final CurrentVertxRequest current;

  @Inject
  BalanceResource(BalanceOperation operation, CurrentVertxRequest current) {
    this.operation = operation;
    this.current = current;
  }

  /** Says how the permits of a key stand. */
  @POST
  @Path("/peek")
  @Operation(summary = "Look at the permits of a key", operationId = "peek")
  @APIResponse(responseCode = "200", description = "How they stand; none was taken")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<RestResponse<BalanceAnswer>> peek(BalanceRequest request) {
    return answer(operation.peek(request));
  }

  /** Gives permits back that were granted and not used. */
  @POST
  @Path("/release")
  @Operation(summary = "Give permits of a key back", operationId = "release")
  @APIResponse(responseCode = "200", description = "How many were given back, and how they stand")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<RestResponse<BalanceAnswer>> release(BalanceRequest request) {
    return answer(operation.release(request));
  }

  /** Makes all permits of a key be there. */
  @POST
  @Path("/reset")
  @Operation(summary = "Make all permits of a key be there", operationId = "reset")
  @APIResponse(responseCode = "200", description = "All permits are there")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<RestResponse<BalanceAnswer>> reset(ResetRequest request) {
    return answer(operation.reset(request));
  }

  private CompletionStage<RestResponse<BalanceAnswer>> answer(Pending<BalanceAnswer> pending) {
    return Http.answer(current.getCurrent(), pending.thenApply(BalanceResource::response));
  }

  private static RestResponse<BalanceAnswer> response(BalanceAnswer answer) {
    return RestResponse.ResponseBuilder.ok(answer)
        .header(RateLimitHeaders.POLICY, RateLimitHeaders.policy(answer.quota()))
        .header(
            RateLimitHeaders.LIMIT,
            RateLimitHeaders.limit(answer.quota(), answer.remaining(), answer.resetAfter()))
        .build();
  }
}
