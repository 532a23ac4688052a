package dev.sluice.service.life;

import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;

/**
 * Keeps the log of a service that stops readable: that it is not ready then is no news, and
 * SmallRye Health would say it at every probe. Whatever else is down is logged.
 */
public final class ProbeLog implements Filter {
  private static final String DOWN_STATUS = "SRHCK01001";
  private static final Pattern DOWN = Pattern.compile("\"status\":\"DOWN\"");

  /** What says so: our check, and Quarkus's own. */
  private static final Pattern STOPPING =
      Pattern.compile(
          "\"name\":\"(" + ServingCheck.NAME + "|Graceful Shutdown)\",\"status\":\"DOWN\"");

  /** Keeps no state. */
  public ProbeLog() {}

  @Override
  public boolean isLoggable(LogRecord record) {
    String message = record.getMessage();
    return message == null || !message.startsWith(DOWN_STATUS) || !saysOnlyThatItStops(record);
  }

  /** Beside what says so only the whole is down. */
  private static boolean saysOnlyThatItStops(LogRecord record) {
    Object[] parameters = record.getParameters();
    if (parameters == null || parameters.length == 0) {
      return false;
    }
    String health = String.valueOf(parameters[0]);
    String others = STOPPING.matcher(health).replaceAll("");
    return !others.equals(health) && DOWN.matcher(others).results().count() == 1;
  }
}
