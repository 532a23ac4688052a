package dev.sluice.pool.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code GET /queue}. */
@Path("/queue")
@Produces(MediaType.APPLICATION_JSON)
public class QueueResource {
  private final GetQueueOperation operation;

  @Inject
  QueueResource(GetQueueOperation operation) {
    this.operation = operation;
  }

  /** Tells the numbers of the queue. */
  @GET
  @Operation(summary = "Look at the queue", operationId = "getQueue")
  @APIResponse(responseCode = "200", description = "The numbers as they are now")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<QueueAnswer> queue() {
    return operation.queue();
  }
}
