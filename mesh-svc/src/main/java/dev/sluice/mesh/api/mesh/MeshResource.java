package dev.sluice.mesh.api.mesh;

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

/** {@code /mesh}. */
@Path("/mesh")
@Produces(MediaType.APPLICATION_JSON)
public class MeshResource {
  private final MeshOperation mesh;

  @Inject
  MeshResource(MeshOperation mesh) {
    this.mesh = mesh;
  }

  /** Shows who owns what, and how the members are. */
  @GET
  @Operation(summary = "Shards, workers, routers, heartbeats", operationId = "mesh")
  @APIResponse(responseCode = "200", description = "How the mesh is")
  @APIResponse(responseCode = "503", description = "The supervisor does not tell now")
  public CompletionStage<MeshOverview> mesh() {
    return mesh.view().thenApply(MeshOverview::of);
  }

  /** Stops a worker from doing anything, to show what happens. */
  @POST
  @Path("/chaos/stall")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Stall a worker", operationId = "stallWorker")
  @APIResponse(responseCode = "204", description = "It is told to stall")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "404",
      description = "There is no such live worker, or sluice.mesh.chaos is off")
  public CompletionStage<RestResponse<Void>> stall(StallRequest request) {
    return mesh.stall(request).thenApply(_ -> RestResponse.noContent());
  }

  /** Kills a worker, to show what happens. */
  @POST
  @Path("/chaos/kill")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Kill a worker", operationId = "killWorker")
  @APIResponse(responseCode = "204", description = "It is killed")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "404",
      description = "There is no such live worker, or sluice.mesh.chaos is off")
  public CompletionStage<RestResponse<Void>> kill(KillRequest request) {
    return mesh.kill(request).thenApply(_ -> RestResponse.noContent());
  }
}
