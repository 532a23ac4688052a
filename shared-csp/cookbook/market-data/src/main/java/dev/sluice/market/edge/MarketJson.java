package dev.sluice.market.edge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.MarketView;
import dev.sluice.market.model.MarketView.Percentiles;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;

/** What is to be seen of a pipeline as JSON. */
final class MarketJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private MarketJson() {}

  /** Writes with a generator. */
  @FunctionalInterface
  interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  static String write(Writing writing) {
    var text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      writing.to(json);
      json.writeEndObject();
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
    return text.append('\n').toString();
  }

  static String problem(int status, String title, String detail) {
    return write(json -> {
      json.writeStringField("type", "about:blank");
      json.writeStringField("title", title);
      json.writeNumberField("status", status);
      json.writeStringField("detail", detail);
    });
  }

  static String subscriptions(boolean all, Collection<String> symbols) {
    return write(json -> {
      json.writeBooleanField("all", all);
      json.writeArrayFieldStart(all ? "except" : "symbols");
      for (String symbol : symbols.stream().sorted().toList()) {
        json.writeString(symbol);
      }
      json.writeEndArray();
    });
  }

  static String view(MarketView view) {
    return write(json -> {
      json.writeArrayFieldStart("stages");
      for (MarketView.StageView stage : view.stages()) {
        json.writeStartObject();
        json.writeStringField("stage", stage.stage().label());
        json.writeNumberField("inRate", Math.round(stage.inRate()));
        json.writeNumberField("outRate", Math.round(stage.outRate()));
        queue(json, stage.depth(), stage.capacity());
        count(json, stage.count());
        latency(json, "latency", stage.latency());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("sources");
      for (MarketView.SourceView source : view.sources()) {
        json.writeStartObject();
        json.writeStringField("source", source.name());
        json.writeNumberField("rate", Math.round(source.rate()));
        json.writeStringField("breaker", source.breaker().label());
        json.writeBooleanField("ended", source.ended());
        json.writeNumberField("ticks", source.made());
        lost(json, source.lost());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("consumers");
      for (MarketView.ConsumerView consumer : view.consumers()) {
        json.writeStartObject();
        json.writeStringField("consumer", consumer.name());
        json.writeStringField("policy", consumer.policy().label());
        json.writeNumberField("rate", Math.round(consumer.rate()));
        queue(json, consumer.depth(), consumer.capacity());
        count(json, consumer.count());
        latency(json, "endToEnd", consumer.endToEnd());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeObjectFieldStart("conservation");
      json.writeNumberField("checks", view.conservation().checks());
      json.writeNumberField("faults", view.conservation().faults());
      json.writeStringField("first", view.conservation().first());
      json.writeEndObject();
    });
  }

  private static void queue(JsonGenerator json, long depth, long capacity) throws IOException {
    json.writeNumberField("depth", depth);
    json.writeNumberField("capacity", capacity);
  }

  private static void count(JsonGenerator json, Count count) throws IOException {
    json.writeNumberField("in", count.in());
    json.writeNumberField("out", count.out());
    json.writeNumberField("held", count.held());
    lost(json, count);
  }

  private static void lost(JsonGenerator json, Count count) throws IOException {
    json.writeObjectFieldStart("lost");
    for (var each : count.lost().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
      json.writeNumberField(each.getKey().label(), each.getValue());
    }
    json.writeEndObject();
  }

  private static void latency(JsonGenerator json, String name, Percentiles latency)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("samples", latency.samples());
    json.writeNumberField("p50Micros", latency.p50() / 1_000);
    json.writeNumberField("p99Micros", latency.p99() / 1_000);
    json.writeNumberField("maxMicros", latency.max() / 1_000);
    json.writeEndObject();
  }
}
