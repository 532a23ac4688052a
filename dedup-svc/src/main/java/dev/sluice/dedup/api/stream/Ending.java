package dev.sluice.dedup.api.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.service.BodyTooLarge;
import dev.sluice.service.Problem;
import dev.sluice.service.ProblemException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a stream over HTTP ends: the last lines, the trailers, and what to do with input that is not
 * wanted any more.
 */
@Singleton
class Ending {
  /** The trailers, as the header {@code Trailer} announces them. */
  static final String TRAILERS = "Sluice-Lines, Sluice-Passed, Sluice-Skipped, Sluice-Problem";

  private static final long LINGER_MILLIS = 5_000;

  private final ObjectMapper mapper;

  @Inject
  Ending(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * How much there was.
   *
   * @param lines all up to this one are done with
   * @param passed how many passed
   * @param skipped how many had no key
   */
  record Figures(long lines, long passed, long skipped) {}

  /**
   * Ends the response.
   *
   * @param problem why it ends before the input; null: it does not
   * @param summary whether a last line gives the figures
   * @param inputEnded whether all input has come
   */
  void end(
      HttpServerRequest request,
      @Nullable ProblemException problem,
      Figures figures,
      boolean summary,
      boolean inputEnded) {
    HttpServerResponse response = request.response();
    response
        .putTrailer("Sluice-Lines", Long.toString(figures.lines()))
        .putTrailer("Sluice-Passed", Long.toString(figures.passed()))
        .putTrailer("Sluice-Skipped", Long.toString(figures.skipped()));
    var last = new StringBuilder();
    if (problem != null) {
      response.putTrailer("Sluice-Problem", problem.type().uri());
      Problem told =
          problem
              .with("lines", figures.lines())
              .with("passed", figures.passed())
              .with("skipped", figures.skipped())
              .problem(request.path());
      last.append(json(Map.of("problem", told))).append('\n');
    } else if (summary) {
      var told = new LinkedHashMap<String, Long>();
      told.put("lines", figures.lines());
      told.put("passed", figures.passed());
      told.put("skipped", figures.skipped());
      last.append(json(Map.of("summary", told))).append('\n');
    }
    if (!inputEnded) {
      forget(request);
    }
    response.end(last.toString());
  }

  /**
   * Reads on for a while, and forgets it: when a connection is closed while its peer still sends,
   * the peer may never see what was written last.
   */
  static void forget(HttpServerRequest request) {
    Vertx vertx = Vertx.currentContext().owner();
    long[] left = {BodyTooLarge.READ_AND_FORGET};
    long timer = vertx.setTimer(LINGER_MILLIS, _ -> hangUp(request));
    request.handler(piece -> {
      left[0] -= piece.length();
      if (left[0] < 0) {
        hangUp(request);
      }
    });
    request.endHandler(_ -> vertx.cancelTimer(timer));
    request.exceptionHandler(_ -> vertx.cancelTimer(timer));
    request.resume();
  }

  /** Ends the exchange at once: over HTTP/2 its connection has others'. */
  static void hangUp(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset(0);
    } else if (request.connection() instanceof ConnectionBase connection) {
      // Past Vert.x, which would wait until the peer has read all that is written.
      connection.channelHandlerContext().close();
    }
  }

  private String json(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
