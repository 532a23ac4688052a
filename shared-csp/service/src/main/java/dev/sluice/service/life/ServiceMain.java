package dev.sluice.service.life;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Starts a service that has no arguments of its own; it says {@code
 * quarkus.package.main-class=service}.
 */
@QuarkusMain(name = "service")
public final class ServiceMain {
  private ServiceMain() {}

  /** Serves; or asks, with {@code --health=PORT}. */
  public static void main(String... arguments) {
    HealthQuestion.answer(arguments);
    Quarkus.run(arguments);
  }
}
