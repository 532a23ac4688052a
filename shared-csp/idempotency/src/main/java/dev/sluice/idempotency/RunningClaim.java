package dev.sluice.idempotency;

import dev.sluice.idempotency.ClaimAnswer.Claimed;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * The claim of a request that is being carried out. It is renewed until it is ended, or the
 * request's connection is, so that it lasts as long as the method needs.
 */
final class RunningClaim {
  private static final Logger LOG = Logger.getLogger(RunningClaim.class);
  private static final int RENEWALS_PER_LEASE = 3;
  private static final int CONFLICT = 409;

  private final Claimed claim;
  private final ServerRequestContext request;
  private final ClaimsClient client;
  private final Vertx vertx;
  private final long timer;

  RunningClaim(
      Claimed claim,
      ServerRequestContext request,
      ClaimsClient client,
      Vertx vertx,
      Duration lease) {
    this.claim = claim;
    this.request = request;
    this.client = client;
    this.vertx = vertx;
    this.timer =
        vertx.setPeriodic(Math.max(1, lease.toMillis() / RENEWALS_PER_LEASE), _ -> renew());
  }

  Claimed claim() {
    return claim;
  }

  /** The request: the filter of its response is not shown all of it. */
  ServerRequestContext request() {
    return request;
  }

  /** Renews it no more. A second call does nothing. */
  void stop() {
    vertx.cancelTimer(timer);
  }

  private void renew() {
    client
        .renew(claim)
        .subscribe()
        .with(
            status -> {
              if (status == CONFLICT) {
                LOG.warn("a request took longer than its claim lasted, and may be repeated");
                stop();
              }
            },
            failure -> LOG.warnf("a claim was not renewed: %s", failure));
  }
}
