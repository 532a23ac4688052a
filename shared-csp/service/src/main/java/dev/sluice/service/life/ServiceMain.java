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
      // By default they are virtual threads, and now and then a virtual thread waits on although
      // its socket can be read (github.com/oracle/graal/issues/13787). This way has one step less;
      // whether that mends it is not proved.
      System.setProperty(POLLERS, "1");
    }
  }
}
