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

/** {@code /queues}: what happens in one, as server-sent events. */
@Path("/queues")
@Produces(MediaType.SERVER_SENT_EVENTS)
public class QueueEventsResource {
  private final EventsOperation operation;
  private final SseStreams streams;

  @Inject
  QueueEventsResource(EventsOperation operation, SseStreams streams) {
    this.operation = operation;
    this.streams = streams;
  }

  /** Tells what happens to the jobs of a queue. */
  @GET
  @Path("/{queue}/events")
  @Operation(summary = "Watch a queue", operationId = "watchQueue")
  @APIResponse(
      responseCode = "200",
      description = "Events named as the states of its jobs, and progress",
      content = @Content(schema = @Schema(implementation = EventAnswer.class)))
  @APIResponse(responseCode = "400", description = "The name is not valid")
  @APIResponse(responseCode = "503", description = "Too many watch, or the service is stopping")
  @Blocking
  @RunOnVirtualThread
  public Multi<OutboundSseEvent> queue(@RestPath String queue, @Context Sse sse) {
    return streams.answer(operation.watchQueue(queue), sse);
  }
}
