package dev.sluice.observability;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes what is generated into the module's folder; to be run after a change of a source. */
public final class Generate {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Generate() {}

  /**
   * Writes the files.
   *
   * @param arguments the module's folder
   */
  public static void main(String[] arguments) throws IOException {
    Path module = Path.of(arguments[0]);
    for (var file : files(module).entrySet()) {
      Files.writeString(module.resolve(file.getKey()), file.getValue());
    }
  }

  /** Path below the module's folder, and content. */
  static Map<String, String> files(Path module) throws IOException {
    var files = new LinkedHashMap<String, String>();
    for (Dashboard dashboard : Dashboards.all()) {
      files.put("grafana/" + dashboard.name() + ".json", json(dashboard));
    }
    files.put(
        "kubernetes/prometheusrule.yaml",
        prometheusRule(Files.readString(module.resolve("prometheus/rules.yml"))));
    return files;
  }

  private static String json(Dashboard dashboard) throws JsonProcessingException {
    return JSON.writeValueAsString(dashboard.json()).replace("\r\n", "\n") + "\n";
  }

  /** The rules as they are, as the specification of a custom resource. */
  private static String prometheusRule(String rules) {
    String head =
        """
        # Generated from prometheus/rules.yml.
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata:
          name: sluice
          labels:
            app.kubernetes.io/part-of: sluice
        spec:
        """;
    return rules
        .lines()
        .map(line -> line.isEmpty() ? line : "  " + line)
        .collect(Collectors.joining("\n", head, "\n"));
  }
}
