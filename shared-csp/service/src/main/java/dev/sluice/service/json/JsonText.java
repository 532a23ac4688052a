package dev.sluice.service.json;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.io.StringWriter;

/**
 * Any JSON that a service passes on without looking into it. Space between tokens goes, and
 * characters are escaped only where they must be; otherwise it comes out as it came in: every
 * number with the very characters it was written with, {@code 1e5} and {@code -0.0} included.
 *
 * <pre>{@code
 * record SubmitRequest(@Nullable JsonText body) {}
 * }</pre>
 *
 * @param text JSON, never {@code null} as a whole: that is read as no value
 */
@JsonDeserialize(using = JsonText.Reader.class)
public record JsonText(@JsonValue @JsonRawValue String text) {

  /** Returns the JSON. */
  @Override
  public String toString() {
    return text;
  }

  /** Copies tokens. Numbers are never computed, so none can be too large to compute. */
  static final class Reader extends StdScalarDeserializer<JsonText> {
    private static final long serialVersionUID = 1L;
    private static final JsonFactory PLAIN = new JsonFactory();

    Reader() {
      super(JsonText.class);
    }

    @Override
    public JsonText deserialize(JsonParser from, DeserializationContext context)
        throws IOException {
      var text = new StringWriter();
      try (var to = PLAIN.createGenerator(text)) {
        var depth = copy(from, to);
        while (depth > 0) {
          from.nextToken();
          depth += copy(from, to);
        }
      }
      return new JsonText(text.toString());
    }

    /** Copies one token and returns by how much deeper what follows it is. */
    private static int copy(JsonParser from, JsonGenerator to) throws IOException {
      JsonToken token = from.currentToken();
      if (token.isNumeric()) {
        from.streamReadConstraints().validateFPLength(from.getTextLength());
        to.writeNumber(from.getText());
        return 0;
      }
      to.copyCurrentEvent(from);
      return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }
  }
}
