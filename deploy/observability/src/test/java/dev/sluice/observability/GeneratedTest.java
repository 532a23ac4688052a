package dev.sluice.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GeneratedTest {
  private static final Path MODULE = Path.of("");

  @Test
  void whatIsCommittedIsWhatIsGenerated() throws Exception {
    for (var file : Generate.files(MODULE).entrySet()) {
      assertEquals(
          file.getValue(),
          Files.readString(MODULE.resolve(file.getKey())),
          file.getKey() + " is out of date; the README says how it is generated");
    }
  }

  @Test
  void thereIsNoOtherDashboardAndEachIsShipped() throws Exception {
    var generated = new TreeSet<String>();
    Dashboards.all().forEach(each -> generated.add("grafana/" + each.name() + ".json"));
    var present = new TreeSet<String>();
    try (Stream<Path> files = Files.list(MODULE.resolve("grafana"))) {
      files.forEach(file -> present.add("grafana/" + file.getFileName()));
    }
    var shipped = new TreeSet<String>();
    new YAMLMapper()
        .readTree(MODULE.resolve("kustomization.yaml").toFile())
        .at("/configMapGenerator/0/files")
        .forEach(file -> shipped.add(file.textValue()));
    assertEquals(generated, present);
    assertEquals(generated, shipped);
  }

  @Test
  void podMonitorsAndScrapesGiveTheSameServicesTheSameLabel() throws Exception {
    var services = new TreeMap<String, String>();
    for (JsonNode target : Rules.read("prometheus.yml").at("/scrape_configs/0/static_configs")) {
      services.put(
          target.at("/labels/service").textValue(),
          Rules.read("prometheus.yml").at("/scrape_configs/0/metrics_path").textValue());
    }
    var monitored = new TreeMap<String, String>();
    try (MappingIterator<JsonNode> monitors =
        new YAMLMapper()
            .readerFor(JsonNode.class)
            .readValues(MODULE.resolve("kubernetes/podmonitors.yaml").toFile())) {
      for (JsonNode monitor : monitors.readAll()) {
        String name = monitor.at("/metadata/name").textValue();
        JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");
        JsonNode label = endpoint.at("/relabelings/0");
        assertEquals(
            List.of(name, name, "service", "http"),
            List.of(
                monitor.at("/spec/selector/matchLabels/app.kubernetes.io~1name").textValue(),
                label.get("replacement").textValue(),
                label.get("targetLabel").textValue(),
                endpoint.get("port").textValue()));
        monitored.put(name, endpoint.get("path").textValue());
      }
    }
    assertEquals(services, monitored);
  }
}
