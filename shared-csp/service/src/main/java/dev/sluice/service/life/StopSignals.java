package dev.sluice.service.life;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.reflect.Proxy;

/**
 * SIGTERM and SIGINT stop the service in good order, with exit code 0. Left to itself the JVM stops
 * in good order too, but reports 143 or 130, which whoever runs services takes for a crash.
 */
@Singleton
public class StopSignals {

  void handle(@Observes StartupEvent started) throws ReflectiveOperationException {
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      stopOn("TERM");
      stopOn("INT");
    }
  }

  /**
   * By reflection: sun.misc.Signal is the only way there is, and the compiler's warning of it
   * cannot be silenced.
   */
  private static void stopOn(String name) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object stop =
        Proxy.newProxyInstance(
            handler.getClassLoader(),
            new Class<?>[] {handler},
            (proxy, method, arguments) -> {
              Quarkus.asyncExit(0);
              return null;
            });
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), stop);
  }
}
