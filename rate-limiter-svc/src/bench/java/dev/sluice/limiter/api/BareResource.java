package dev.sluice.limiter.api;

import dev.sluice.limiter.process.Quota;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * {@code POST /bare}: reads what {@code /acquire} reads, writes what it writes, and decides
 * nothing. What {@code /acquire} takes longer is what the limiter costs.
 */
@Path("/bare")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class BareResource {
  static final AcquireAnswer ANSWER =
      new AcquireAnswer(
          true,
          "user:42",
          1,
          1_000_000_000,
          999_999_999,
          Duration.ZERO,
          Duration.ofMillis(1),
          null,
          new Quota("bench", 1_000_000_000, Duration.ofSeconds(1)));

  private static final String POLICY = "\"bench\";q=1000000000;w=1";
  private static final String LIMIT = "\"bench\";r=999999999;t=1";

  /** Answers a constant, on the event loop. */
  @POST
  @NonBlocking
  public RestResponse<AcquireAnswer> bare(AcquireRequest request) {
    return RestResponse.ResponseBuilder.ok(ANSWER)
        .header(RateLimitHeaders.POLICY, POLICY)
        .header(RateLimitHeaders.LIMIT, LIMIT)
        .build();
  }
}
