package dev.sluice.pool.api;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.process.RefusedException;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is answered to one whose request was not carried out. */
public final class Refusals {
  /** When to come back where nobody knows better. */
  public static final Duration SOON = Duration.ofSeconds(1);

  private Refusals() {}

  /**
   * Asks the pool.
   *
   * @param render makes the answer; may throw a {@link ProblemException}
   * @throws ProblemException the pool does not take what is asked
   */
  public static <R, T> Pending<T> ask(
      Supplier<Reply<R>> asking, Function<? super R, ? extends T> render) {
    Reply<R> reply;
    try {
      reply = asking.get();
    } catch (RefusedException refused) {
      throw problem(refused);
    } catch (ChannelClosedException closed) {
      throw draining();
    }
    Pending<T> pending = Pending.of(reply, render);
    return new Pending<>(pending.answer().exceptionally(Refusals::rethrow), reply);
  }

  /**
   * The same answer after another question has been asked, which the first led to. When it is
   * abandoned, so is the question that waits.
   */
  public static <T, U> Pending<U> then(Pending<T> first, Function<? super T, Pending<U>> next) {
    var both = new Reply<Boolean>();
    both.stage().whenComplete((_, _) -> first.abandon());
    CompletionStage<U> answer =
        first
            .answer()
            .thenCompose(value -> {
              Pending<U> second = next.apply(value);
              both.stage().whenComplete((_, _) -> second.abandon());
              return second.answer();
            });
    return new Pending<>(answer.whenComplete((_, _) -> both.complete(true)), both);
  }

  /** The problem that a refusal is. */
  public static ProblemException problem(RefusedException refused) {
    return switch (refused.reason()) {
      case RefusedException.Reason.Draining() -> draining();
      case RefusedException.Reason.Overloaded(String what) -> overloaded(what);
      case RefusedException.Reason.PushQueue(String queue) ->
          ProblemException.invalid(
              "queue", queue, "must be a pull queue: the service does the jobs of push queues");
      case RefusedException.Reason.Store(StoreFailure failure) -> problem(failure);
    };
  }

  /** What a stopping service says to who brings work. */
  public static ProblemException draining() {
    return new ProblemException(
            ProblemType.DRAINING, "the service is stopping, and takes no new work")
        .retryAfter(SOON);
  }

  /** What is said to one too many. */
  public static ProblemException overloaded(String what) {
    return new ProblemException(ProblemType.OVERLOADED, what).retryAfter(SOON);
  }

  /** There is no such job. */
  public static ProblemException unknownJob(UUID id) {
    return new ProblemException(
        ProblemType.NOT_FOUND,
        "there is no job " + id + ", or none any more: finished ones are kept for a time");
  }

  /** There is no such queue. */
  public static ProblemException unknownQueue(String name) {
    return new ProblemException(ProblemType.NOT_FOUND, "there is no queue \"" + name + "\"");
  }

  /** The names of another queue cannot be kept. */
  public static ProblemException tooManyQueues(String name) {
    return new ProblemException(
            ProblemType.STORE_FULL,
            "there is no queue \"" + name + "\", and as many others as there may be")
        .retryAfter(Duration.ofMinutes(1));
  }

  /** Of an order about one job, the problem that its outcome is; not to be asked of a good one. */
  public static ProblemException problem(
      UUID id, Steered steered, Function<JobState, ProblemException> refused) {
    return switch (steered) {
      case Steered.Unknown() -> unknownJob(id);
      case Steered.Refused(JobState state) -> refused.apply(state).with("state", name(state));
      case Steered.Done _, Steered.Extended _ ->
          throw new IllegalStateException("not an answer to what was asked: " + steered);
    };
  }

  /** What a state is called. */
  public static String name(JobState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static ProblemException problem(StoreFailure failure) {
    return switch (failure) {
      case StoreFailure.Full(String reason, Duration roomIn) ->
          new ProblemException(ProblemType.STORE_FULL, "no room: " + reason).retryAfter(roomIn);
      case StoreFailure.Busy(String reason) -> overloaded(reason);
      case StoreFailure.Unavailable(String reason, Duration retryAfter) ->
          new ProblemException(ProblemType.STORE_UNAVAILABLE, reason).retryAfter(retryAfter);
    };
  }

  private static <T> T rethrow(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    throw cause instanceof RefusedException refused
        ? problem(refused)
        : cause instanceof ProblemException known ? known : new CompletionException(cause);
  }
}
