package dev.sluice.dedup.api.stream;

import dev.sluice.csp.Clock;
import dev.sluice.service.FieldError;
import dev.sluice.service.Limits;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.Quoted;
import dev.sluice.service.life.ServiceLife;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code POST /dedup/stream}. A route of its own, before those that hold requests to a size and a
 * time: a stream has neither.
 */
@Singleton
public class DedupStreamRoute {
  static final String PATH = "/dedup/stream";
  private static final String NDJSON = "application/x-ndjson";

  /** What newline-delimited JSON is called; and what curl calls a file. */
  private static final Set<String> READ =
      Set.of(
          NDJSON,
          "application/ndjson",
          "application/jsonl",
          "application/x-jsonlines",
          "application/octet-stream",
          "text/plain");

  private final Sieves sieves;
  private final StreamSettings settings;
  private final Limits limits;
  private final ServiceLife life;
  private final Clock clock;
  private final Ending ending;

  @Inject
  DedupStreamRoute(
      Sieves sieves,
      StreamSettings settings,
      Limits limits,
      ServiceLife life,
      Clock clock,
      Ending ending) {
    this.sieves = sieves;
    this.settings = settings;
    this.limits = limits;
    this.life = life;
    this.clock = clock;
    this.ending = ending;
  }

  void install(@Observes Router router) {
    router.post(PATH).order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 3).handler(this::open);
  }

  private void open(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    request.pause();
    StreamParameters parameters;
    try {
      requireReadable(request);
      parameters = StreamParameters.of(request.params(), limits.keyBytes(), sieves);
      sieves.open();
    } catch (ProblemException refused) {
      if (!request.isEnded()) {
        Ending.forget(request);
      }
      routing.fail(refused);
      return;
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaderNames.EXPECT))) {
      request.response().writeContinue();
    }
    request.response().putHeader(HttpHeaderNames.CONTENT_TYPE, NDJSON);
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader(HttpHeaderNames.TRAILER, Ending.TRAILERS);
    }
    LineStream.start(
        routing.vertx().getOrCreateContext(),
        request,
        parameters,
        sieves,
        settings,
        clock,
        life::isServing,
        ending);
  }

  private static void requireReadable(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_1_0) {
      throw ProblemException.invalid(
          List.of(
              new FieldError(
                  "version", null, "HTTP/1.0 has no way to send a stream, HTTP/1.1 has")));
    }
    String type = request.getHeader(HttpHeaderNames.CONTENT_TYPE);
    if (type != null && !READ.contains(mediaType(type))) {
      throw new ProblemException(
          ProblemType.UNSUPPORTED_MEDIA_TYPE,
          "content-type: " + Quoted.of(type) + " is not read, " + NDJSON + " is");
    }
    String encoding = request.getHeader(HttpHeaderNames.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new ProblemException(
          ProblemType.UNSUPPORTED_MEDIA_TYPE,
          "content-encoding: " + Quoted.of(encoding) + " is not read, identity is");
    }
  }

  private static String mediaType(String header) {
    int parameters = header.indexOf(';');
    return (parameters < 0 ? header : header.substring(0, parameters))
        .trim()
        .toLowerCase(Locale.ROOT);
  }
}
