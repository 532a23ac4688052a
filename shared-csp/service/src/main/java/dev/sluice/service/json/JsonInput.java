package dev.sluice.service.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads JSON that came from outside: a body over HTTP, or a string field over gRPC. */
@Singleton
public class JsonInput {
  private final ObjectMapper mapper;

  JsonInput(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Returns the JSON that a string field holds, by the same rules as if it stood in a body.
   *
   * @param field what the field is called in a problem
   * @return null if it is {@code null}
   * @throws ProblemException invalid-input, with the field
   */
  public @Nullable JsonText text(String field, String json) {
    return (JsonText) value(JsonText.class, field, json);
  }

  /**
   * Returns the one value there is.
   *
   * @param whole what the whole of it is called in a problem
   * @throws ProblemException invalid-input, with the field
   */
  @Nullable Object value(Type type, String whole, String json) {
    try {
      if (UnpairedSurrogates.maybeIn(json)) {
        UnpairedSurrogates.refuse(mapper, whole, json);
      }
      try (var parser = mapper.createParser(json)) {
        return value(type, whole, parser);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable Object value(Type type, String whole, JsonParser parser) throws IOException {
    try {
      if (parser.nextToken() == null) {
        throw problem(whole, "is empty, a JSON value is required");
      }
      Object value = readerFor(type).readValue(parser);
      if (parser.nextToken() != null) {
        throw problem(whole, "has more than one JSON value");
      }
      return value;
    } catch (JacksonException e) {
      throw JsonProblems.of(e, parser, whole);
    }
  }

  /** It leaves what follows the value to us, so that we can say it in words. */
  private ObjectReader readerFor(Type type) {
    return mapper
        .readerFor(mapper.constructType(type))
        .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  private static ProblemException problem(String field, String what) {
    return ProblemException.invalid(List.of(new FieldError(field, null, what)));
  }
}
