package dev.sluice.pool.api.events;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;

/** {@code /jobs}: what happens to one, as server-sent events. */
@Path("/jobs")
@Produces(MediaType.SERVER_SENT_EVENTS)
public class JobEventsResource {
  private final EventsOperation operation;
  private final SseStreams streams;

  @Inject
  JobEventsResource(EventsOperation operation, SseStreams streams) {
    this.operation = operation;
    this.streams = streams;
  }

  /** Tells what happens to a job, its present state first, until it is finished. */
  @GET
  @Path("/{id}/events")
  @Operation(summary = "Watch a job", operationId = "watchJob")
  @APIResponse(
      responseCode = "200",
      description = "Events named as the job's states, and progress",
      content = @Content(schema = @Schema(implementation = EventAnswer.class)))
  @APIResponse(responseCode = "404", description = "There is none of this id, or none any more")
  @APIResponse(responseCode = "503", description = "Too many watch, or the service is stopping")
  @Blocking
  @RunOnVirtualThread
  public Multi<OutboundSseEvent> job(@RestPath String id, @Context Sse sse) {
    return streams.answer(operation.watchJob(id), sse);
  }
}
