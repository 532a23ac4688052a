package dev.sluice.service.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import dev.sluice.service.Durations;
import java.io.IOException;
import java.time.Duration;

/** Durations in JSON are strings in the form of {@link Durations}. */
final class DurationModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  DurationModule() {
    super("sluice-durations");
    addSerializer(new Writer());
    addDeserializer(Duration.class, new Reader());
  }

  private static final class Writer extends StdScalarSerializer<Duration> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator to, SerializerProvider provider)
        throws IOException {
      to.writeString(Durations.format(value));
    }
  }

  private static final class Reader extends StdScalarDeserializer<Duration> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser from, DeserializationContext context)
        throws IOException {
      if (!from.hasToken(JsonToken.VALUE_STRING)) {
        throw context.wrongTokenException(from, Duration.class, JsonToken.VALUE_STRING, "");
      }
      try {
        return Durations.parse(from.getText());
      } catch (IllegalArgumentException e) {
        throw JsonMappingException.from(from, e.getMessage(), e);
      }
    }
  }
}
