package dev.sluice.service.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.sluice.service.BodyTooLarge;
import dev.sluice.service.FieldError;
import dev.sluice.service.Limits;
import dev.sluice.service.ProblemException;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.List;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Reads the JSON body of every request, in place of Quarkus's own reader, which answers some errors
 * itself and hands on an empty body as {@code null}. Here each is a {@link ProblemException}.
 */
@Provider
@Consumes({MediaType.APPLICATION_JSON, "application/*+json"})
public class StrictJsonReader implements ServerMessageBodyReader<Object> {
  private final ObjectMapper mapper;
  private final Limits limits;
  private final CurrentVertxRequest current;

  StrictJsonReader(ObjectMapper mapper, Limits limits, CurrentVertxRequest current) {
    this.mapper = mapper;
    this.limits = limits;
    this.current = current;
  }

  @Override
  public boolean isReadable(
      Class<?> type, Type genericType, ResteasyReactiveResourceInfo method, MediaType mediaType) {
    return isJson(type);
  }

  @Override
  public boolean isReadable(
      Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
    return isJson(type);
  }

  /** Whoever takes the body as text, bytes or a stream reads it without us. */
  private static boolean isJson(Class<?> type) {
    return type != String.class
        && type != byte[].class
        && !InputStream.class.isAssignableFrom(type)
        && !Reader.class.isAssignableFrom(type);
  }

  @Override
  public Object readFrom(
      Class<Object> type, Type genericType, MediaType mediaType, ServerRequestContext context)
      throws IOException {
    return read(genericType, context.getInputStream());
  }

  @Override
  public Object readFrom(
      Class<Object> type,
      Type genericType,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, String> headers,
      InputStream body)
      throws IOException {
    return read(genericType, body);
  }

  private Object read(Type type, InputStream body) throws IOException {
    var limited = new LimitedInput(body, limits.body().asLongValue());
    try (var parser = mapper.createParser(limited)) {
      return read(type, parser);
    } catch (LimitedInput.TooLarge e) {
      if (!limited.forget(BodyTooLarge.READ_AND_FORGET)) {
        BodyTooLarge.hangUpAfter(current.getCurrent());
      }
      throw BodyTooLarge.problem(limits.body().asLongValue());
    } catch (CharConversionException e) {
      throw bodyError("is not UTF-8");
    }
  }

  private Object read(Type type, JsonParser parser) throws IOException {
    try {
      if (parser.nextToken() == null) {
        throw bodyError("is empty, a JSON value is required");
      }
      Object value = readerFor(type).readValue(parser);
      if (parser.nextToken() != null) {
        throw bodyError("has more than one JSON value");
      }
      if (value == null) {
        throw bodyError("is null, a JSON value is required");
      }
      return value;
    } catch (JacksonException e) {
      throw JsonProblems.of(e, parser);
    }
  }

  /** It leaves what follows the value to us, so that we can say it in words. */
  private ObjectReader readerFor(Type type) {
    return mapper
        .readerFor(mapper.constructType(type))
        .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  private static ProblemException bodyError(String what) {
    return ProblemException.invalid(List.of(new FieldError("body", null, what)));
  }
}
