package dev.sluice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What the autoscalers go by is served by the adapter's rules, and these ask for what the services
 * tell.
 */
class AutoscalingTest {
  private static final Path FOLDER = Checkout.KUBERNETES.resolve("autoscaling");
  private static final Pattern SERIES = Pattern.compile("sluice_[a-z_]+(?=\\{)");

  private static final JsonNode RULES =
      Manifests.documents(Checkout.text(FOLDER.resolve("prometheus-adapter.yaml")))
          .getFirst()
          .path("rules");

  private static List<HorizontalPodAutoscaler> autoscalers() {
    return Checkout.files(FOLDER).stream()
        .flatMap(each -> Manifests.documents(Checkout.text(each)).stream())
        .filter(Manifests::isObject)
        .map(Manifests::object)
        .map(HorizontalPodAutoscaler.class::cast)
        .toList();
  }

  @Test
  void eachGoesByMoreThanItsProcessors() {
    assertEquals(4, autoscalers().size());
    for (HorizontalPodAutoscaler each : autoscalers()) {
      var kinds = each.getSpec().getMetrics().stream().map(MetricSpec::getType).toList();
      assertTrue(
          kinds.contains("Pods") || kinds.contains("External"), each.getMetadata().getName());
      assertTrue(each.getSpec().getMinReplicas() >= 2, each.getMetadata().getName());
    }
  }

  @Test
  void metricsAreServedByTheRules() {
    var custom = new TreeSet<String>();
    var external = new TreeSet<String>();
    for (HorizontalPodAutoscaler each : autoscalers()) {
      for (MetricSpec metric : each.getSpec().getMetrics()) {
        if (metric.getPods() != null) {
          custom.add(metric.getPods().getMetric().getName());
        }
        if (metric.getExternal() != null) {
          external.add(metric.getExternal().getMetric().getName());
        }
      }
    }
    assertEquals(custom, served("custom"));
    assertEquals(external, served("external"));
  }

  private static TreeSet<String> served(String kind) {
    var names = new TreeSet<String>();
    RULES.path(kind).forEach(rule -> names.add(rule.path("name").path("as").asText()));
    return names;
  }

  @Test
  void seriesAreTheServices() {
    var series = new ArrayList<String>();
    for (JsonNode kind : List.of(RULES.path("custom"), RULES.path("external"))) {
      for (JsonNode rule : kind) {
        String queries = rule.path("seriesQuery").asText() + rule.path("metricsQuery").asText();
        List<String> found = SERIES.matcher(queries).results().map(MatchResult::group).toList();
        assertTrue(found.size() >= 2, queries);
        series.addAll(found);
      }
    }
    for (String each : series) {
      assertTrue(CodeOf.ALL.stream().anyMatch(service -> service.hasMetric(each)), each);
    }
    assertFalse(CodeOf.POOL.hasMetric("sluice_pool_jobz"), "what there is not is not found");
  }
}
