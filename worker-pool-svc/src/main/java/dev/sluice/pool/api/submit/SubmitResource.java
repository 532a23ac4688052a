package dev.sluice.pool.api.submit;

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
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jspecify.annotations.Nullable;

/** {@code /submit}. */
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
      description = "The job is accepted, and durable; Location is where to look at it",
      content = @Content(schema = @Schema(implementation = SubmitAnswer.Accepted.class)))
  @APIResponse(
      responseCode = "200",
      description =
          "The job was there already; or, with result, it is finished, and this is the job")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "409",
      description = "The first request with this Idempotency-Key is being answered still")
  @APIResponse(
      responseCode = "422",
      description = "The Idempotency-Key or idempotencyKey has come with another request before")
  @APIResponse(
      responseCode = "429",
      description = "No room within the wait; Retry-After says when there may be")
  @APIResponse(
      responseCode = "503",
      description =
          "Overloaded, stopping or without its engine; Retry-After says when to try again")
  public CompletionStage<RestResponse<Object>> submit(
      SubmitRequest request,
      @RestQuery
          @Parameter(
              description = "How long to wait for the job to finish, and to answer it then",
              example = "5s")
          @Nullable String result) {
    return Http.answer(
        current.getCurrent(),
        operation.submitText(request, result).thenApply(SubmitResource::response));
  }

  /** Accepts several jobs, each for itself. */
  @POST
  @Path("/batch")
  @Operation(summary = "Submit several jobs", operationId = "submitBatch")
  @APIResponse(responseCode = "200", description = "An answer for each, in its place")
  @APIResponse(responseCode = "400", description = "One of them is not valid; none is accepted")
  @APIResponse(responseCode = "503", description = "As for one")
  public CompletionStage<SubmitAnswer.Batch> submitAll(BatchRequest request) {
    return Http.answer(current.getCurrent(), operation.submitAll(request));
  }

  private static RestResponse<Object> response(SubmitAnswer answer) {
    return switch (answer) {
      case SubmitAnswer.Accepted accepted ->
          response(
              accepted.existing() == null ? Status.ACCEPTED : Status.OK, accepted, accepted.id());
      case SubmitAnswer.Finished(var job) -> response(Status.OK, job, job.id());
    };
  }

  private static RestResponse<Object> response(Status status, Object answer, UUID id) {
    return ResponseBuilder.create(status, answer)
        .header(HttpHeaders.LOCATION, "/jobs/" + id)
        .build();
  }
}
