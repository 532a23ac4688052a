package dev.sluice.pool.api;

import dev.sluice.csp.Reply;
import dev.sluice.pool.process.PoolSettings;
import dev.sluice.pool.process.Submission;
import dev.sluice.pool.process.Submit;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.Inputs;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;

/** Submits jobs: what HTTP and gRPC have in common. */
@Singleton
class SubmitOperation {
  private static final int ATTEMPTS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration BACKOFF = Duration.ofSeconds(1);
  private static final Duration LEAST_BACKOFF = Duration.ofMillis(1);

  private final PoolInbox inbox;
  private final PoolSettings settings;
  private final Inputs inputs;

  @Inject
  SubmitOperation(PoolInbox inbox, WorkerPool pool, Inputs inputs) {
    this.inbox = inbox;
    this.settings = pool.settings();
    this.inputs = inputs;
  }

  /**
   * @return the answer, failed with a {@link ProblemException} when the job is refused. When it is
   *     abandoned before the job was accepted, the job never will be.
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  Pending<SubmitAnswer> submit(SubmitRequest body) {
    var errors = new ArrayList<FieldError>();
    CheckedTarget target = body.target() == null ? null : CheckedTarget.of(body.target(), errors);
    FieldError.outOfRange("backoff", body.backoff(), LEAST_BACKOFF, settings.maxBackoff())
        .ifPresent(errors::add);
    FieldError.outOfRange("wait", body.maxWait(), Duration.ZERO, settings.maxWait())
        .ifPresent(errors::add);
    SubmitRequest request = inputs.valid(body, _ -> errors);
    Objects.requireNonNull(target, "a target that breaks no rule");
    var reply = new Reply<Submission>();
    inbox.send(
        Submit.of(
            target.method(),
            target.url(),
            target.headers(),
            target.body(),
            Objects.requireNonNullElse(request.attempts(), ATTEMPTS),
            Objects.requireNonNullElse(request.timeout(), TIMEOUT),
            Objects.requireNonNullElseGet(request.backoff(), this::defaultBackoff),
            Objects.requireNonNullElse(request.maxWait(), Duration.ZERO),
            reply));
    return Pending.of(reply, this::answer);
  }

  private Duration defaultBackoff() {
    return BACKOFF.compareTo(settings.maxBackoff()) < 0 ? BACKOFF : settings.maxBackoff();
  }

  private SubmitAnswer answer(Submission submission) {
    return switch (submission) {
      case Submission.Accepted(var id) -> SubmitAnswer.of(id);
      case Submission.Draining() -> throw PoolInbox.draining();
      case Submission.Full full -> throw full(full);
    };
  }

  private ProblemException full(Submission.Full full) {
    return new ProblemException(ProblemType.QUEUE_FULL, describe(full))
        .with("depth", full.depth())
        .with("capacity", settings.capacity())
        .with("retryAfter", Durations.format(full.retryAfter()))
        .retryAfter(full.retryAfter());
  }

  private String describe(Submission.Full full) {
    String waited =
        full.waited().isZero() ? "" : " within the wait of " + Durations.format(full.waited());
    return full.depth() < settings.capacity()
        ? "no room for the content of another job%s: %d of %d characters are in use"
            .formatted(waited, full.content(), settings.maxContent())
        : "no room for another job%s: %d of %d are unfinished"
            .formatted(waited, full.depth(), settings.capacity());
  }
}
