package dev.sluice.pool.api.queues;

import dev.sluice.pool.api.FieldChecks;
import dev.sluice.pool.api.submit.JobChecks;
import dev.sluice.pool.model.Breaker;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.Rate;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Makes of a request the settings that it asks for. */
@Singleton
class QueueChecks {
  private static final int MOST_JOBS = 10_000_000;
  private static final int MOST_WORKERS = 10_000;
  private static final int MOST_PER = 1_000_000;
  private static final long MOST_BYTES = 1L << 53;
  private static final Duration LEAST_LEASE = Duration.ofMillis(100);
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration YEAR = Duration.ofDays(366);
  private static final String SECRET_PREFIX = "whsec_";
  private static final int LEAST_SECRET = 24;
  private static final int LONGEST_SECRET = 64;

  private final JobChecks jobs;

  @Inject
  QueueChecks(JobChecks jobs) {
    this.jobs = jobs;
  }

  /**
   * The settings; not to be used unless {@code checks} are good.
   *
   * @param base holds where the request does not say
   * @param secret the present one, which {@code set} keeps
   */
  QueueSettings settings(
      QueueBody body, QueueSettings base, @Nullable String secret, FieldChecks checks) {
    return new QueueSettings(
        base.kind(),
        checks.number("capacity", body.capacity(), 1, MOST_JOBS, base.capacity()),
        checks.number("capacityBytes", body.capacityBytes(), 1L, MOST_BYTES, base.capacityBytes()),
        checks.number("workers", body.workers(), 1, MOST_WORKERS, base.workers()),
        checks.duration("lease", body.lease(), LEAST_LEASE, DAY, base.lease()),
        jobs.terms(body.attempts(), body.timeout(), body.backoff(), checks).orOf(base.terms()),
        body.rate() == null ? base.rate() : rate(body.rate(), checks.within("rate")),
        checks.number("hostWorkers", body.hostWorkers(), 1, MOST_WORKERS, base.hostWorkers()),
        body.hostRate() == null
            ? base.hostRate()
            : rate(body.hostRate(), checks.within("hostRate")),
        body.breaker() == null ? base.breaker() : breaker(body.breaker(), checks.within("breaker")),
        secret(body.secret(), secret, base, checks),
        body.retryClientErrors() == null ? base.retryClientErrors() : body.retryClientErrors(),
        checks.duration(
            "idempotencyWindow",
            body.idempotencyWindow(),
            Duration.ofSeconds(1),
            YEAR,
            base.idempotencyWindow()),
        checks.duration(
            "keepSucceeded", body.keepSucceeded(), Duration.ZERO, YEAR, base.keepSucceeded()),
        checks.duration("keepFailed", body.keepFailed(), Duration.ZERO, YEAR, base.keepFailed()));
  }

  /** Whether a queue is a push queue; as {@code base} when the request does not say. */
  static QueueSettings.Kind kind(
      @Nullable String kind, QueueSettings.Kind base, FieldChecks checks) {
    return switch (kind) {
      case null -> base;
      case "push" -> QueueSettings.Kind.PUSH;
      case "pull" -> QueueSettings.Kind.PULL;
      default -> {
        checks.wrong("kind", kind, "must be \"push\" or \"pull\"");
        yield base;
      }
    };
  }

  /** What has no meaning in a pull queue. */
  static void forbidPush(QueueBody body, FieldChecks checks) {
    String why = "is for push queues";
    checks.forbidden("workers", body.workers(), why);
    checks.forbidden("hostWorkers", body.hostWorkers(), why);
    checks.forbidden("hostRate", body.hostRate(), why);
    checks.forbidden("breaker", body.breaker(), why);
    checks.forbidden("secret", body.secret(), why);
    checks.forbidden("retryClientErrors", body.retryClientErrors(), why);
  }

  private static Rate rate(QueueBody.RateBody body, FieldChecks checks) {
    checks.required("limit", body.limit());
    int limit = checks.number("limit", body.limit(), 1, MOST_PER, 1);
    return new Rate(
        limit,
        checks.duration("per", body.per(), Duration.ofMillis(1), DAY, Duration.ofSeconds(1)),
        checks.number("burst", body.burst(), 1, MOST_PER, limit));
  }

  private static Breaker breaker(QueueBody.BreakerBody body, FieldChecks checks) {
    checks.required("failures", body.failures());
    checks.required("open", body.open());
    return new Breaker(
        checks.number("failures", body.failures(), 1, 1_000, 1),
        checks.duration("open", body.open(), Duration.ofMillis(1), DAY, Duration.ofSeconds(1)));
  }

  private static @Nullable String secret(
      @Nullable String given, @Nullable String present, QueueSettings base, FieldChecks checks) {
    if (given == null) {
      return base.secret();
    }
    if (given.equals(QueueBody.SET) && present != null) {
      return present;
    }
    if (!isSecret(given)) {
      checks.wrong(
          "secret",
          "must be whsec_ and Base64 of 24 to 64 bytes, or \"set\" when there is one already");
    }
    return given;
  }

  private static boolean isSecret(String text) {
    try {
      int bytes =
          text.startsWith(SECRET_PREFIX)
              ? Base64.getDecoder().decode(text.substring(SECRET_PREFIX.length())).length
              : 0;
      return bytes >= LEAST_SECRET && bytes <= LONGEST_SECRET;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }
}
