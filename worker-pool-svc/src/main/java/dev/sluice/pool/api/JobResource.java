package dev.sluice.pool.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code GET /jobs/{id}}. */
@Path("/jobs/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class JobResource {
  private final GetJobOperation operation;

  @Inject
  JobResource(GetJobOperation operation) {
    this.operation = operation;
  }

  /** Tells how far a job has come. */
  @GET
  @Operation(summary = "Look at a job", operationId = "getJob")
  @APIResponse(responseCode = "200", description = "The job as it is now")
  @APIResponse(responseCode = "404", description = "There is none of this id, or none any more")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<JobAnswer> job(@PathParam("id") String id) {
    return operation.job(id);
  }
}
