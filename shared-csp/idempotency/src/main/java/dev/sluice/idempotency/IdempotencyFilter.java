package dev.sluice.idempotency;

import dev.sluice.idempotency.ClaimAnswer.Claimed;
import dev.sluice.idempotency.IdempotencyConfig.WhenUnavailable;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Idempotent} does. Quarkus REST makes its filters before there is a configuration, so
 * this one is made when it is first called.
 */
@ApplicationScoped
public class IdempotencyFilter {
  private static final Logger LOG = Logger.getLogger(IdempotencyFilter.class);
  private static final String CLAIM = IdempotencyFilter.class.getName();
  private static final int LOST = 409;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** Below 500, answers that say that the request was not carried out and may be repeated. */
  private static final Set<Integer> TRY_AGAIN = Set.of(408, 425, 429);

  private final ClaimsClient claims;
  private final ResponseBytes bytes;
  private final IdempotencyConfig config;
  private final CurrentVertxRequest current;
  private final Vertx vertx;

  @Inject
  IdempotencyFilter(
      ClaimsClient claims,
      ResponseBytes bytes,
      IdempotencyConfig config,
      CurrentVertxRequest current,
      Vertx vertx) {
    this.claims = claims;
    this.bytes = bytes;
    this.config = config;
    this.current = current;
    this.vertx = vertx;
  }

  void started(@Observes StartupEvent started) {
    SettingsCheck.of(config);
    if (!claims.isOn()) {
      LOG.info("Idempotency-Key is not looked at: sluice.idempotency.url is not set");
    }
  }

  /** Claims the key before the method runs; or answers in its place. */
  @SuppressWarnings("deprecation") // readBody: what is to replace it reads forms only
  @ServerRequestFilter(readBody = true)
  @Idempotent
  public @Nullable Uni<Response> claim(
      ResteasyReactiveContainerRequestContext request, ResourceInfo resource) throws IOException {
    if (!claims.isOn()) {
      return null;
    }
    List<String> lines = request.getHeaders().get(IdempotencyKey.HEADER);
    if (lines == null || lines.isEmpty()) {
      return isRequired(resource) ? Uni.createFrom().item(Problems.missing()) : null;
    }
    Optional<IdempotencyKey> key = IdempotencyKey.of(lines);
    if (key.isEmpty()) {
      return Uni.createFrom().item(Problems.malformed());
    }
    byte[] body = body(request);
    if (body.length > config.maxBody().asLongValue()) {
      return Uni.createFrom().item(Problems.tooLarge(config.maxBody().asLongValue()));
    }
    String fingerprint =
        RequestFingerprint.of(request.getMethod(), request.getUriInfo().getRequestUri(), body);
    return claims.claim(key.get().text(), fingerprint).map(answer -> response(request, answer));
  }

  private static boolean isRequired(ResourceInfo resource) {
    Idempotent onMethod = resource.getResourceMethod().getAnnotation(Idempotent.class);
    Idempotent found =
        onMethod == null ? resource.getResourceClass().getAnnotation(Idempotent.class) : onMethod;
    return found != null && found.required();
  }

  /**
   * All of the body; at most one byte more than is taken. The method then reads the same. Nothing
   * of a body that the method does not read, when to read it would hold up an event loop.
   */
  private byte[] body(ContainerRequestContext request) throws IOException {
    InputStream stream = request.getEntityStream();
    if (stream == null
        || (Context.isOnEventLoopThread() && !(stream instanceof ByteArrayInputStream))) {
      return new byte[0];
    }
    byte[] body = stream.readNBytes((int) config.maxBody().asLongValue() + 1);
    request.setEntityStream(new ByteArrayInputStream(body));
    return body;
  }

  /** Null: the method is to run. */
  private @Nullable Response response(
      ResteasyReactiveContainerRequestContext request, ClaimAnswer answer) {
    return switch (answer) {
      case Claimed claimed -> {
        var running =
            new RunningClaim(
                claimed, request.getServerRequestContext(), claims, vertx, config.lease());
        request.setProperty(CLAIM, running);
        RoutingContext caller = current.getCurrent();
        caller.addEndHandler(_ -> running.stop());
        if (caller.response().closed()) { // it has gone before there was anybody to be told
          running.stop();
        }
        yield null;
      }
      case ClaimAnswer.Completed(KeptResponse kept) -> kept.replay();
      case ClaimAnswer.InProgress(String retryAfter) -> Problems.inProgress(retryAfter);
      case ClaimAnswer.Mismatch() -> Problems.mismatch();
      case ClaimAnswer.Unavailable(String reason, String retryAfter) -> {
        LOG.warnf("the deduplicator is not available: %s", reason);
        yield config.whenUnavailable() == WhenUnavailable.PASS
            ? null
            : Problems.unavailable(retryAfter);
      }
    };
  }

  /**
   * Ends the claim before the response is sent: whoever has seen it will see it again. When that
   * does not succeed in time, the response is sent, and it is tried on while the lease lasts.
   */
  @ServerResponseFilter
  @Idempotent
  public @Nullable Uni<Void> end(
      ContainerRequestContext request, ContainerResponseContext response) {
    if (!(request.getProperty(CLAIM) instanceof RunningClaim running)) {
      return null;
    }
    request.removeProperty(CLAIM);
    Uni<Integer> ended =
        ended(running, response)
            .onItem()
            .transformToUni(IdempotencyFilter::orTryAgain)
            .onFailure()
            .retry()
            .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
            .expireIn(config.lease().toMillis())
            .onTermination()
            .invoke(running::stop)
            .memoize()
            .indefinitely();
    ended.subscribe().with(IdempotencyFilter::told, IdempotencyFilter::failed);
    return ended
        .ifNoItem()
        .after(config.timeout())
        .recoverWithItem(0)
        .onFailure()
        .recoverWithItem(0)
        .replaceWithVoid();
  }

  private Uni<Integer> ended(RunningClaim running, ContainerResponseContext response) {
    Claimed claim = running.claim();
    int status = response.getStatus();
    if (status >= 500 || TRY_AGAIN.contains(status)) {
      return claims.abort(claim);
    }
    try {
      return complete(claim, status, bytes.take(running.request(), response));
    } catch (IOException | RuntimeException unwritable) { // the method has run all the same
      LOG.warnf("a response cannot be kept: %s", unwritable);
      return complete(claim, status, Optional.empty());
    }
  }

  private static Uni<Integer> orTryAgain(int status) {
    return status >= 500
        ? Uni.createFrom().failure(new IllegalStateException("the deduplicator answers " + status))
        : Uni.createFrom().item(status);
  }

  private static void told(int status) {
    if (status == LOST) {
      LOG.warn("a request took longer than its claim lasted, and may have been repeated");
    } else if (status >= 300) {
      LOG.warnf("a claim was not ended: the deduplicator answers %d", status);
    }
  }

  private static void failed(Throwable failure) {
    LOG.warnf("a claim was not ended, and will run out: %s", failure);
  }

  /** When the response is refused because it is larger than the service keeps, that is kept. */
  private Uni<Integer> complete(Claimed claim, int status, Optional<KeptResponse> response) {
    KeptResponse notKept = KeptResponse.notKept(status);
    return response.isEmpty()
        ? claims.complete(claim, notKept)
        : claims
            .complete(claim, response.get())
            .flatMap(answer ->
                answer == 400 || answer == 413
                    ? claims.complete(claim, notKept)
                    : Uni.createFrom().item(answer));
  }
}
