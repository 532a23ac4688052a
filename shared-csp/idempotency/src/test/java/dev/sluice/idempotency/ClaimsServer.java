package dev.sluice.idempotency;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** What dedup-svc answers, and what it may answer when it is not well. */
public final class ClaimsServer implements QuarkusTestResourceLifecycleManager {

  /** What has been asked, other than to claim: "renew", "complete", "abort". */
  final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

  /** What the next completions are answered, before one is taken. */
  final BlockingQueue<Integer> refusals = new LinkedBlockingQueue<>();

  private final Map<String, CompletableFuture<JsonObject>> claims = new ConcurrentHashMap<>();
  private final HttpServer server = open();

  private static HttpServer open() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, String> start() {
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
    return Map.of(
        "sluice.idempotency.url", "http://localhost:" + server.getAddress().getPort() + "/");
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    if (!path[1].equals("claims")) {
      answer(exchange, 404, "{}");
      return;
    }
    switch (exchange.getRequestMethod()) {
      case "PUT" -> complete(exchange, path[2], body);
      case "DELETE" -> {
        claims.remove(path[2]);
        asked.add("abort");
        answer(exchange, 200, "{}");
      }
      default -> {
        if (path.length > 2) {
          asked.add("renew");
          answer(exchange, 200, "{}");
        } else {
          claim(exchange, new JsonObject(new String(body, StandardCharsets.UTF_8)));
        }
      }
    }
  }

  private void claim(HttpExchange exchange, JsonObject asks) throws IOException {
    String key = asks.getString("key");
    var mine = new CompletableFuture<JsonObject>();
    CompletableFuture<JsonObject> other = claims.putIfAbsent(key, mine);
    if (other == null) {
      answer(exchange, 201, "{\"id\":\"" + key + "\",\"token\":\"t\"}");
    } else if (asks.getString("wait").equals("0ms") && !other.isDone()) {
      answer(exchange, 409, "{}");
    } else {
      asked.add("wait");
      answer(exchange, 200, new JsonObject().put("response", other.join()).encode());
    }
  }

  private void complete(HttpExchange exchange, String key, byte[] body) throws IOException {
    Integer refusal = refusals.poll();
    if (refusal != null) {
      asked.add("refused");
      answer(exchange, refusal, "{}");
      return;
    }
    JsonObject response =
        new JsonObject(new String(body, StandardCharsets.UTF_8)).getJsonObject("response");
    claims.computeIfAbsent(key, _ -> new CompletableFuture<>()).complete(response);
    asked.add("complete");
    answer(exchange, 200, "{}");
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void stop() {
    server.stop(0);
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(this, new TestInjector.MatchesType(ClaimsServer.class));
  }
}
