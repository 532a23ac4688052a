package dev.sluice.service.life;

import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Starts a service that has no arguments of its own; it says {@code
 * quarkus.package.main-class=service}.
 */
@QuarkusMain(name = "service")
public final class ServiceMain {
  /**
   * What the JDK's pollers are, which tell blocked virtual threads of their sockets: 1, platform
   * threads.
   */
  private static final String POLLERS = "jdk.pollerMode";

  private ServiceMain() {}

  /** Serves; or asks, with {@code --health=PORT}. */
  public static void main(String... arguments) {
    begin(arguments);
    Quarkus.run(arguments);
  }

  /** What the main of every service does first. */
  public static void begin(String... arguments) {
    HealthQuestion.answer(arguments);
    if (ImageMode.current().isNativeImage() && System.getProperty(POLLERS) == null) {
      // With virtual threads, the default, a few executables of some 200 that were started seemed
      // not to hear for ten seconds that a socket could be read. Whether this mends it is not
      // proved.
      System.setProperty(POLLERS, "1");
    }
  }
}
