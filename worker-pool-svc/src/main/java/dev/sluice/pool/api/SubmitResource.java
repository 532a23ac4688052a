package dev.sluice.pool.api;

import dev.sluice.idempotency.Idempotent;
import dev.sluice.service.rest.Http;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code POST /submit}. */
@Path("/submit")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class SubmitResource {
  private final SubmitOperation operation;
  private final CurrentVertxRequest current;

  @Inject
  SubmitResource(SubmitOperation operation, CurrentVertxRequest current) {
    this.operation = operation;
    this.current = current;
  }

  /**
   * Accepts a job, waiting for room as long as the request says. With an {@code Idempotency-Key}
   * (when {@code sluice.idempotency.url} is set) the same request accepts one job, however often it
   * comes.
   */
  @POST
  @Idempotent
  @Operation(summary = "Submit a job", operationId = "submit")
  @Parameter(
      name = "Idempotency-Key",
      in = ParameterIn.HEADER,
      description = "The same key with the same request is one job",
      schema = @Schema(type = SchemaType.STRING),
      example = "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"")
  @APIResponse(
      responseCode = "202",
      description = "The job is accepted; Location is where to look at it")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "409",
      description = "The first request with this Idempotency-Key is being answered still")
  @APIResponse(
      responseCode = "422",
      description = "The Idempotency-Key has come with another request before")
  @APIResponse(
      responseCode = "429",
      description = "No room within the wait; Retry-After says when there may be")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<RestResponse<SubmitAnswer>> submit(SubmitRequest request) {
    return Http.answer(
        current.getCurrent(), operation.submit(request).thenApply(SubmitResource::response));
  }

  private static RestResponse<SubmitAnswer> response(SubmitAnswer answer) {
    return RestResponse.ResponseBuilder.create(RestResponse.Status.ACCEPTED, answer)
        .header(HttpHeaders.LOCATION, "/jobs/" + answer.id())
        .build();
  }
}
