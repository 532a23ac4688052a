package dev.sluice.limiter.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code GET /policies}. */
@Path("/policies")
@Produces(MediaType.APPLICATION_JSON)
public class PoliciesResource {
  private final PoliciesOperation operation;

  @Inject
  PoliciesResource(PoliciesOperation operation) {
    this.operation = operation;
  }

  /** Says which policies are in force, and what is wrong with the files if they are not. */
  @GET
  @Operation(summary = "The policies in force", operationId = "policies")
  @APIResponse(responseCode = "200", description = "The policies in force")
  public CompletionStage<PoliciesAnswer> policies() {
    return operation.policies().answer();
  }
}
