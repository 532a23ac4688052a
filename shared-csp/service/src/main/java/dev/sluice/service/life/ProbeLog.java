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
  private static final String NOT_SERVING =
      "\"name\":\"" + ServingCheck.NAME + "\",\"status\":\"DOWN\"";

  /** Keeps no state. */
  public ProbeLog() {}

  @Override
  public boolean isLoggable(LogRecord record) {
    String message = record.getMessage();
    return message == null || !message.startsWith(DOWN_STATUS) || !saysNoMoreThanNotServing(record);
  }

  /** Two are down: that check, and with it the whole. */
  private static boolean saysNoMoreThanNotServing(LogRecord record) {
    Object[] parameters = record.getParameters();
    if (parameters == null || parameters.length == 0) {
      return false;
    }
    String health = String.valueOf(parameters[0]);
    return health.contains(NOT_SERVING) && DOWN.matcher(health).results().count() == 2;
  }
}
