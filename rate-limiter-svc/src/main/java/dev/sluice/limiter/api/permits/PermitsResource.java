package dev.sluice.limiter.api.permits;

import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import dev.sluice.service.rest.Http;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /permits}. */
@Path("/permits")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class PermitsResource {
  private final PermitsOperation operation;
  private final CurrentVertxRequest current;

  @Inject
  PermitsResource(PermitsOperation operation, CurrentVertxRequest current) {
    this.operation = operation;
    this.current = current;
  }

  /** Takes a lease on permits, waiting for it as long as the request says. */
  @POST
  @Operation(summary = "Take a lease on permits of a key", operationId = "acquireLease")
  @APIResponse(
      responseCode = "201",
      description = "The lease is the caller's; Location is where to renew and to release it")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "429",
      description = "Not to be had within the wait; Retry-After says when the next lease runs out")
  @APIResponse(
      responseCode = "503",
      description =
          "Overloaded, stopping or without its engine; Retry-After says when to try again")
  public CompletionStage<RestResponse<LeaseAnswer>> acquire(LeaseRequest request) {
    return Http.answer(
        current.getCurrent(), operation.acquire(request).thenApply(PermitsResource::created));
  }

  /** Lets a lease last on. */
  @PUT
  @Path("/{lease}")
  @Operation(summary = "Renew a lease", operationId = "renewLease")
  @APIResponse(responseCode = "200", description = "The lease lasts on")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(responseCode = "404", description = "There is no such lease, or it has ended")
  @APIResponse(responseCode = "503", description = "As for taking one")
  public CompletionStage<RenewAnswer> renew(
      @RestPath String lease, Optional<RenewRequest> request) {
    return Http.answer(
        current.getCurrent(), operation.renew(lease, request.orElse(RenewRequest.AS_BEFORE)));
  }

  /** Ends a lease. */
  @DELETE
  @Path("/{lease}")
  @Operation(summary = "Release a lease", operationId = "releaseLease")
  @APIResponse(responseCode = "204", description = "The lease has ended")
  @APIResponse(responseCode = "404", description = "There is no such lease, or it has ended")
  @APIResponse(responseCode = "503", description = "As for taking one")
  public CompletionStage<RestResponse<Void>> release(@RestPath String lease) {
    return Http.answer(
        current.getCurrent(), operation.release(lease).thenApply(_ -> RestResponse.noContent()));
  }

  /** Says how many permits of a key are out, and who has them. */
  @GET
  @Operation(summary = "Who has leases of a key", operationId = "listLeases")
  @APIResponse(responseCode = "200", description = "How things stand")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(responseCode = "503", description = "As for taking one")
  public CompletionStage<LeasesAnswer> look(
      @RestQuery @Parameter(required = true, example = "db") @Nullable String key,
      @RestQuery
          @Parameter(
              description =
                  "A configured limit; without it the leases that were"
                      + " taken under limits of their own")
          @Nullable String policy,
      @RestQuery
          @Parameter(
              description = "How many may be out, to be told how many remain",
              schema = @Schema(implementation = Long.class))
          @Nullable String limit) {
    return Http.answer(
        current.getCurrent(), operation.look(new LeasesQuery(key, policy, number(limit))));
  }

  private static RestResponse<LeaseAnswer> created(LeaseAnswer answer) {
    return RestResponse.ResponseBuilder.<LeaseAnswer>create(RestResponse.Status.CREATED)
        .entity(answer)
        .header("Location", "/permits/" + answer.lease())
        .build();
  }

  private static @Nullable Long number(@Nullable String limit) {
    try {
      return limit == null ? null : Long.valueOf(limit);
    } catch (NumberFormatException none) {
      throw ProblemException.invalid(
          List.of(FieldError.of("limit", limit, "must be a whole number")));
    }
  }
}
