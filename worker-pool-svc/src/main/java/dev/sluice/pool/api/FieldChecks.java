package dev.sluice.pool.api;

import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.Keys;
import dev.sluice.service.ProblemException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds the fields of a request against their rules and collects all that is wrong, each under its
 * path. What is not given is as the caller of a check says, and breaks no rule.
 */
public final class FieldChecks {
  /** What queues and schedules may be called; "." and ".." cannot be a part of a path. */
  private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}");

  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private final List<FieldError> errors;
  private final String path;
  private final int keyBytes;

  private FieldChecks(List<FieldError> errors, String path, int keyBytes) {
    this.errors = errors;
    this.path = path;
    this.keyBytes = keyBytes;
  }

  /**
   * Nothing is wrong yet.
   *
   * @param keyBytes the longest key
   */
  public static FieldChecks of(int keyBytes) {
    return new FieldChecks(new ArrayList<>(), "", keyBytes);
  }

  /** For the fields of an object; what is wrong with them is collected here too. */
  public FieldChecks within(String field) {
    return new FieldChecks(errors, path + field + ".", keyBytes);
  }

  /** Says that a value is not allowed. */
  public void wrong(String field, Object value, String allowed) {
    errors.add(FieldError.of(path + field, value, allowed));
  }

  /** Says what is wrong where there is no value to show. */
  public void wrong(String field, String what) {
    errors.add(new FieldError(path + field, null, what));
  }

  /** Says that it is missing, if it is. */
  public void required(String field, @Nullable Object value) {
    if (value == null) {
      wrong(field, "is required");
    }
  }

  /** Says that it is there, if it is. */
  public void forbidden(String field, @Nullable Object value, String why) {
    if (value != null) {
      wrong(field, why);
    }
  }

  /** A duration, bounds included. */
  public Duration duration(
      String field, @Nullable Duration value, Duration least, Duration most, Duration otherwise) {
    FieldError.outOfRange(path + field, value, least, most).ifPresent(errors::add);
    return Objects.requireNonNullElse(value, otherwise);
  }

  /** A whole number, bounds included. */
  public int number(String field, @Nullable Integer value, int least, int most, int otherwise) {
    return (int)
        number(
            field, value == null ? null : (Long) value.longValue(), least, most, (long) otherwise);
  }

  /** A whole number, bounds included. */
  public long number(String field, @Nullable Long value, long least, long most, long otherwise) {
    if (value != null && (value < least || value > most)) {
      wrong(field, value, "must be from " + least + " to " + most);
    }
    return Objects.requireNonNullElse(value, otherwise);
  }

  /** A number, bounds included. */
  public double number(
      String field, @Nullable Double value, int least, int most, double otherwise) {
    if (value != null && !(value >= least && value <= most)) {
      wrong(field, value, "must be from " + least + " to " + most);
    }
    return Objects.requireNonNullElse(value, otherwise);
  }

  /** What a queue or a schedule is called. */
  public String name(String field, String value) {
    if (!NAME.matcher(value).matches()) {
      wrong(
          field,
          value,
          "must be 1 to 100 of the characters A-Z, a-z, 0-9, '.', '_' and '-', not \".\" or \"..\"");
    }
    return value;
  }

  /** A key. */
  public @Nullable String key(String field, @Nullable String value) {
    String complaint = value == null ? null : Keys.complaint(value, keyBytes);
    if (value != null && complaint != null) {
      wrong(field, value, complaint);
    }
    return value;
  }

  /** An instant of RFC 3339, of which whole milliseconds count. */
  public @Nullable Instant instant(String field, @Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      Instant instant = Instant.parse(value);
      if (!instant.isBefore(FIRST) && !instant.isAfter(LAST)) {
        return Instant.ofEpochMilli(instant.toEpochMilli());
      }
    } catch (DateTimeException notAnInstant) {
      // is told below
    }
    wrong(field, value, "must be an instant of RFC 3339 such as \"2026-01-31T12:00:00Z\"");
    return null;
  }

  /** A duration that came as text, outside of JSON. */
  public @Nullable Duration durationText(String field, @Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      return Durations.parse(value);
    } catch (IllegalArgumentException notOne) {
      wrong(field, Objects.requireNonNullElse(notOne.getMessage(), "is no duration"));
      return null;
    }
  }

  /** Whether nothing is wrong. */
  public boolean isGood() {
    return errors.isEmpty();
  }

  /**
   * Lets through a request of which all is good.
   *
   * @throws ProblemException invalid-input, with all that is wrong
   */
  public void require() {
    if (!errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
  }
}
