package dev.sluice.pool.api.queues;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.pool.api.submit.BackoffBody;
import dev.sluice.pool.model.Breaker;
import dev.sluice.pool.model.QueueCounts;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.Rate;
import dev.sluice.pool.process.QueueLook;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A queue at one instant.
 *
 * @param name what it is called
 * @param settings how it works
 * @param configured whether somebody has set them; else they are the defaults
 * @param paused whether no jobs are handed out
 * @param depth how many jobs are unfinished
 * @param jobs how many jobs are in which state
 * @param bytes of the payloads of those that are unfinished
 * @param waitingSubmits how many submits wait for room in this instance
 * @param waitingLeases how many workers wait for jobs in this instance
 * @param calls push: how many calls run in this instance
 * @param openBreakers push: hosts that are left alone; of many the first 100
 */
@Schema(name = "Queue")
public record QueueAnswer(
    String name,
    QueueBody settings,
    boolean configured,
    boolean paused,
    long depth,
    Counts jobs,
    long bytes,
    int waitingSubmits,
    int waitingLeases,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer calls,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> openBreakers) {

  /** How many jobs are in which state. */
  @Schema(name = "JobCounts")
  public record Counts(
      long scheduled,
      long blocked,
      long queued,
      long running,
      long retrying,
      long succeeded,
      long failed,
      long cancelled) {
    static Counts of(QueueCounts counts) {
      return new Counts(
          counts.scheduled(),
          counts.blocked(),
          counts.queued(),
          counts.running(),
          counts.retrying(),
          counts.succeeded(),
          counts.failed(),
          counts.cancelled());
    }
  }

  /** What there is to say of a queue. */
  public static QueueAnswer of(QueueLook look) {
    QueueSettings settings = look.queue().settings();
    boolean push = settings.kind() == QueueSettings.Kind.PUSH;
    return new QueueAnswer(
        look.queue().name(),
        push ? push(settings) : pull(settings),
        look.queue().configured(),
        look.queue().paused(),
        look.counts().depth(),
        Counts.of(look.counts()),
        look.counts().bytes(),
        look.waitingSubmits(),
        look.waitingLeases(),
        push ? look.calls() : null,
        push ? look.openBreakers() : null);
  }

  private static QueueBody push(QueueSettings settings) {
    return body(
        settings,
        "push",
        settings.workers(),
        null,
        settings.hostWorkers(),
        settings.retryClientErrors());
  }

  private static QueueBody pull(QueueSettings settings) {
    return body(settings, "pull", null, settings, null, null);
  }

  private static QueueBody body(
      QueueSettings settings,
      String kind,
      @Nullable Integer workers,
      @Nullable QueueSettings leasing,
      @Nullable Integer hostWorkers,
      @Nullable Boolean retryClientErrors) {
    return new QueueBody(
        kind,
        settings.capacity(),
        settings.capacityBytes(),
        workers,
        leasing == null ? null : leasing.lease(),
        settings.terms().attempts(),
        settings.terms().timeout(),
        BackoffBody.of(settings.terms().backoff()),
        rate(settings.rate()),
        hostWorkers,
        rate(workers == null ? null : settings.hostRate()),
        breaker(workers == null ? null : settings.breaker()),
        workers == null || settings.secret() == null ? null : QueueBody.SET,
        retryClientErrors,
        settings.idempotencyWindow(),
        settings.keepSucceeded(),
        settings.keepFailed());
  }

  private static QueueBody.@Nullable RateBody rate(@Nullable Rate rate) {
    return rate == null ? null : new QueueBody.RateBody(rate.limit(), rate.per(), rate.burst());
  }

  private static QueueBody.@Nullable BreakerBody breaker(@Nullable Breaker breaker) {
    return breaker == null ? null : new QueueBody.BreakerBody(breaker.failures(), breaker.open());
  }
}
