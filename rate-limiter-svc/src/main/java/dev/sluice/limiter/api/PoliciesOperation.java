package dev.sluice.limiter.api;

import dev.sluice.limiter.process.policies.PolicyKeeper;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Tells of the policies: what HTTP and gRPC have in common. */
@Singleton
class PoliciesOperation {
  private final PolicyKeeper keeper;

  @Inject
  PoliciesOperation(PolicyKeeper keeper) {
    this.keeper = keeper;
  }

  /**
   * Which are in force, and what is wrong with those that are not.
   *
   * @throws ProblemException the service is stopping
   */
  Pending<PoliciesAnswer> policies() {
    return Pending.of(Asks.send(keeper::policies), PoliciesAnswer::of);
  }
}
