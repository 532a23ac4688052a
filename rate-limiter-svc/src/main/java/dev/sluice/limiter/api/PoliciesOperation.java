package dev.sluice.limiter.api;

import dev.sluice.limiter.process.Limiter;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Tells of the policies: what HTTP and gRPC have in common. */
@Singleton
class PoliciesOperation {
  private final Limiter limiter;

  @Inject
  PoliciesOperation(Limiter limiter) {
    this.limiter = limiter;
  }

  /**
   * Which are in force, and what is wrong with those that are not.
   *
   * @throws ProblemException the service is stopping
   */
  Pending<PoliciesAnswer> policies() {
    return Pending.of(Asks.send(limiter::policies), PoliciesAnswer::of);
  }
}
