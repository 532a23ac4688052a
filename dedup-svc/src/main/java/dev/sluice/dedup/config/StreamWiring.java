package dev.sluice.dedup.config;

import dev.sluice.csp.Clock;
import dev.sluice.dedup.api.stream.StreamSettings;
import dev.sluice.dedup.process.stream.OpenStreams;
import dev.sluice.service.life.ServiceLife;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What streams need. */
@Singleton
public class StreamWiring {

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
        Math.toIntExact(config.maxLine().asLongValue()),
        config.idle(),
        config.maxPending(),
        config.maxPendingBytes().asLongValue(),
        config.window());
  }

  /** By which streams go. */
  @Produces
  @Singleton
  Clock clock(ServiceLife life) {
    return life.scope().clock();
  }
}
