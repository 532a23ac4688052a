package dev.sluice.dedup.config;

import dev.sluice.csp.Clock;
import dev.sluice.dedup.api.stream.StreamSettings;
import dev.sluice.dedup.process.stream.OpenStreams;
import dev.sluice.service.life.ServiceLife;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What streams need. */
@Singleton
public class StreamWiring {
  private static final long LONGEST_LINE = 1 << 30;

  /** How many may be open. */
  @Produces
  @Singleton
  @Startup
  OpenStreams openStreams(ServiceLife life, StreamConfig config) {
    var open = new OpenStreams(life.scope(), config.maxStreams());
    life.onDrain(open::refuseFurther);
    return open;
  }

  /** What was set of each. */
  @Produces
  @Singleton
  StreamSettings streamSettings(StreamConfig config) {
    return new StreamSettings(
        (int) between("max-line", config.maxLine(), 1, LONGEST_LINE),
        config.idle(),
        config.maxPending(),
        between("max-pending-bytes", config.maxPendingBytes(), 1, Long.MAX_VALUE),
        config.window());
  }

  private static long between(String setting, MemorySize size, long least, long most) {
    long bytes = size.asLongValue();
    if (bytes < least || bytes > most) {
      throw new ConfigurationException(
          "sluice.dedup.stream."
              + setting
              + " is "
              + bytes
              + " bytes, must be "
              + least
              + " to "
              + most);
    }
    return bytes;
  }

  /** By which streams go. */
  @Produces
  @Singleton
  Clock clock(ServiceLife life) {
    return life.scope().clock();
  }
}
