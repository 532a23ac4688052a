package dev.sluice.idempotency;

import io.vertx.core.buffer.Buffer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Providers;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;
import org.jspecify.annotations.Nullable;

/** Writes a response before it is sent, so that it can be kept. */
@Singleton
class ResponseBytes {
  private static final Annotation[] NONE = {};

  private final Providers providers;
  private final Set<String> dropped;
  private final long most;

  @Inject
  ResponseBytes(Providers providers, IdempotencyConfig config) {
    this.providers = providers;
    this.dropped =
        config.droppedHeaders().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    this.most = config.maxBody().asLongValue();
  }

  /**
   * The response as it is to be kept; what is sent then is the same bytes. Empty when it cannot be:
   * it is a stream, too large, or shaped by the method's annotations; it is then sent as ever.
   */
  Optional<KeptResponse> take(ServerRequestContext request, ContainerResponseContext response)
      throws IOException {
    Object entity = response.getEntity();
    if (entity == null) {
      return Optional.of(
          new KeptResponse(response.getStatus(), headers(response, null), Buffer.buffer()));
    }
    MediaType type = mediaType(request, response);
    MessageBodyWriter<Object> writer = writer(entity, type);
    if (isStream(entity) || writer == null || ShapedByMethod.is(request)) {
      return Optional.empty();
    }
    byte[] body = written(entity, type, writer);
    response.setEntity(body, NONE, type);
    return body.length > most
        ? Optional.empty()
        : Optional.of(
            new KeptResponse(response.getStatus(), headers(response, type), Buffer.buffer(body)));
  }

  private static boolean isStream(Object entity) {
    return entity instanceof InputStream
        || entity instanceof Reader
        || entity instanceof StreamingOutput
        || entity instanceof File
        || entity instanceof Path
        || entity instanceof Flow.Publisher<?>;
  }

  private static MediaType mediaType(
      ServerRequestContext request, ContainerResponseContext response) {
    MediaType own = response.getMediaType();
    MediaType chosen = own == null ? request.getResponseMediaType() : own;
    return Objects.requireNonNullElse(chosen, MediaType.APPLICATION_OCTET_STREAM_TYPE);
  }

  @SuppressWarnings("unchecked") // it says itself what it writes
  private @Nullable MessageBodyWriter<Object> writer(Object entity, MediaType type) {
    return (MessageBodyWriter<Object>)
        providers.getMessageBodyWriter(entity.getClass(), entity.getClass(), NONE, type);
  }

  private static byte[] written(Object entity, MediaType type, MessageBodyWriter<Object> writer)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    writer.writeTo(
        entity,
        entity.getClass(),
        entity.getClass(),
        NONE,
        type,
        new MultivaluedHashMap<>(),
        bytes);
    return bytes.toByteArray();
  }

  private List<KeptResponse.Header> headers(
      ContainerResponseContext response, @Nullable MediaType type) {
    var headers = new ArrayList<KeptResponse.Header>();
    response
        .getStringHeaders()
        .forEach((name, values) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!dropped.contains(lower) && !lower.equals("content-type")) {
            values.forEach(value -> headers.add(new KeptResponse.Header(name, value)));
          }
        });
    if (type != null) {
      headers.add(new KeptResponse.Header("Content-Type", type.toString()));
    }
    return headers;
  }
}
