package dev.sluice.observability;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A Grafana dashboard: panels in reading order, three in a row.
 *
 * @param name what its file and address are called
 * @param selector which instances it can be narrowed to, as a Prometheus selector
 */
record Dashboard(String name, String title, String selector, List<Panel> panels) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int SCHEMA = 39; // Grafana 10.4 and later; later ones migrate it
  private static final int PANELS_IN_ROW = 3;
  private static final int WIDTH = 24 / PANELS_IN_ROW;
  private static final int HEIGHT = 8;

  /**
   * A graph of time.
   *
   * @param unit one of Grafana's: {@code short}, {@code reqps}, {@code s}, {@code percentunit},
   *     {@code bytes}
   */
  record Panel(String title, String unit, List<Query> queries) {}

  /**
   * One query of a panel.
   *
   * @param legend what each of its lines is called
   */
  record Query(String expression, String legend) {}

  ObjectNode json() {
    ObjectNode json = JSON.objectNode();
    json.put("uid", name).put("title", title).put("schemaVersion", SCHEMA);
    json.putArray("tags").add("sluice");
    json.put("editable", false).put("graphTooltip", 1).put("refresh", "30s");
    json.putObject("time").put("from", "now-1h").put("to", "now");
    var variables = json.putObject("templating").putArray("list");
    variables.add(
        JSON.objectNode()
            .put("name", "datasource")
            .put("type", "datasource")
            .put("query", "prometheus"));
    ObjectNode instance =
        JSON.objectNode()
            .put("name", "instance")
            .put("type", "query")
            .put("query", "label_values(" + selector + ", instance)")
            .put("includeAll", true)
            .put("allValue", ".+")
            .put("multi", true)
            .put("refresh", 2);
    instance.set("datasource", datasource());
    instance.putObject("current").put("text", "All").put("value", "$__all");
    variables.add(instance);
    var all = json.putArray("panels");
    for (int i = 0; i < panels.size(); i++) {
      all.add(json(panels.get(i), i));
    }
    return json;
  }

  private static ObjectNode json(Panel panel, int index) {
    ObjectNode json = JSON.objectNode();
    json.put("id", index + 1).put("type", "timeseries").put("title", panel.title);
    json.set("datasource", datasource());
    json.putObject("gridPos")
        .put("x", index % PANELS_IN_ROW * WIDTH)
        .put("y", index / PANELS_IN_ROW * HEIGHT)
        .put("w", WIDTH)
        .put("h", HEIGHT);
    json.putObject("fieldConfig").putObject("defaults").put("unit", panel.unit).put("min", 0);
    var targets = json.putArray("targets");
    for (int i = 0; i < panel.queries.size(); i++) {
      Query query = panel.queries.get(i);
      targets
          .addObject()
          .put("refId", String.valueOf((char) ('A' + i)))
          .put("expr", query.expression)
          .put("legendFormat", query.legend);
    }
    return json;
  }

  private static ObjectNode datasource() {
    return JSON.objectNode().put("type", "prometheus").put("uid", "${datasource}");
  }
}
