package dev.sluice.market.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.market.ConsumerSettings;
import dev.sluice.market.Market;
import dev.sluice.market.MarketSettings;
import dev.sluice.market.model.BreakerState;
import dev.sluice.market.model.MarketView;
import dev.sluice.market.model.Policy;
import dev.sluice.market.source.Generator;
import dev.sluice.market.source.LineFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a market that runs, over real sockets. */
@NoLeaks
@Timeout(60)
class HttpTest {
  private static final List<ConsumerSettings> CONSUMERS =
      List.of(new ConsumerSettings("a", Policy.BLOCK, 64, Duration.ZERO));

  @FunctionalInterface
  private interface Visit {
    void to(Client client, Market market) throws Exception;
  }

  private record Client(HttpClient http, int port) {
    HttpResponse<String> send(String method, String path, String body)
        throws IOException, InterruptedException {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    }

    String get(String path) throws IOException, InterruptedException {
      var answer = send("GET", path, "");
      assertEquals(200, answer.statusCode(), answer::body);
      return answer.body();
    }

    void refuses(int status, String detail, String method, String path, String body)
        throws IOException, InterruptedException {
      var answer = send(method, path, body);
      assertEquals(status, answer.statusCode(), () -> method + " " + path + " " + answer.body());
      assertEquals(
          "application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
      assertTrue(answer.body().contains(detail), answer::body);
    }
  }

  private static void visit(Visit visit) throws Exception {
    try (var root = Scope.open("test")) {
      var metrics = new Metrics(root, CONSUMERS);
      var source =
          new Generator(new Generator.Settings("g0", LineFormat.CSV, 2_000, 1, List.of("S0"), 0));
      var market = Market.start(root, MarketSettings.DEFAULTS, List.of(source), CONSUMERS, metrics);
      try (var http = Http.serve(root, market, metrics, "127.0.0.1", 0);
          var client = HttpClient.newHttpClient()) {
        root.start("metrics", () -> metrics.run(market));
        visit.to(new Client(client, http.port()), market);
        market.stop();
        assertEquals(List.of(), market.join().faults());
      }
      root.cancel();
      root.join();
    }
  }

  private static void until(Market market, Predicate<MarketView> condition)
      throws InterruptedException {
    while (!condition.test(market.look().await())) {
      Thread.onSpinWait();
    }
  }

  @Test
  void showsMetricsAndTheView() throws Exception {
    visit((client, market) -> {
      until(market, view -> view.consumers().getFirst().count().out() > 0);
      String metrics = client.get("/q/metrics");
      for (String name :
          List.of(
              "market_queue_depth{stage=\"filter\"}",
              "market_queue_capacity{stage=\"filter\"}",
              "market_rate{stage=\"ingest\"}",
              "market_lost_total{reason=\"late\",stage=\"aggregate\"}",
              "market_breaker_state{source=\"g0\"} 0.0",
              "market_unaccounted 0.0",
              "market_end_to_end_seconds_bucket{consumer=\"a\"",
              "jvm_memory_used_bytes")) {
        assertTrue(metrics.contains(name), () -> name + " is not in " + metrics);
      }
      assertTrue(client.get("/market").contains("\"consumer\" : \"a\""));
      assertTrue(client.get("/q/health/live").contains("\"UP\""));
    });
  }

  @Test
  void obeys() throws Exception {
    visit((client, market) -> {
      assertTrue(client.send("DELETE", "/subscriptions/S0", "").body().contains("true"));
      assertTrue(client.send("DELETE", "/subscriptions/S0", "").body().contains("false"));
      assertTrue(client.get("/subscriptions").contains("S0"));
      assertTrue(client.send("PUT", "/subscriptions/S0", "").body().contains("true"));
      assertEquals(204, client.send("PUT", "/consumers/a/work", "10ms\n").statusCode());
      assertEquals(204, client.send("PUT", "/sources/g0/rate", "5000").statusCode());
      assertEquals(204, client.send("PUT", "/sources/g0/garbage", "1").statusCode());
      until(market, view -> view.sources().getFirst().breaker() != BreakerState.CLOSED);
    });
  }

  @Test
  void refusesWithAProblem() throws Exception {
    visit((client, market) -> {
      client.refuses(404, "there is nothing at /", "GET", "/", "");
      client.refuses(404, "there is nothing at /q/metrics/x", "GET", "/q/metrics/x", "");
      client.refuses(404, "no consumer 'b'", "PUT", "/consumers/b/work", "1ms");
      client.refuses(404, "'g9'", "PUT", "/sources/g9/rate", "1");
      client.refuses(405, "POST is not allowed", "POST", "/market", "");
      client.refuses(405, "GET is not allowed", "GET", "/consumers/a/work", "");
      client.refuses(400, "no duration", "PUT", "/consumers/a/work", "soon");
      client.refuses(400, "zero to a minute", "PUT", "/consumers/a/work", "2m");
      client.refuses(400, "no number", "PUT", "/sources/g0/rate", "many");
      client.refuses(400, "1 to 10000000", "PUT", "/sources/g0/rate", "0");
      client.refuses(400, "0 to 1", "PUT", "/sources/g0/garbage", "NaN");
      client.refuses(400, "", "PUT", "/subscriptions/" + "S".repeat(17), "");
      client.refuses(413, "1024", "PUT", "/sources/g0/rate", "1".repeat(1_025));
    });
  }
}
