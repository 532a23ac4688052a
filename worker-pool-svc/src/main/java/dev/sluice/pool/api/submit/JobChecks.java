package dev.sluice.pool.api.submit;

import dev.sluice.pool.api.Content;
import dev.sluice.pool.api.EdgeSettings;
import dev.sluice.pool.api.FieldChecks;
import dev.sluice.pool.model.Backoff;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.Debounce;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueNames;
import dev.sluice.pool.model.Terms;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes of a request the job that it asks for. */
@Singleton
public class JobChecks {
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);
  private static final Duration LONGEST_DELAY = Duration.ofDays(3_660);
  private static final Duration LONGEST_DEBOUNCE = Duration.ofDays(1);
  private static final int MOST_ATTEMPTS = 100;

  private final Duration maxBackoff;

  @Inject
  JobChecks(EdgeSettings settings) {
    this.maxBackoff = settings.maxBackoff();
  }

  /**
   * The job; not to be used unless {@code checks} are good.
   *
   * @param checks gets every rule that is broken
   */
  public NewJob job(SubmitRequest request, FieldChecks checks) {
    boolean hasTarget = request.target() != null;
    String queue = checks.name("queue", QueueNames.of(request.queue(), hasTarget));
    Payload payload =
        new Content(request.payload(), request.payloadBase64()).payload("payload", checks);
    Call call = null;
    if (request.target() != null) {
      var target = new CheckedTarget(request.target(), checks.within("target"));
      call = target.call();
      payload = target.body(payload);
    }
    return new NewJob(
        queue,
        payload,
        call,
        priority(request.priority(), checks),
        checks.duration("delay", request.delay(), Duration.ZERO, LONGEST_DELAY, Duration.ZERO),
        checks.instant("notBefore", request.notBefore()),
        deadline(request, checks),
        terms(request.attempts(), request.timeout(), request.backoff(), checks),
        checks.key("idempotencyKey", request.idempotencyKey()),
        checks.key("group", request.group()),
        debounce(request, checks));
  }

  /** How often and how long to try; what is not said is the queue's. */
  public Terms terms(
      @Nullable Integer attempts,
      @Nullable Duration timeout,
      @Nullable BackoffBody backoff,
      FieldChecks checks) {
    return new Terms(
        checks.number("attempts", attempts, 1, MOST_ATTEMPTS, 0),
        checks.duration("timeout", timeout, LEAST, LONGEST_TIMEOUT, Duration.ZERO),
        backoff == null ? Backoff.OF_QUEUE : backoff.checked(checks.within("backoff"), maxBackoff));
  }

  private static NewJob.Priority priority(@Nullable String priority, FieldChecks checks) {
    return switch (Objects.requireNonNullElse(priority, "normal")) {
      case "normal" -> NewJob.Priority.NORMAL;
      case "high" -> NewJob.Priority.HIGH;
      case String other -> {
        checks.wrong("priority", other, "must be \"high\" or \"normal\"");
        yield NewJob.Priority.NORMAL;
      }
    };
  }

  private static @Nullable Instant deadline(SubmitRequest request, FieldChecks checks) {
    Instant deadline = checks.instant("deadline", request.deadline());
    if (deadline != null && request.notBefore() != null) {
      Instant notBefore = checks.isGood() ? Instant.parse(request.notBefore()) : Instant.MIN;
      if (!notBefore.isBefore(deadline)) {
        checks.wrong("deadline", request.deadline() + "", "must be after notBefore");
      }
    }
    return deadline;
  }

  private static @Nullable Debounce debounce(SubmitRequest request, FieldChecks checks) {
    SubmitRequest.DebounceBody body = request.debounce();
    if (body == null) {
      return null;
    }
    FieldChecks within = checks.within("debounce");
    within.required("key", body.key());
    within.required("quiet", body.quiet());
    String key = Objects.requireNonNullElse(within.key("key", body.key()), "");
    Duration quiet = within.duration("quiet", body.quiet(), LEAST, LONGEST_DEBOUNCE, LEAST);
    Duration most = LONGEST_DEBOUNCE.multipliedBy(10);
    Duration max =
        checks.isGood()
            ? within.duration("max", body.max(), quiet, most, quiet.multipliedBy(10))
            : quiet;
    return new Debounce(key, quiet, max);
  }
}
