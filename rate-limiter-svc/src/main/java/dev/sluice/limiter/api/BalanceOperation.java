package dev.sluice.limiter.api;

import dev.sluice.csp.Reply;
import dev.sluice.limiter.process.Ask;
import dev.sluice.limiter.process.Decision;
import dev.sluice.limiter.process.Limiter;
import dev.sluice.service.Inputs;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Function;

/** Looks at permits and gives them back: what HTTP and gRPC have in common. */
@Singleton
class BalanceOperation {
  private final Limiter limiter;
  private final Asks asks;
  private final Inputs inputs;

  @Inject
  BalanceOperation(Limiter limiter, Asks asks, Inputs inputs) {
    this.limiter = limiter;
    this.asks = asks;
    this.inputs = inputs;
  }

  /**
   * Says how the permits stand, and takes none.
   *
   * @return fails with a {@link ProblemException} when that cannot be said
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  Pending<BalanceAnswer> peek(BalanceRequest body) {
    return answer(body, limiter::peek);
  }

  /**
   * Gives permits back.
   *
   * @return as {@link #peek}
   * @throws ProblemException as {@link #peek}
   */
  Pending<BalanceAnswer> release(BalanceRequest body) {
    return answer(body, limiter::release);
  }

  /**
   * Makes all permits be there.
   *
   * @return as {@link #peek}
   * @throws ProblemException as {@link #peek}
   */
  Pending<BalanceAnswer> reset(ResetRequest body) {
    return answer(body, limiter::reset);
  }

  private Pending<BalanceAnswer> answer(
      PermitsRequest body, Function<Ask, Reply<Decision>> operation) {
    Ask ask = Asks.of(inputs.valid(body, asks::broken), null);
    return Pending.of(
        Asks.send(() -> operation.apply(ask)),
        decision -> {
          if (decision instanceof Decision.Balance balance) {
            return BalanceAnswer.of(ask.key(), balance);
          }
          throw Refusals.problem("", ask, decision);
        });
  }
}
