package dev.sluice.dedup.api.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.BodyTooLarge;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import jakarta.inject.Inject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams that share a connection. */
@QuarkusTest
@Timeout(120)
class DedupStreamHttp2Test {
  @Inject Vertx vertx;

  @Test
  void whoSendsOnAfterTheEndLosesThatStreamOnly() throws Exception {
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    try {
      var other = new Call(client);
      other.request.write("{\"id\":\"a\"}\n");
      assertEquals("{\"id\":\"a\"}\n", other.next());

      var ended = new Call(client);
      assertSame(other.request.connection(), ended.request.connection());
      ended.request.write("no key\n");
      assertTrue(ended.next().contains("/problems/invalid-input"));
      ended.request.write(Buffer.buffer(new byte[(int) BodyTooLarge.READ_AND_FORGET + 1]));
      assertInstanceOf(StreamResetException.class, ended.failure.get(60, TimeUnit.SECONDS));

      other.request.write("{\"id\":\"b\"}\n");
      assertEquals("{\"id\":\"b\"}\n", other.next());
    } finally {
      client.close();
    }
  }

  /** One stream, and what it answers. */
  private static final class Call {
    private final BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final HttpClientRequest request;

    Call(HttpClient client) throws Exception {
      request =
          await(
              client.request(
                  HttpMethod.POST,
                  RestAssured.port,
                  "localhost",
                  "/dedup/stream?ttl=10m&key=/id&namespace=http2"));
      request.setChunked(true);
      request.exceptionHandler(failure::complete);
      request
          .response()
          .onSuccess(response -> {
            response.exceptionHandler(failure::complete);
            response.handler(piece -> pieces.add(piece.toString()));
          });
      await(request.sendHead());
    }

    String next() throws InterruptedException {
      return String.valueOf(pieces.poll(60, TimeUnit.SECONDS));
    }

    private static <T> T await(Future<T> future) throws Exception {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }
}
