package dev.sluice.dedup.api.claims;

import dev.sluice.service.rest.Http;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /claims}. */
@Path("/claims")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ClaimsResource {
  private final ClaimsOperation operation;
  private final CurrentVertxRequest current;

  @Inject
  ClaimsResource(ClaimsOperation operation, CurrentVertxRequest current) {
    this.operation = operation;
    this.current = current;
  }

  /** Claims a key, waiting for the present owner as long as the request says. */
  @POST
  @Operation(summary = "Claim a key, or get what came of it", operationId = "claim")
  @APIResponse(
      responseCode = "201",
      description = "The key is the caller's; Location is where to complete and to abort it")
  @APIResponse(responseCode = "200", description = "It is done; this is the response to replay")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "409",
      description = "Another has it still; Retry-After says when their claim runs out")
  @APIResponse(responseCode = "422", description = "The key has come with another fingerprint")
  @APIResponse(
      responseCode = "503",
      description =
          "Full, overloaded, stopping or without its engine; Retry-After says when to try again")
  public CompletionStage<RestResponse<ClaimAnswer>> claim(ClaimRequest request) {
    return Http.answer(
        current.getCurrent(), operation.claim(request).thenApply(ClaimsResource::found));
  }

  /** Completes a claim with the response to replay. May be repeated when the answer was lost. */
  @PUT
  @Path("/{id}")
  @Operation(summary = "Complete a claim with what came of it", operationId = "completeClaim")
  @APIResponse(responseCode = "200", description = "It is kept")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(responseCode = "404", description = "There is no such claim")
  @APIResponse(responseCode = "409", description = "The claim is no longer this token's")
  @APIResponse(responseCode = "503", description = "As for claiming")
  public CompletionStage<ClaimAnswer> complete(@RestPath String id, CompleteRequest request) {
    return Http.answer(current.getCurrent(), operation.complete(id, request));
  }

  /** Gives a claim up: who comes next has the key. */
  @DELETE
  @Path("/{id}")
  @Operation(summary = "Abort a claim", operationId = "abortClaim")
  @APIResponse(responseCode = "204", description = "Who comes next has the key")
  @APIResponse(responseCode = "400", description = "The token is missing")
  @APIResponse(responseCode = "404", description = "There is no such claim")
  @APIResponse(responseCode = "409", description = "The claim is no longer this token's")
  @APIResponse(responseCode = "503", description = "As for claiming")
  public CompletionStage<RestResponse<Void>> abort(
      @RestPath String id, @RestQuery @Parameter(required = true) @Nullable String token) {
    return Http.answer(
        current.getCurrent(),
        operation.abort(id, new AbortRequest(token)).thenApply(_ -> RestResponse.noContent()));
  }

  /** Lets a claim last on. */
  @POST
  @Path("/{id}/renew")
  @Operation(summary = "Renew a claim's lease", operationId = "renewClaim")
  @APIResponse(responseCode = "200", description = "The claim lasts on")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(responseCode = "404", description = "There is no such claim")
  @APIResponse(responseCode = "409", description = "The claim is no longer this token's")
  @APIResponse(responseCode = "503", description = "As for claiming")
  public CompletionStage<ClaimAnswer> renew(@RestPath String id, RenewRequest request) {
    return Http.answer(current.getCurrent(), operation.renew(id, request));
  }

  private static RestResponse<ClaimAnswer> found(ClaimAnswer answer) {
    return answer.state().equals(ClaimAnswer.CLAIMED)
        ? RestResponse.ResponseBuilder.<ClaimAnswer>create(RestResponse.Status.CREATED)
            .entity(answer)
            .header("Location", "/claims/" + answer.id())
            .build()
        : RestResponse.ok(answer);
  }
}
