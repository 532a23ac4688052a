package dev.sluice.idempotency;

import dev.sluice.idempotency.ClaimAnswer.Claimed;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Asks dedup-svc, and never waits for it: safe on an event loop. */
@Singleton
class ClaimsClient {
  private static final int MOST_IN_LINE = 10_000;

  private final IdempotencyConfig config;
  private final String namespace;
  private final @Nullable String url;
  private final HttpClient client;

  /**
   * Where all of it is done, but for the answer's going back to its caller. From another thread,
   * what comes first of a body could be there before anybody looks for it.
   */
  private final Context loop;

  @Inject
  ClaimsClient(
      IdempotencyConfig config,
      Vertx vertx,
      @ConfigProperty(name = "quarkus.application.name", defaultValue = "default") String name) {
    this.config = config;
    this.namespace = config.namespace().orElse(name);
    this.url = config.url().map(ClaimsClient::withoutSlash).orElse(null);
    this.loop = ((VertxInternal) vertx).createEventLoopContext();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout((int) config.timeout().toMillis()),
            new PoolOptions()
                .setHttp1MaxSize(config.connections())
                .setMaxWaitQueueSize(MOST_IN_LINE));
  }

  private static String withoutSlash(URI url) {
    String text = url.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /** What dedup-svc has answered. */
  private record Answer(int status, @Nullable String retryAfter, Buffer body) {
    static Future<Answer> of(HttpClientResponse response) {
      return response
          .body()
          .map(body -> new Answer(response.statusCode(), response.getHeader("Retry-After"), body));
    }
  }

  /** Whether there is a service to ask. */
  boolean isOn() {
    return url != null;
  }

  /** Never fails: what goes wrong is {@link ClaimAnswer.Unavailable}. */
  Uni<ClaimAnswer> claim(String key, String fingerprint) {
    JsonObject body =
        new JsonObject()
            .put("namespace", namespace)
            .put("key", key)
            .put("fingerprint", fingerprint)
            .put("lease", millis(config.lease()))
            .put("ttl", millis(config.ttl()))
            .put("wait", millis(config.maxWait()));
    return ask(HttpMethod.POST, "/claims", body, config.timeout().plus(config.maxWait()))
        .map(ClaimsClient::claimed)
        .onFailure()
        .recoverWithItem(failure -> new ClaimAnswer.Unavailable(failure.toString(), null));
  }

  private static ClaimAnswer claimed(Answer answer) {
    return switch (answer.status) {
      case 201 -> {
        JsonObject claimed = answer.body.toJsonObject();
        yield new Claimed(claimed.getString("id"), claimed.getString("token"));
      }
      case 200 ->
          new ClaimAnswer.Completed(
              KeptResponse.of(answer.body.toJsonObject().getJsonObject("response")));
      case 409 -> new ClaimAnswer.InProgress(answer.retryAfter);
      case 422 -> new ClaimAnswer.Mismatch();
      default ->
          new ClaimAnswer.Unavailable(
              "it answers " + answer.status + " " + answer.body, answer.retryAfter);
    };
  }

  /**
   * Keeps the response.
   *
   * @return the status of the answer; fails when there is none
   */
  Uni<Integer> complete(Claimed claim, KeptResponse response) {
    JsonObject body = token(claim).put("response", response.json());
    return ask(HttpMethod.PUT, path(claim), body, config.timeout()).map(Answer::status);
  }

  /** As {@link #complete}: gives the claim up. */
  Uni<Integer> abort(Claimed claim) {
    String path = path(claim) + "?token=" + claim.token();
    return ask(HttpMethod.DELETE, path, null, config.timeout()).map(Answer::status);
  }

  /** As {@link #complete}: lets the claim last on. */
  Uni<Integer> renew(Claimed claim) {
    JsonObject body = token(claim).put("lease", millis(config.lease()));
    return ask(HttpMethod.POST, path(claim) + "/renew", body, config.timeout()).map(Answer::status);
  }

  private Uni<Answer> ask(
      HttpMethod method, String path, @Nullable JsonObject body, Duration timeout) {
    var options =
        new RequestOptions()
            .setMethod(method)
            .setAbsoluteURI(url + path)
            .setTimeout(timeout.toMillis())
            .putHeader("Content-Type", "application/json");
    return Uni.createFrom()
        .completionStage(() -> {
          Promise<Answer> answer = Promise.promise();
          Context caller = Vertx.currentContext();
          loop.runOnContext(_ ->
              client
                  .request(options)
                  .compose(request -> body == null ? request.send() : request.send(body.toBuffer()))
                  .compose(Answer::of)
                  .onComplete(done -> {
                    if (caller == null) {
                      answer.handle(done);
                    } else {
                      caller.runOnContext(_ -> answer.handle(done));
                    }
                  }));
          return answer.future().toCompletionStage();
        });
  }

  private static String path(Claimed claim) {
    return "/claims/" + claim.id();
  }

  private static JsonObject token(Claimed claim) {
    return new JsonObject().put("token", claim.token());
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
