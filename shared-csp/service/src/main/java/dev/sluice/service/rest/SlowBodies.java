package dev.sluice.service.rest;

import dev.sluice.service.Durations;
import dev.sluice.service.Limits;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.life.ServiceLife;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * Gives up requests whose body does not come. Quarkus's {@code read-timeout} holds only where a
 * thread waits for the body, and it starts anew with every byte; a short body that stops half way
 * would keep its connection for ever, and the service from stopping.
 *
 * <p>Most bodies are there before the first look, and cost a timer that is cancelled.
 */
@ApplicationScoped
class SlowBodies {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Limits limits;
  private final ServiceLife life;

  SlowBodies(Limits limits, ServiceLife life) {
    this.limits = limits;
    this.life = life;
  }

  /**
   * Watches the request until its body is there. If it was answered without, there is only its
   * connection to close.
   *
   * @param answer gets the problem, if it does not come in time or the service stops before
   */
  void watch(RoutingContext context, BiConsumer<RoutingContext, ProblemException> answer) {
    if (mayHaveBody(context.request()) && !context.request().isEnded()) {
      var watch = new Watch(context, answer, System.nanoTime());
      watch.lookLater();
      context.request().end().onComplete(_ -> watch.cancel());
    }
  }

  /** A request without a body may also end late, when its operation is held up: no body is late. */
  private static boolean mayHaveBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return switch (request.version()) {
      case HTTP_1_0, HTTP_1_1 ->
          length != null
              ? !length.equals("0")
              : request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
      case HTTP_2 -> !"0".equals(length);
    };
  }

  /** Belongs to the event loop of its request. */
  private final class Watch {
    private final RoutingContext context;
    private final BiConsumer<RoutingContext, ProblemException> answer;
    private final long since;
    private long timer;

    Watch(RoutingContext context, BiConsumer<RoutingContext, ProblemException> answer, long since) {
      this.context = context;
      this.answer = answer;
      this.since = since;
    }

    private Vertx vertx() {
      return context.vertx();
    }

    void lookLater() {
      var left = limits.bodyTime().minusNanos(System.nanoTime() - since);
      var next = left.compareTo(LOOK) < 0 ? left : LOOK;
      timer = vertx().setTimer(Math.max(1, next.toMillis() + 1), _ -> look());
    }

    void cancel() {
      vertx().cancelTimer(timer);
    }

    private void look() {
      if (context.request().isEnded()) {
        return;
      }
      var late = System.nanoTime() - since >= limits.bodyTime().toNanos();
      if (!late && life.isServing()) {
        lookLater();
      } else if (context.response().ended()) {
        context.request().connection().close();
      } else {
        answer.accept(context, late ? late() : stopping());
      }
    }

    private ProblemException late() {
      return new ProblemException(
          ProblemType.BODY_NOT_IN_TIME,
          "body: did not come to its end within " + Durations.format(limits.bodyTime()));
    }

    private static ProblemException stopping() {
      return new ProblemException(
              ProblemType.DRAINING, "the service is stopping, and the body has not come")
          .retryAfter(LOOK);
    }
  }
}
