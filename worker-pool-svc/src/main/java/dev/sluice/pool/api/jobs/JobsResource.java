package dev.sluice.pool.api.jobs;

import dev.sluice.service.rest.Http;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** {@code /jobs}: look and steer. */
@Path("/jobs")
@Produces(MediaType.APPLICATION_JSON)
public class JobsResource {
  private final JobsOperation operation;
  private final CurrentVertxRequest current;

  @Inject
  JobsResource(JobsOperation operation, CurrentVertxRequest current) {
    this.operation = operation;
    this.current = current;
  }

  /** Lists jobs, the last accepted first. */
  @GET
  @Operation(summary = "List jobs", operationId = "listJobs")
  @APIResponse(responseCode = "200", description = "A page of them")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(responseCode = "503", description = "Overloaded or without its engine")
  public CompletionStage<JobsAnswer> list(
      @RestQuery @Nullable String queue,
      @RestQuery("state") @Parameter(description = "May come several times") List<String> states,
      @RestQuery @Nullable String group,
      @RestQuery @Parameter(description = "1 to 1000", example = "100") @Nullable String limit,
      @RestQuery @Parameter(description = "The next of the page before") @Nullable String cursor) {
    return Http.answer(
        current.getCurrent(),
        operation.list(new ListRequest(queue, states, group, Limit.parse(limit), cursor)));
  }

  /** Tells how far a job has come. */
  @GET
  @Path("/{id}")
  @Operation(summary = "Look at a job", operationId = "getJob")
  @APIResponse(responseCode = "200", description = "The job as it is now")
  @APIResponse(responseCode = "404", description = "There is none of this id, or none any more")
  @APIResponse(responseCode = "503", description = "Overloaded or without its engine")
  public CompletionStage<JobAnswer> job(@RestPath String id) {
    return Http.answer(current.getCurrent(), operation.job(id));
  }

  /** Ends a job that is not finished; a worker that has it is refused from now on. */
  @POST
  @Path("/{id}/cancel")
  @Operation(summary = "Cancel a job", operationId = "cancelJob")
  @APIResponse(responseCode = "200", description = "It is cancelled")
  @APIResponse(responseCode = "404", description = "There is none of this id, or none any more")
  @APIResponse(responseCode = "409", description = "It is finished")
  @APIResponse(responseCode = "503", description = "Overloaded or without its engine")
  public CompletionStage<StateAnswer> cancel(@RestPath String id) {
    return Http.answer(current.getCurrent(), operation.cancel(id));
  }

  /**
   * Lets a job begin at once that is scheduled or retrying, or anew, with all its attempts, one
   * that has failed or was cancelled.
   */
  @POST
  @Path("/{id}/retry")
  @Operation(summary = "Retry a job", operationId = "retryJob")
  @APIResponse(responseCode = "200", description = "It begins")
  @APIResponse(responseCode = "404", description = "There is none of this id, or none any more")
  @APIResponse(
      responseCode = "409",
      description = "It is queued, blocked, running or has succeeded")
  @APIResponse(responseCode = "429", description = "Its queue has no room")
  @APIResponse(responseCode = "503", description = "Overloaded or without its engine")
  public CompletionStage<StateAnswer> retry(@RestPath String id) {
    return Http.answer(current.getCurrent(), operation.retry(id));
  }
}
