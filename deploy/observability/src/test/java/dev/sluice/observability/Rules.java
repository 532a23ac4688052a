package dev.sluice.observability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of rules that Prometheus reads. */
final class Rules {
  static final Path FOLDER = Path.of("prometheus");

  private Rules() {}

  static List<JsonNode> all() throws IOException {
    var rules = new ArrayList<JsonNode>();
    for (JsonNode group : read("rules.yml").get("groups")) {
      group.get("rules").forEach(rules::add);
    }
    return rules;
  }

  static List<JsonNode> alerts() throws IOException {
    return all().stream().filter(rule -> rule.has("alert")).toList();
  }

  static JsonNode read(String file) throws IOException {
    return new YAMLMapper().readTree(FOLDER.resolve(file).toFile());
  }
}
