package dev.sluice.dedup.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code POST /dedup}. */
@Path("/dedup")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class DedupResource {
  private final DedupOperation operation;

  @Inject
  DedupResource(DedupOperation operation) {
    this.operation = operation;
  }

  /** Marks a key as seen and says whether this was the first time within the window. */
  @POST
  @Operation(summary = "Tell the first from the repeated", operationId = "dedup")
  @APIResponse(responseCode = "200", description = "Whether this was the first time")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "503",
      description = "Full, overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<DedupAnswer> dedup(DedupRequest request) {
    return operation.dedup(request);
  }
}
