package dev.sluice.limiter.api.envoy;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.limiter.process.envoy.EnvoyLimiter;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code GET /envoy}. */
@Path("/envoy")
@Produces(MediaType.APPLICATION_JSON)
public class EnvoyResource {
  private final Optional<EnvoyLimiter> limiter;

  @Inject
  EnvoyResource(Optional<EnvoyLimiter> limiter) {
    this.limiter = limiter;
  }

  /** Says which rules are in force, and what is wrong with the files if they are not. */
  @GET
  @Operation(summary = "The rules that Envoy is answered by", operationId = "envoy")
  @APIResponse(responseCode = "200", description = "The rules in force")
  @APIResponse(responseCode = "404", description = "sluice.limiter.envoy.config is not set")
  public CompletionStage<EnvoyState> state() {
    EnvoyLimiter envoy =
        limiter.orElseThrow(() ->
            new ProblemException(ProblemType.NOT_FOUND, "sluice.limiter.envoy.config is not set"));
    try {
      return envoy.state().stage().thenApply(EnvoyState::of);
    } catch (ChannelClosedException closed) {
      throw new ProblemException(ProblemType.DRAINING, "the service is stopping", closed)
          .retryAfter(Duration.ofSeconds(1));
    }
  }
}
