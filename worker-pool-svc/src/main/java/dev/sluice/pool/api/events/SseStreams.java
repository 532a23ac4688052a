package dev.sluice.pool.api.events;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.rest.Http;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Answers requests with what is watched. */
@Singleton
class SseStreams {
  private final EventsOperation operation;
  private final CurrentVertxRequest current;
  private final ObjectMapper mapper;

  @Inject
  SseStreams(EventsOperation operation, CurrentVertxRequest current, ObjectMapper mapper) {
    this.operation = operation;
    this.current = current;
    this.mapper = mapper;
  }

  /**
   * Waits until the watch has begun, so that a problem is answered as one, and makes a stream of
   * it; its process ends when the request does.
   *
   * @throws ProblemException it has not begun
   */
  Multi<OutboundSseEvent> answer(Pending<Watched> pending, Sse sse) {
    RoutingContext context = current.getCurrent();
    context.request().resume(); // it has no body, and counts as slow until that is known
    var stream = new SseStream(context.request(), sse, mapper);
    context.addEndHandler(_ -> stream.cancel());
    Watched watched = begun(Http.answer(context, pending));
    return Multi.createFrom().publisher(operation.start(watched, stream));
  }

  private static Watched begun(CompletionStage<Watched> watched) {
    try {
      return watched.toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof ProblemException problem ? problem : failed;
    }
  }
}
