package dev.sluice.market.edge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Semaphore;
import dev.sluice.market.Market;
import dev.sluice.market.source.SourceOrder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A pipeline over HTTP, on the JDK's own server: metrics, what is to be seen, and orders. What it
 * cannot do it answers with a problem (RFC 9457).
 */
public final class Http implements AutoCloseable {
  private static final int MAX_REQUESTS = 16;
  private static final int MAX_BODY = 1_024;
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String JSON = "application/json";

  private final Market market;
  private final Metrics metrics;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore requests;

  private record Answer(int status, String type, String body) {}

  private static final class Problem extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;

    Problem(int status, String detail) {
      super(detail);
      this.status = status;
    }
  }

  private Http(Market market, Metrics metrics, HttpServer server, Semaphore requests) {
    this.market = market;
    this.metrics = metrics;
    this.server = server;
    this.requests = requests;
  }

  /**
   * Serves from now on. A request or its answer may take five seconds: set {@code
   * sun.net.httpserver.maxReqTime} and {@code maxRspTime} before the first server of the JVM.
   *
   * @param scope of the pipeline
   * @param market which to serve
   * @param metrics of it
   * @param host where to listen
   * @param port where to listen; 0 for any that is free
   * @return the server
   * @throws IOException the port cannot be had
   */
  @SuppressWarnings("AddressSelection") // to listen on the first address of a name is what it means
  public static Http serve(Scope scope, Market market, Metrics metrics, String host, int port)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
    } catch (IOException taken) {
      throw new IOException("cannot listen on " + host + ":" + port + ": " + taken.getMessage());
    }
    var http =
        new Http(market, metrics, server, Semaphore.in(scope, "http-requests", MAX_REQUESTS));
    server.setExecutor(http.threads);
    server.createContext("/", http::handle);
    server.start();
    return http;
  }

  /** {@return the port on which it listens} */
  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = admit(exchange);
      } catch (Problem problem) {
        answer = problem(problem.status, String.valueOf(problem.getMessage()));
      } catch (InterruptedException ending) {
        answer = problem(503, "it is ending");
      }
      byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type);
      boolean isHead = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status, isHead || body.length == 0 ? -1 : body.length);
      if (!isHead && body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private Answer admit(HttpExchange exchange) throws IOException, InterruptedException, Problem {
    try (Semaphore.Permit permit = requests.tryAcquire()) {
      if (permit == null) {
        throw new Problem(503, "there are " + MAX_REQUESTS + " requests already");
      }
      return answer(exchange);
    } catch (ChannelClosedException ended) {
      throw new Problem(503, "the market has ended");
    } catch (IllegalStateException busy) {
      throw new Problem(503, String.valueOf(busy.getMessage()));
    } catch (NoSuchElementException none) {
      throw new Problem(404, String.valueOf(none.getMessage()));
    } catch (IllegalArgumentException wrong) {
      throw new Problem(400, String.valueOf(wrong.getMessage()));
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException, InterruptedException, Problem {
    String text = String.valueOf(exchange.getRequestURI().getPath());
    List<String> path = List.of(text.replaceFirst("^/", "").split("/", -1));
    return switch (path.getFirst()) {
      case "q" -> q(exchange, path);
      case "market" -> {
        require(exchange, path, 1, "GET");
        yield new Answer(200, JSON, MarketJson.view(soon(market.look())));
      }
      case "subscriptions" ->
          path.size() == 1 ? subscriptions(exchange) : subscribe(exchange, path);
      case "consumers" -> consumer(exchange, path);
      case "sources" -> source(exchange, path);
      default -> throw nothing(exchange);
    };
  }

  private Answer q(HttpExchange exchange, List<String> path) throws InterruptedException, Problem {
    return switch (String.join("/", path)) {
      case "q/metrics" -> {
        require(exchange, path, 2, "GET");
        yield new Answer(200, TEXT, soon(metrics.scrape()));
      }
      case "q/health", "q/health/live", "q/health/ready" -> {
        require(exchange, path, path.size(), "GET");
        yield new Answer(200, JSON, "{\"status\":\"UP\",\"checks\":[]}\n");
      }
      default -> throw nothing(exchange);
    };
  }

  private Answer subscriptions(HttpExchange exchange) throws InterruptedException, Problem {
    require(exchange, List.of(""), 1, "GET");
    var subscribed = soon(market.subscriptions());
    return new Answer(200, JSON, MarketJson.subscriptions(subscribed.all(), subscribed.symbols()));
  }

  private Answer subscribe(HttpExchange exchange, List<String> path)
      throws InterruptedException, Problem {
    require(exchange, path, path.size(), "PUT", "DELETE");
    boolean on = exchange.getRequestMethod().equals("PUT");
    String symbol = String.join("/", path.subList(1, path.size())); // EUR/USD
    boolean changed = soon(market.subscribe(symbol, on));
    return new Answer(
        200, JSON, MarketJson.write(json -> json.writeBooleanField("changed", changed)));
  }

  private Answer consumer(HttpExchange exchange, List<String> path) throws IOException, Problem {
    if (path.size() != 3 || !path.get(2).equals("work")) {
      throw nothing(exchange);
    }
    require(exchange, path, 3, "PUT");
    return told(market.work(path.get(1), DurationText.parse(body(exchange))));
  }

  private Answer source(HttpExchange exchange, List<String> path) throws IOException, Problem {
    if (path.size() != 3 || !(path.get(2).equals("rate") || path.get(2).equals("garbage"))) {
      throw nothing(exchange);
    }
    require(exchange, path, 3, "PUT");
    String body = body(exchange);
    try {
      return told(
          market.order(
              path.get(1),
              path.get(2).equals("rate")
                  ? new SourceOrder.Rate(Long.parseLong(body))
                  : new SourceOrder.Garbage(Double.parseDouble(body))));
    } catch (NumberFormatException wrong) {
      throw new Problem(400, "'" + body + "' is no number");
    }
  }

  /** A process that waits for room does not look at requests meanwhile; its callers go on. */
  private static <T> T soon(Reply<T> reply) throws InterruptedException, Problem {
    try {
      return reply.stage().toCompletableFuture().get(2, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      reply.abandon();
      throw new Problem(503, "no answer came within two seconds: a consumer holds it up");
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failed.getCause());
    }
  }

  private static Answer told(boolean told) throws Problem {
    if (!told) {
      throw new Problem(409, "it has ended, or has to look at earlier orders first");
    }
    return new Answer(204, JSON, "");
  }

  private static String body(HttpExchange exchange) throws IOException, Problem {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      throw new Problem(413, "the body has more than " + MAX_BODY + " bytes");
    }
    return new String(body, StandardCharsets.UTF_8).strip();
  }

  private static void require(
      HttpExchange exchange, List<String> path, int parts, String... methods) throws Problem {
    if (path.size() != parts) {
      throw nothing(exchange);
    }
    String method = exchange.getRequestMethod();
    boolean isRead = method.equals("HEAD") && List.of(methods).contains("GET");
    if (!isRead && !List.of(methods).contains(method)) {
      exchange.getResponseHeaders().set("Allow", String.join(", ", methods));
      throw new Problem(405, method + " is not allowed here, but " + String.join(", ", methods));
    }
  }

  private static Problem nothing(HttpExchange exchange) {
    return new Problem(404, "there is nothing at " + exchange.getRequestURI().getPath());
  }

  private static Answer problem(int status, String detail) {
    String title =
        switch (status) {
          case 400 -> "Bad Request";
          case 404 -> "Not Found";
          case 405 -> "Method Not Allowed";
          case 409 -> "Conflict";
          case 413 -> "Content Too Large";
          default -> "Service Unavailable";
        };
    return new Answer(
        status, "application/problem+json", MarketJson.problem(status, title, detail));
  }

  /** Stops: requests under way have a second. */
  @Override
  public void close() {
    server.stop(1);
    threads.close();
  }
}
