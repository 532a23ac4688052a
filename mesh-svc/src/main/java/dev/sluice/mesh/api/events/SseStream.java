package dev.sluice.mesh.api.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.mesh.api.mesh.MeshOverview;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.service.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A watcher over HTTP, as a stream of server-sent events. An event is sent when the one before has
 * been written to the connection.
 */
final class SseStream implements EventsOutlet, Flow.Publisher<OutboundSseEvent>, Flow.Subscription {
  /** More is never asked for at once. */
  private static final int MOST_DEMAND = 16;

  private enum Demand {
    ONE
  }

  private final HttpServerRequest request;
  private final Sse sse;
  private final ObjectMapper mapper;

  /** One for each event that may be sent; closed when nobody is there any more. */
  private final Channel<Demand> demand = Channel.buffered(MOST_DEMAND);

  private final Reply<Boolean> gone = new Reply<>();

  /** Written before the first demand, and read after it. */
  private Flow.@Nullable Subscriber<? super OutboundSseEvent> subscriber;

  SseStream(HttpServerRequest request, Sse sse, ObjectMapper mapper) {
    this.request = request;
    this.sse = sse;
    this.mapper = mapper;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super OutboundSseEvent> to) {
    subscriber = to;
    to.onSubscribe(this);
  }

  @Override
  public void request(long more) {
    try {
      for (long i = Math.min(more, MOST_DEMAND); i > 0; i--) {
        demand.trySend(Demand.ONE);
      }
    } catch (ChannelClosedException gone) {
      // nothing is sent any more
    }
  }

  /** Nobody is there any more. */
  @Override
  public void cancel() {
    demand.tryClose();
    gone.complete(true);
  }

  @Override
  public CompletionStage<Boolean> gone() {
    return gone.stage();
  }

  @Override
  public boolean awaitReady(Duration patience) throws InterruptedException {
    return demand.tryReceive(patience) != null;
  }

  @Override
  public void send(MeshView view) {
    emit("mesh", MeshOverview.of(view));
  }

  @Override
  public void send(MeshEvent event) {
    emit(EventAnswer.name(event), EventAnswer.of(event));
  }

  @Override
  public void heartbeat() {
    emit(sse.newEventBuilder().comment("nothing new").build());
  }

  /** There is no telling an early end from a good one but by the last event. */
  @Override
  public void end(ProblemException why) {
    if (demand.tryClose() && subscriber != null) {
      subscriber.onComplete();
    }
  }

  /** Over HTTP/2 the connection has others' requests too. */
  @Override
  public void hangUp() {
    if (!demand.tryClose()) {
      return; // it is gone itself
    }
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset(0);
    } else if (request.connection() instanceof ConnectionBase connection) {
      connection.channel().close(); // at once: Vert.x's own waits until all is read that is written
    }
  }

  private void emit(String name, Object data) {
    emit(sse.newEventBuilder().name(name).data(String.class, json(data)).build());
  }

  private void emit(OutboundSseEvent event) {
    if (subscriber != null) {
      subscriber.onNext(event);
    }
  }

  private String json(Object event) {
    try {
      return mapper.writeValueAsString(event);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
