package dev.sluice.mesh.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code POST /requests} and {@code GET /mesh}. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public class MeshResource {
  private final MeshOperation operation;

  @Inject
  MeshResource(MeshOperation operation) {
    this.operation = operation;
  }

  /** Runs a request at the owner of its key. */
  @POST
  @Path("requests")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Run an operation at the owner of a key", operationId = "request")
  @APIResponse(responseCode = "200", description = "The owner's reply")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(responseCode = "409", description = "The id belongs to another request")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  @APIResponse(
      responseCode = "504",
      description = "No reply within the wait; the request may still be run")
  public CompletionStage<RestResponse<MeshAnswer>> request(MeshRequest request) {
    return operation.request(request).thenApply(MeshResource::response);
  }

  /** Shows who owns what, and how the workers are. */
  @GET
  @Path("mesh")
  @Operation(summary = "Shards, workers, heartbeats", operationId = "mesh")
  @APIResponse(responseCode = "200", description = "How the mesh is")
  public CompletionStage<MeshOverview> mesh() {
    return operation.look();
  }

  private static RestResponse<MeshAnswer> response(MeshAnswer answer) {
    return RestResponse.ResponseBuilder.ok(answer)
        .header("Sluice-Shard", answer.shard())
        .header("Sluice-Worker", answer.worker())
        .header("Sluice-Epoch", answer.epoch())
        .build();
  }
}
