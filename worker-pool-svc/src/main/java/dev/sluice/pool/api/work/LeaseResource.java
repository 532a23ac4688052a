package dev.sluice.pool.api.work;

import dev.sluice.service.rest.Http;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;

/** {@code /queues}: workers ask for jobs. */
@Path("/queues")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class LeaseResource {
  private final WorkOperation operation;
  private final CurrentVertxRequest current;

  @Inject
  LeaseResource(WorkOperation operation, CurrentVertxRequest current) {
    this.operation = operation;
    this.current = current;
  }

  /** Hands out jobs, waiting for the first as long as the request says. */
  @POST
  @Path("/{queue}/lease")
  @Operation(summary = "Lease jobs", operationId = "lease")
  @APIResponse(responseCode = "200", description = "The jobs; none when there were none in time")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(responseCode = "503", description = "Overloaded, stopping or without its engine")
  public CompletionStage<LeaseAnswer> lease(@RestPath String queue, Optional<LeaseBody> body) {
    return Http.answer(current.getCurrent(), operation.lease(queue, body.orElse(LeaseBody.NONE)));
  }
}
