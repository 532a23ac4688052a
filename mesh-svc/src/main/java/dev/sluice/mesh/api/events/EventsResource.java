package dev.sluice.mesh.api.events;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.service.ProblemException;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code /mesh/events}: what happens, as server-sent events. */
@Path("/mesh/events")
@Produces(MediaType.SERVER_SENT_EVENTS)
public class EventsResource {
  private final EventsOperation events;
  private final CurrentVertxRequest current;
  private final ObjectMapper mapper;

  @Inject
  EventsResource(EventsOperation events, CurrentVertxRequest current, ObjectMapper mapper) {
    this.events = events;
    this.current = current;
    this.mapper = mapper;
  }

  /** Tells what happens to the mesh; how it is comes first, as the event {@code mesh}. */
  @GET
  @Operation(summary = "Watch the mesh", operationId = "watchMesh")
  @APIResponse(
      responseCode = "200",
      description =
          "Events: mesh first, then worker_joined, worker_fenced, worker_out_of_service,"
              + " shard_owned, router_joined, router_left",
      content = @Content(schema = @Schema(implementation = EventAnswer.class)))
  @APIResponse(
      responseCode = "503",
      description = "Too many watch, or the supervisor is not there, or the service is stopping")
  @Blocking
  @RunOnVirtualThread
  public Multi<OutboundSseEvent> events(@Context Sse sse) {
    RoutingContext context = current.getCurrent();
    context.request().resume(); // it has no body, and counts as slow until that is known
    var stream = new SseStream(context.request(), sse, mapper);
    context.addEndHandler(_ -> stream.cancel());
    return Multi.createFrom().publisher(events.start(begun(), stream));
  }

  /** Waits until the watch has begun, so that a problem is answered as one. */
  private Watched begun() {
    try {
      return events.watch().toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof ProblemException problem ? problem : failed;
    }
  }
}
