package dev.sluice.idempotency;

import com.fasterxml.jackson.annotation.JsonView;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.quarkus.resteasy.reactive.jackson.CustomSerialization;
import io.quarkus.resteasy.reactive.jackson.SecureField;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Methods of every kind. */
@Path("/runs")
@Idempotent
@Produces(MediaType.APPLICATION_JSON)
public class Runs {
  static final BlockingQueue<String> STARTED = new LinkedBlockingQueue<>();
  static final BlockingQueue<String> MAY_END = new LinkedBlockingQueue<>();
  static final AtomicInteger COUNT = new AtomicInteger();

  /** What everybody sees. */
  public interface Everybody {}

  /** What few see. */
  public interface Few extends Everybody {}

  /** Has something to hide. */
  public record Account(
      @JsonView(Everybody.class) String name,
      @JsonView(Few.class) String password,
      @JsonView(Everybody.class) @SecureField(rolesAllowed = "admin") String iban) {}

  /** Writes with indentation. */
  public static final class Indented implements BiFunction<ObjectMapper, Type, ObjectWriter> {
    @Override
    public ObjectWriter apply(ObjectMapper mapper, Type type) {
      return mapper.writerWithDefaultPrettyPrinter();
    }
  }

  /** Is mapped. */
  static final class Mapped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Cannot be written. */
  public static final class Broken {
    private final Optional<String> name = Optional.empty();

    public int getLength() {
      return name.orElseThrow().length();
    }
  }

  @ServerExceptionMapper
  Response mapped(Mapped mapped) {
    return Response.status(503).build();
  }

  @POST
  @Path("/blocking")
  public String blocking(String body) throws InterruptedException {
    STARTED.add(body);
    return MAY_END.take();
  }

  @POST
  @Path("/count")
  public String count(String body) {
    return "{\"n\":" + COUNT.incrementAndGet() + "}";
  }

  @POST
  @Path("/required")
  @Idempotent(required = true)
  public String required(String body) {
    return "{}";
  }

  @POST
  @Path("/large")
  public String large(String body) {
    return "\"" + "x".repeat(20_000) + "\"";
  }

  @POST
  @Path("/stream")
  public InputStream stream(String body) {
    return new ByteArrayInputStream(new byte[] {'1'});
  }

  @POST
  @Path("/unavailable")
  public Response unavailable(String body) {
    return Response.status(503).build();
  }

  @POST
  @Path("/mapped")
  public Uni<String> throwsMapped(String body) {
    return Uni.createFrom().failure(new Mapped());
  }

  @POST
  @Path("/broken")
  public Broken broken(String body) {
    COUNT.incrementAndGet();
    return new Broken();
  }

  @POST
  @Path("/view")
  @JsonView(Everybody.class)
  public Account view(String body) {
    return new Account("a", "secret", "iban");
  }

  @POST
  @Path("/view-rest")
  @JsonView(Everybody.class)
  public RestResponse<Account> viewRest(String body) {
    return RestResponse.ok(new Account("a", "secret", "iban"));
  }

  @POST
  @Path("/secure")
  public Account secure(String body) {
    return new Account("a", "secret", "iban");
  }

  @POST
  @Path("/custom")
  @CustomSerialization(Indented.class)
  public Account custom(String body) {
    return new Account("a", "b", "c");
  }
}
