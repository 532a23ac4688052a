package dev.sluice.dedup.api.stream;

import dev.sluice.dedup.api.stream.Lines.Line;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * {@code POST /bare/stream}: finds the lines as {@code /dedup/stream} does and sends every second
 * one back. What {@code /dedup/stream} takes longer is what its keys and decisions cost.
 */
@Singleton
public class BareStream {
  void install(@Observes Router router) {
    router
        .post("/bare/stream")
        .order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 3)
        .handler(routing -> echo(routing.request()));
  }

  private static void echo(HttpServerRequest request) {
    HttpServerResponse response = request.response().setChunked(true);
    response.writeHead();
    var lines = new Lines(64 * 1024);
    long[] counts = new long[2];
    response.drainHandler(_ -> request.resume());
    request.handler(piece -> {
      response.write(half(lines, piece, counts));
      if (response.writeQueueFull()) {
        request.pause();
      }
    });
    request.endHandler(_ -> {
      response.putTrailer("Sluice-Lines", "" + counts[0]);
      response.putTrailer("Sluice-Passed", "" + counts[1]);
      response.end();
    });
    request.resume();
  }

  private static Buffer half(Lines lines, Buffer piece, long[] counts) {
    var out = Buffer.buffer(piece.length());
    lines.feed(piece.getBytes());
    try {
      for (Line line = lines.next(); line != null; line = lines.next()) {
        if (counts[0]++ % 2 == 0) {
          counts[1]++;
          out.appendBytes(line.bytes(), line.from(), line.length()).appendByte((byte) '\n');
        }
      }
    } catch (Lines.TooLong tooLong) {
      throw new IllegalArgumentException(tooLong);
    }
    return out;
  }
}
