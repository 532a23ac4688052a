package dev.sluice.market.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.market.Conservation;
import dev.sluice.market.ConsumerSettings;
import dev.sluice.market.Market;
import dev.sluice.market.MarketSettings;
import dev.sluice.market.model.Policy;
import dev.sluice.market.source.Generator;
import dev.sluice.market.source.LineFormat;
import dev.sluice.market.source.Source;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a consumer that slows by ten does to a running pipeline, as Prometheus sees it. */
@NoLeaks
@Timeout(90)
class SlowConsumerTest {
  private static final int SYMBOLS = 100;
  private static final double RATE = 20_000;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void slowsTheSourcesToItsPaceAndTheyRecoverWithIt() throws Exception {
    var symbols = IntStream.range(0, SYMBOLS).mapToObj(i -> "S" + i).toList();
    List<Source> sources =
        IntStream.range(0, 4)
            .<Source>mapToObj(i ->
                new Generator(
                    new Generator.Settings(
                        "g" + i, LineFormat.CSV, (long) RATE / 4, i, symbols, 0)))
            .toList();
    var slow = new ConsumerSettings("slow", Policy.BLOCK, 16, Duration.ofMillis(5));
    var quick = new ConsumerSettings("quick", Policy.DROP_OLDEST, 16, Duration.ZERO);
    try (var root = Scope.open("test")) {
      var consumers = List.of(slow, quick);
      var metrics = new Metrics(root, consumers);
      var market = Market.start(root, MarketSettings.DEFAULTS, sources, consumers, metrics);
      Conservation conservation;
      try (var http = Http.serve(root, market, metrics, "127.0.0.1", 0)) {
        root.start("metrics", () -> metrics.run(market));
        String base = "http://127.0.0.1:" + http.port();
        String sent = "market_rate{stage=\"source\"}";
        until(base, sent, rate -> rate > 0.7 * RATE);
        assertEquals(204, put(base + "/consumers/slow/work", "50ms")); // 20 bars of 100 a second
        until(base, sent, rate -> rate > 0.1 * RATE && rate < 0.3 * RATE);
        until(base, "market_bars_depth{consumer=\"slow\"}", depth -> depth >= 15);
        assertEquals(0, value(base, "market_lost_total{reason=\"late\",stage=\"aggregate\"}"));
        assertEquals(204, put(base + "/consumers/slow/work", "1ms"));
        until(base, sent, rate -> rate > 0.7 * RATE);
        assertEquals(0, value(base, "market_unaccounted"));
        market.stop();
        conservation = market.join();
        root.cancel();
        root.join();
      }
      assertEquals(List.of(), conservation.faults());
      assertEquals(0, conservation.rows().get(4).count().allLost()); // none late, none early
      assertEquals(0, conservation.rows().get(6).count().allLost()); // of the slow one
    } finally {
      client.close();
    }
  }

  private void until(String base, String metric, DoublePredicate condition) throws Exception {
    while (!condition.test(value(base, metric))) {
      Thread.onSpinWait();
    }
  }

  private double value(String base, String metric) throws Exception {
    String text =
        client
            .send(
                HttpRequest.newBuilder(URI.create(base + "/q/metrics")).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    Matcher line = Pattern.compile("(?m)^" + Pattern.quote(metric) + " (.*)$").matcher(text);
    return line.find() ? Double.parseDouble(line.group(1)) : -1;
  }

  private int put(String uri, String body) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(uri))
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
