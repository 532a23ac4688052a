package dev.sluice.service;

import dev.sluice.service.grpc.MalformedMessages;
import dev.sluice.service.life.ProbeLog;
import dev.sluice.service.life.WrongSettings;
import io.quarkus.logging.LoggingFilter;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/** What the console does not show: Quarkus takes one filter for it, so this one asks them all. */
@LoggingFilter(name = "sluice")
public final class ConsoleFilter implements Filter {
  private final List<Filter> all =
      List.of(new MalformedMessages(), new ProbeLog(), new WrongSettings());

  /** Made by Quarkus. */
  public ConsoleFilter() {}

  @Override
  public boolean isLoggable(LogRecord logged) {
    for (Filter filter : all) {
      if (!filter.isLoggable(logged)) {
        return false;
      }
    }
    return true;
  }
}
