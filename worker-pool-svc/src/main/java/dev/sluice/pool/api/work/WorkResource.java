package dev.sluice.pool.api.work;

import dev.sluice.pool.api.jobs.StateAnswer;
import dev.sluice.service.rest.Http;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;

/** {@code /jobs}: what workers say of the jobs that they have. */
@Path("/jobs")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class WorkResource {
  private final WorkOperation operation;
  private final CurrentVertxRequest current;

  @Inject
  WorkResource(WorkOperation operation, CurrentVertxRequest current) {
    this.operation = operation;
    this.current = current;
  }

  /** Ends a job that is done. */
  @POST
  @Path("/{id}/ack")
  @Operation(summary = "End a job that is done", operationId = "ack")
  @APIResponse(responseCode = "200", description = "It has succeeded")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(responseCode = "404", description = "There is no such job")
  @APIResponse(responseCode = "409", description = "It is no longer this lease's")
  @APIResponse(responseCode = "503", description = "Overloaded or without its engine")
  public CompletionStage<StateAnswer> ack(@RestPath String id, AckBody body) {
    return Http.answer(current.getCurrent(), operation.ack(id, body));
  }

  /** Ends an attempt that has failed. */
  @POST
  @Path("/{id}/nack")
  @Operation(summary = "End an attempt that failed", operationId = "nack")
  @APIResponse(responseCode = "200", description = "It is tried again, or has failed")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(responseCode = "404", description = "There is no such job")
  @APIResponse(responseCode = "409", description = "It is no longer this lease's")
  @APIResponse(responseCode = "503", description = "Overloaded or without its engine")
  public CompletionStage<StateAnswer> nack(@RestPath String id, NackBody body) {
    return Http.answer(current.getCurrent(), operation.nack(id, body));
  }

  /** The heartbeat of a worker that has a job still. */
  @POST
  @Path("/{id}/extend")
  @Operation(summary = "Keep a job longer, and report progress", operationId = "extend")
  @APIResponse(responseCode = "200", description = "The worker keeps it")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(responseCode = "404", description = "There is no such job")
  @APIResponse(responseCode = "409", description = "It is no longer this lease's")
  @APIResponse(responseCode = "503", description = "Overloaded or without its engine")
  public CompletionStage<ExtendAnswer> extend(@RestPath String id, ExtendBody body) {
    return Http.answer(current.getCurrent(), operation.extend(id, body));
  }
}
