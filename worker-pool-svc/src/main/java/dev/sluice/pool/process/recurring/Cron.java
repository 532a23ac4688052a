package dev.sluice.pool.process.recurring;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Times that come again and again, as crontab(5) writes them: minute, hour, day of the month,
 * month, day of the week (0 and 7 are Sunday); lists, ranges, steps and English names; or one of
 * {@code @yearly}, {@code @annually}, {@code @monthly}, {@code @weekly}, {@code @daily},
 * {@code @midnight}, {@code @hourly}. When both days are restricted, one of them has to match.
 *
 * <p>When clocks are changed, as with cron: a time with given hours comes once a day, whatever the
 * clocks do. If it is skipped, it comes when they have been put forward, at that instant; if it is
 * there twice, it comes the first time. A time of every hour, {@code *}, comes as often as a clock
 * on the wall shows it: skipped, not at all; there twice, twice.
 */
public final class Cron {
  /** The longest expression, in characters. */
  public static final int MAX_LENGTH = 256;

  private static final CronDefinition UNIX =
      CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);

  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private static final Pattern FIELDS = Pattern.compile("[0-9A-Za-z*,/\\s-]*");

  /** Reckons without a zone: in UTC no clock is changed. */
  private final ExecutionTime times;

  private final boolean everyHour;
  private final ZoneRules zone;

  private Cron(ExecutionTime times, boolean everyHour, ZoneRules zone) {
    this.times = times;
    this.everyHour = everyHour;
    this.zone = zone;
  }

  /**
   * Reads an expression.
   *
   * @param zone whose clocks are meant
   * @throws IllegalArgumentException it is not one; the message says why
   */
  public static Cron parse(String expression, ZoneId zone) {
    if (expression.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "the cron expression has "
              + expression.length()
              + " characters, at most "
              + MAX_LENGTH
              + " are allowed");
    }
    com.cronutils.model.Cron cron = parse(expression.strip());
    FieldExpression hour = cron.retrieve(CronFieldName.HOUR).getExpression();
    boolean everyHour = hour instanceof Always;
    return new Cron(ExecutionTime.forCron(cron), everyHour, zone.getRules());
  }

  /**
   * The next time.
   *
   * @return later than {@code after}; empty when there is none, such as for the 30th of February
   */
  public Optional<Instant> next(Instant after) {
    return everyHour ? nextOnTheWall(after) : nextOnce(after);
  }

  private static com.cronutils.model.Cron parse(String text) {
    String fields = text;
    if (text.startsWith("@")) {
      fields = NICKNAMES.get(text.toLowerCase(Locale.ROOT));
      if (fields == null) {
        throw new IllegalArgumentException(
            "the cron expression is "
                + text
                + ", of those with @ it may be one of "
                + String.join(", ", NICKNAMES.keySet().stream().sorted().toList()));
      }
    }
    if (!FIELDS.matcher(fields).matches()) { // the library knows more, such as several with |
      throw new IllegalArgumentException(
          "the cron expression \""
              + text
              + "\" may have digits, letters of ASCII, white space and * , - / only");
    }
    try {
      return new CronParser(UNIX).parse(fields).validate();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the cron expression \"" + text + "\" is not one: " + reason(e), e);
    }
  }

  private static String reason(IllegalArgumentException e) {
    return String.valueOf(e.getMessage()).replace("Failed to parse cron expression. ", "");
  }

  /** Each local time once: the first of two, and a skipped one when the clocks have gone on. */
  private Optional<Instant> nextOnce(Instant after) {
    LocalDateTime local = LocalDateTime.ofInstant(after, zone.getOffset(after));
    ZoneOffsetTransition overlap = zone.getTransition(local);
    if (overlap != null && overlap.isOverlap()) {
      // What the second pass shows has been there.
      local = after.isBefore(overlap.getInstant()) ? local : lastOf(overlap);
    }
    return nextLocal(local).map(this::first);
  }

  private Instant first(LocalDateTime local) {
    ZoneOffsetTransition transition = zone.getTransition(local);
    if (transition == null) {
      return local.toInstant(zone.getOffset(local));
    }
    return transition.isGap()
        ? transition.getInstant()
        : local.toInstant(transition.getOffsetBefore());
  }

  /** Just before the end of what is there twice. */
  private static LocalDateTime lastOf(ZoneOffsetTransition overlap) {
    return overlap.getDateTimeBefore().minusNanos(1);
  }

  /** As often as the clock shows it: reckons with one offset from each change to the next. */
  private Optional<Instant> nextOnTheWall(Instant after) {
    Instant from = after;
    ZoneOffset offset = zone.getOffset(after);
    LocalDateTime local = LocalDateTime.ofInstant(after, offset);
    while (true) {
      Optional<LocalDateTime> next = nextLocal(local);
      ZoneOffsetTransition change = zone.nextTransition(from);
      if (next.isEmpty() || change == null || next.get().isBefore(change.getDateTimeBefore())) {
        return next.map(at(offset));
      }
      from = change.getInstant();
      offset = change.getOffsetAfter();
      local = change.getDateTimeAfter().minusNanos(1);
    }
  }

  private static Function<LocalDateTime, Instant> at(ZoneOffset offset) {
    return time -> time.toInstant(offset);
  }

  private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
    return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
  }
}
