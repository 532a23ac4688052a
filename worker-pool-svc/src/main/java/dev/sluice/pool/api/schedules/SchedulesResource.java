package dev.sluice.pool.api.schedules;

import dev.sluice.service.Pending;
import dev.sluice.service.rest.Http;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /schedules}: recurring jobs. */
@Path("/schedules")
@Produces(MediaType.APPLICATION_JSON)
@APIResponse(responseCode = "400", description = "The request is not valid")
@APIResponse(responseCode = "503", description = "Overloaded or without its engine")
public class SchedulesResource {
  private final SchedulesOperation operation;
  private final CurrentVertxRequest current;

  @Inject
  SchedulesResource(SchedulesOperation operation, CurrentVertxRequest current) {
    this.operation = operation;
    this.current = current;
  }

  /** Tells of all schedules. */
  @GET
  @Operation(summary = "List schedules", operationId = "listSchedules")
  @APIResponse(responseCode = "200", description = "All of them, by name")
  public CompletionStage<SchedulesAnswer> schedules() {
    return answer(operation.schedules());
  }

  /** Tells when a schedule's next time is, and when its last was. */
  @GET
  @Path("/{name}")
  @Operation(summary = "Look at a schedule", operationId = "getSchedule")
  @APIResponse(responseCode = "200", description = "The schedule as it is now")
  @APIResponse(responseCode = "404", description = "There is none of this name")
  public CompletionStage<ScheduleAnswer> schedule(@RestPath String name) {
    return answer(operation.schedule(name));
  }

  /** Makes a schedule, or replaces it. */
  @PUT
  @Path("/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Make or change a schedule", operationId = "putSchedule")
  @APIResponse(responseCode = "200", description = "The schedule as it is now")
  public CompletionStage<ScheduleAnswer> put(@RestPath String name, ScheduleBody body) {
    return answer(operation.put(name, body));
  }

  /** Deletes a schedule; jobs that it has submitted stay. */
  @DELETE
  @Path("/{name}")
  @Operation(summary = "Delete a schedule", operationId = "deleteSchedule")
  @APIResponse(responseCode = "204", description = "It is deleted")
  @APIResponse(responseCode = "404", description = "There is none of this name")
  public CompletionStage<RestResponse<Void>> remove(@RestPath String name) {
    return answer(operation.remove(name).thenApply(_ -> RestResponse.noContent()));
  }

  private <T> CompletionStage<T> answer(Pending<T> pending) {
    return Http.answer(current.getCurrent(), pending);
  }
}
