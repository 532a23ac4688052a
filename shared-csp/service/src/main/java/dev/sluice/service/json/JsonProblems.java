package dev.sluice.service.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import dev.sluice.service.Quoted;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with JSON that could not be read, in the caller's words instead of Java's. */
final class JsonProblems {
  /** What a request's body as a whole is called. */
  static final String BODY = "body";

  private static final Pattern INTERNALS =
      Pattern.compile(" \\(start marker at \\[[^]]*]\\)|(,? from)? ?`[^`]*`");

  private JsonProblems() {}

  /**
   * Returns the problem with the JSON that {@code parser} stopped in.
   *
   * @param e what Jackson says
   * @param parser still open, at the token that could not be read
   * @param whole what the whole of the JSON is called
   */
  static ProblemException of(JacksonException e, JsonParser parser, String whole) {
    var cause = innermost(e);
    return cause instanceof ProblemException problem
        ? problem
        : ProblemException.invalid(List.of(error(field(e, whole), cause, parser, whole)));
  }

  private static FieldError error(String field, Throwable cause, JsonParser parser, String whole) {
    return switch (cause) {
      case UnrecognizedPropertyException unknown ->
          new FieldError(field, null, "is unknown, known here are " + known(unknown));
      case InputCoercionException tooBig ->
          new FieldError(field, value(parser), expected(tooBig.getTargetType()));
      case StreamReadException broken ->
          new FieldError(whole, null, "is broken JSON" + at(broken) + message(broken));
      case StreamConstraintsException tooMuch ->
          new FieldError(whole, null, "asks for too much" + at(tooMuch) + message(tooMuch));
      case MismatchedInputException missing when isMissing(missing, parser) ->
          new FieldError(field, null, "is required");
      case MismatchedInputException mismatch ->
          new FieldError(field, value(parser), expected(mismatch.getTargetType()));
      case IllegalArgumentException refused ->
          new FieldError(field, null, Objects.toString(refused.getMessage(), "is not allowed"));
      default -> new FieldError(field, null, "cannot be read");
    };
  }

  /** A primitive cannot be null, so whoever leaves it out is told. */
  private static boolean isMissing(MismatchedInputException e, JsonParser parser) {
    var type = e.getTargetType();
    return type != null
        && type.isPrimitive()
        && (parser.hasToken(JsonToken.END_OBJECT) || parser.hasToken(JsonToken.VALUE_NULL));
  }

  /** The cause that knows most: what a record's constructor or a deserializer threw, if any. */
  private static Throwable innermost(JacksonException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof IllegalArgumentException
          || t instanceof ProblemException
          || t instanceof StreamReadException
          || t instanceof StreamConstraintsException
          || t instanceof UnrecognizedPropertyException) {
        return t;
      }
    }
    return e;
  }

  private static String field(JacksonException e, String whole) {
    if (!(e instanceof JsonMappingException mapping)) {
      return whole;
    }
    var path = new StringBuilder();
    for (var reference : mapping.getPath()) {
      if (reference.getFieldName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(shortened(reference.getFieldName()));
      }
    }
    return path.isEmpty() ? whole : path.toString();
  }

  static String shortened(String name) {
    var quoted = Quoted.of(name);
    return quoted.equals('"' + name + '"') ? name : quoted;
  }

  private static String known(UnrecognizedPropertyException e) {
    var known = e.getKnownPropertyIds();
    return known == null || known.isEmpty()
        ? "no fields"
        : known.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
  }

  private static String at(JacksonException e) {
    var at = e.getLocation();
    return at == null
        ? ": "
        : String.format(Locale.ROOT, " at line %d, column %d: ", at.getLineNr(), at.getColumnNr());
  }

  /** Jackson's message without its settings and classes, and without where it has said it is. */
  private static String message(JacksonException e) {
    return INTERNALS.matcher(e.getOriginalMessage()).replaceAll("");
  }

  private static @Nullable String value(JsonParser parser) {
    try {
      var token = parser.currentToken();
      return switch (token) {
        case null -> null;
        case START_OBJECT, END_OBJECT, FIELD_NAME -> "an object";
        case START_ARRAY, END_ARRAY -> "a list";
        case VALUE_STRING -> Quoted.of(parser.getText());
        default ->
            token == JsonToken.NOT_AVAILABLE ? null : Quoted.of(new Verbatim(parser.getText()));
      };
    } catch (IOException e) {
      return null;
    }
  }

  /** A number, true, false or null: quoted as it stands. */
  private record Verbatim(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  private static String expected(@Nullable Class<?> type) {
    return type == null ? "is of another type than expected" : "must be " + description(type);
  }

  private static String description(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
    }
    if (type == long.class || type == Long.class) {
      return "a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE;
    }
    if (type == double.class || Number.class.isAssignableFrom(type)) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (CharSequence.class.isAssignableFrom(type)) {
      return "a string";
    }
    if (type == Duration.class) {
      return Durations.DESCRIPTION;
    }
    if (type == Instant.class) {
      return "an instant such as \"2026-01-31T12:00:00Z\"";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(constant -> Quoted.of(constant.toString()))
              .collect(Collectors.joining(", "));
    }
    return Collection.class.isAssignableFrom(type) || type.isArray() ? "a list" : "an object";
  }
}
