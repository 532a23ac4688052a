package dev.sluice.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RulesTest {

  @Test
  void prometheusTakesTheRulesAndTheConfiguration() throws Exception {
    Promtool.approves("check", "rules", "rules.yml");
    Promtool.approves("check", "config", "prometheus.yml");
  }

  @Test
  void everyAlertFiresWhenItShouldAndNotBefore() throws Exception {
    Promtool.approves("test", "rules", "tests/alerts.yml");
  }

  @Test
  void everyAlertIsTestedQuietAndFiring() throws Exception {
    var quiet = new TreeSet<String>();
    var firing = new TreeSet<String>();
    for (JsonNode test : Rules.read("tests/alerts.yml").get("tests")) {
      for (JsonNode expected : test.get("alert_rule_test")) {
        (expected.get("exp_alerts").isEmpty() ? quiet : firing)
            .add(expected.get("alertname").textValue());
      }
    }
    Set<String> alerts = new TreeSet<>(names());
    assertEquals(alerts, quiet);
    assertEquals(alerts, firing);
  }

  @Test
  void everyAlertSaysHowBadItIsAndWhat() throws Exception {
    for (JsonNode alert : Rules.alerts()) {
      String severity = alert.at("/labels/severity").asText();
      assertTrue(Set.of("critical", "warning").contains(severity), alert.toString());
      assertFalse(alert.at("/annotations/summary").asText().isBlank(), alert.toString());
    }
  }

  @Test
  void theRunbookHasEveryAlertWithItsSeverityAndNoOther() throws Exception {
    var expected = new ArrayList<String>();
    for (JsonNode alert : Rules.alerts()) {
      expected.add(alert.get("alert").textValue() + " " + alert.at("/labels/severity").textValue());
    }
    List<String> told =
        Pattern.compile("(?m)^\\| `(\\w+)` \\| (critical|warning) \\| .+ \\| .+ \\|$")
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(line -> line.group(1) + " " + line.group(2))
            .toList();
    assertEquals(expected, told);
  }

  private static List<String> names() throws Exception {
    return Rules.alerts().stream().map(alert -> alert.get("alert").textValue()).toList();
  }
}
