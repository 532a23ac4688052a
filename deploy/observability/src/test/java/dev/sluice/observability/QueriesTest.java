package dev.sluice.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.demo.LocalSuite;
import dev.sluice.demo.LocalSuite.Service;
import dev.sluice.store.testing.RedisProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Holds every query, of dashboards and of rules, against what the running services expose. */
class QueriesTest {
  private static final Pattern LABEL_IN_TEXT = Pattern.compile("\\$labels\\.(\\w+)");
  private static final Pattern LABEL_IN_LEGEND = Pattern.compile("\\{\\{(\\w+)}}");
  private static final Exposition EXPOSED = new Exposition();

  @BeforeAll
  static void scrape(@TempDir Path here, @TempDir Path withRedis) throws Exception {
    try (var suite = LocalSuite.start(here, Service.values())) {
      use(suite);
      scrape(suite, Service.values());
    }
    try (var redis = RedisProcess.start();
        var suite =
            LocalSuite.start(
                withRedis,
                List.of(
                    "-Dsluice.store=redis://127.0.0.1:" + redis.port(),
                    "-Dsluice.limiter.snapshot="), // of what is in memory only
                Service.LIMITER,
                Service.DEDUP)) {
      redis.kill(); // so that something is answered 5xx
      assertEquals(503, post(suite, Service.DEDUP, "/dedup", "{'key':'k','ttl':'1m'}"));
      scrape(suite, Service.LIMITER, Service.DEDUP);
    }
    for (JsonNode rule : Rules.all()) {
      if (rule.has("record")) {
        EXPOSED.add(rule.get("record").textValue(), Map.of("service", "any"));
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> everyDashboardAsksForWhatIsThere() {
    return Dashboards.all().stream()
        .map(dashboard ->
            dynamicTest(dashboard.name(), () -> assertEquals(List.of(), missing(dashboard))));
  }

  @TestFactory
  Stream<DynamicTest> everyRuleAsksForWhatIsThere() throws IOException {
    return Rules.all().stream()
        .map(rule ->
            dynamicTest(
                rule.path("alert").asText(rule.path("record").asText()),
                () -> assertEquals(List.of(), missing(rule))));
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertEquals(
        List.of("no service exposes sluice_pool_job"),
        EXPOSED.missing(PromQl.parse("sum(sluice_pool_job)")));
    assertEquals(
        List.of("no sluice_pool_jobs has state = lost"),
        EXPOSED.missing(PromQl.parse("sluice_pool_jobs{state=~\"queued|lost\"}")));
    assertEquals(
        List.of("sluice_pool_jobs has no label kind"),
        EXPOSED.missing(PromQl.parse("sluice_pool_jobs{kind=\"x\"}")));
    assertEquals(
        List.of("none of its metrics has the label kind"),
        EXPOSED.missing(PromQl.parse("sum by (kind) (sluice_pool_jobs)")));
  }

  /** The rules are checked for their syntax as a whole; queries of dashboards only here. */
  @Test
  void prometheusReadsTheQueriesOfTheDashboards(@TempDir Path folder) throws Exception {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    var group = file.putArray("groups").addObject().put("name", "dashboards");
    var rules = group.putArray("rules");
    for (Dashboard dashboard : Dashboards.all()) {
      for (String query : queries(dashboard)) {
        rules.addObject().put("record", "query:" + rules.size()).put("expr", query);
      }
    }
    assertFalse(rules.isEmpty());
    Path written = folder.resolve("queries.yml"); // JSON is YAML
    Files.writeString(written, file.toString());
    Promtool.approves("check", "rules", "--lint=none", written.toString());
  }

  private static List<String> queries(Dashboard dashboard) {
    return dashboard.panels().stream()
        .flatMap(panel -> panel.queries().stream())
        .map(query -> withWindow(query.expression()))
        .toList();
  }

  private static String withWindow(String expression) {
    return expression.replace("$__rate_interval", "5m");
  }

  private static List<String> missing(Dashboard dashboard) {
    var missing = new ArrayList<>(EXPOSED.missing(PromQl.parse(dashboard.selector())));
    for (var panel : dashboard.panels()) {
      for (var query : panel.queries()) {
        var parsed = PromQl.parse(withWindow(query.expression()));
        missing.addAll(EXPOSED.missing(parsed));
        missing.addAll(unknown(LABEL_IN_LEGEND, query.legend(), parsed));
      }
    }
    return missing;
  }

  private static List<String> missing(JsonNode rule) {
    var parsed = PromQl.parse(rule.get("expr").textValue());
    var missing = new ArrayList<>(EXPOSED.missing(parsed));
    missing.addAll(unknown(LABEL_IN_TEXT, rule.at("/annotations/summary").asText(), parsed));
    return missing;
  }

  private static List<String> unknown(Pattern pattern, String text, PromQl query) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .filter(label ->
            query.selectors().stream().noneMatch(each -> EXPOSED.hasLabel(each.metric(), label)))
        .map(label -> "\"" + text + "\" has the label " + label + ", its metrics do not")
        .toList();
  }

  /** The meters of policies, queues, paths and statuses are there once somebody uses them. */
  private static void use(LocalSuite suite) throws IOException, InterruptedException {
    assertEquals(200, post(suite, Service.LIMITER, "/acquire", "{'key':'k','policy':'trial'}"));
    assertEquals(200, post(suite, Service.DEDUP, "/dedup", "{'key':'k','ttl':'1m'}"));
    String target = suite.uri(Service.DEDUP).resolve("/q/health/live").toString();
    assertEquals(
        202,
        post(suite, Service.POOL, "/submit", "{'target':{'url':'" + target + "','method':'GET'}}"));
    assertEquals(
        200, post(suite, Service.MESH, "/requests", "{'key':'k','op':'count','wait':'30s'}"));
  }

  private static int post(LocalSuite suite, Service service, String path, String body)
      throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(suite.uri(service).resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.replace('\'', '"')))
            .build())
        .statusCode();
  }

  private static void scrape(LocalSuite suite, Service... services)
      throws IOException, InterruptedException {
    for (Service service : services) {
      var answer = send(HttpRequest.newBuilder(suite.uri(service).resolve("/q/metrics")).build());
      assertEquals(200, answer.statusCode());
      EXPOSED.addScrape(
          answer.body(),
          Map.of("service", service.module(), "instance", suite.uri(service).getAuthority()));
    }
  }

  private static HttpResponse<String> send(HttpRequest request)
      throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString());
    }
  }
}
