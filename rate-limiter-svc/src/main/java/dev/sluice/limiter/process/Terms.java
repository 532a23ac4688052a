package dev.sluice.limiter.process;

import dev.sluice.limiter.store.CalendarUnit;
import dev.sluice.limiter.store.Limit;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A limit as it is written down, in a request or a policy.
 *
 * @param algorithm how permits are counted
 * @param rate so many permits
 * @param per in this time; not for {@link Algorithm#FIXED_WINDOW}
 * @param unit in this unit of the calendar, in small letters; for {@link Algorithm#FIXED_WINDOW}
 *     only
 * @param burst the most permits at once, by default the rate; for {@link Algorithm#TOKEN_BUCKET}
 *     only
 */
public record Terms(
    Algorithm algorithm,
    long rate,
    @Nullable Duration per,
    @Nullable String unit,
    @Nullable Long burst) {
  /** The largest rate and the largest burst there may be. */
  public static final long MAX_PERMITS = Limit.MAX_PERMITS;

  private static final String UNITS =
      Arrays.stream(CalendarUnit.values())
          .map(each -> each.name().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", "));

  /** A token bucket's terms. */
  public static Terms tokenBucket(long rate, Duration per, long burst) {
    return new Terms(Algorithm.TOKEN_BUCKET, rate, per, null, burst);
  }

  /** A sliding window's terms. */
  public static Terms slidingWindow(long rate, Duration per) {
    return new Terms(Algorithm.SLIDING_WINDOW, rate, per, null, null);
  }

  /** A fixed window's terms. */
  public static Terms fixedWindow(long rate, String unit) {
    return new Terms(Algorithm.FIXED_WINDOW, rate, null, unit, null);
  }

  /** The terms that mean the limit. */
  static Terms of(Limit limit) {
    return switch (limit) {
      case Limit.TokenBucket(var bucket) ->
          tokenBucket(bucket.rate(), bucket.per(), bucket.burst());
      case Limit.SlidingWindow(long permits, Duration per) -> slidingWindow(permits, per);
      case Limit.FixedWindow(long permits, CalendarUnit unit) ->
          fixedWindow(permits, unit.name().toLowerCase(Locale.ROOT));
    };
  }

  /**
   * The limit that is meant.
   *
   * @param field what the terms are called in a complaint, with a dot behind it if they are within
   *     something
   * @throws Invalid they mean none
   */
  Limit limit(String field) {
    return switch (algorithm) {
      case TOKEN_BUCKET -> {
        mustBeAbsent(field + "unit", unit);
        yield made(field, required(field + "per", per), burst == null ? rate : burst);
      }
      case SLIDING_WINDOW -> {
        mustBeAbsent(field + "unit", unit);
        mustBeAbsent(field + "burst", burst);
        yield made(field, required(field + "per", per), null);
      }
      case FIXED_WINDOW -> {
        mustBeAbsent(field + "per", per);
        mustBeAbsent(field + "burst", burst);
        yield fixedWindow(field, required(field + "unit", unit));
      }
    };
  }

  private Limit made(String field, Duration time, @Nullable Long most) {
    try {
      return most == null
          ? new Limit.SlidingWindow(rate, time)
          : new Limit.TokenBucket(rate, time, most);
    } catch (IllegalArgumentException wrong) {
      throw new Invalid(whole(field), this, String.valueOf(wrong.getMessage()));
    }
  }

  private Limit fixedWindow(String field, String name) {
    CalendarUnit known =
        Arrays.stream(CalendarUnit.values())
            .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
            .findFirst()
            .orElseThrow(() -> new Invalid(field + "unit", name, "must be one of " + UNITS));
    try {
      return new Limit.FixedWindow(rate, known);
    } catch (IllegalArgumentException wrong) {
      throw new Invalid(whole(field), this, String.valueOf(wrong.getMessage()));
    }
  }

  private <T> T required(String field, @Nullable T value) {
    if (value == null) {
      throw new Invalid(field, null, "is required for " + algorithm);
    }
    return value;
  }

  private void mustBeAbsent(String field, @Nullable Object value) {
    if (value != null) {
      throw new Invalid(field, value, "must not be given for " + algorithm);
    }
  }

  private static String whole(String field) {
    return field.isEmpty() ? "rate" : field.substring(0, field.length() - 1);
  }
}
