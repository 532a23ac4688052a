package dev.sluice.service.json;

import dev.sluice.service.BodyTooLarge;
import dev.sluice.service.FieldError;
import dev.sluice.service.Limits;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.Quoted;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Reads the JSON body of every request, in place of Quarkus's own reader, which answers some errors
 * itself and hands on an empty body as {@code null}. Here each is a {@link ProblemException}, but
 * that an operation which takes an {@code Optional} may be sent an empty body.
 */
@Provider
@Consumes({MediaType.APPLICATION_JSON, "application/*+json"})
public class StrictJsonReader implements ServerMessageBodyReader<Object> {
  private final JsonInput json;
  private final Limits limits;
  private final CurrentVertxRequest current;

  StrictJsonReader(JsonInput json, Limits limits, CurrentVertxRequest current) {
    this.json = json;
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
    var bytes = bytes(body);
    refuseEncoding(current.getCurrent());
    if (bytes.length == 0 && isOptional(type)) {
      return Optional.empty();
    }
    var value = json.value(type, JsonProblems.BODY, Utf8.decode(bytes));
    if (value == null) {
      throw ProblemException.invalid(
          List.of(new FieldError(JsonProblems.BODY, null, "is null, a JSON value is required")));
    }
    return value;
  }

  private static boolean isOptional(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == Optional.class;
  }

  private byte[] bytes(InputStream body) throws IOException {
    var limited = new LimitedInput(body, limits.body().asLongValue());
    try {
      return limited.readToEnd();
    } catch (LimitedInput.TooLarge e) {
      if (!limited.forget(BodyTooLarge.READ_AND_FORGET)) {
        BodyTooLarge.hangUpAfter(current.getCurrent());
      }
      throw BodyTooLarge.problem(limits.body().asLongValue());
    }
  }

  /** After the body is read, so that the connection is good for another request. */
  private static void refuseEncoding(RoutingContext context) {
    var encoding = context.request().getHeader(HttpHeaderNames.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new ProblemException(
              ProblemType.UNSUPPORTED_MEDIA_TYPE,
              "content-encoding: " + Quoted.of(encoding) + " is not read, identity is")
          .header("Accept-Encoding", "identity");
    }
  }
}
