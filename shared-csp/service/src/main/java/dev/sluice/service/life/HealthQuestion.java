package dev.sluice.service.life;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * The argument {@code --health=PORT}: the program does not serve, it asks the service at that port
 * of this machine whether it is ready, and ends with 0 (it is), 1 (it is not, or does not answer),
 * or 2 (no such port). For images, which have the program and nothing else that could ask.
 */
final class HealthQuestion {
  private static final String ARGUMENT = "--health=";
  private static final int PATIENCE_MILLIS = 2000;

  private HealthQuestion() {}

  /**
   * Ends the process if it was started to ask; else does nothing. To be called before Quarkus is
   * started.
   */
  static void answer(String... arguments) {
    if (arguments.length == 1 && arguments[0].startsWith(ARGUMENT)) {
      System.exit(ask(arguments[0].substring(ARGUMENT.length())));
    }
  }

  static int ask(String port) {
    if (!port.matches("[0-9]{1,5}")) {
      System.err.println(
          "--health is " + port + ", must be the port that the service has for HTTP");
      return 2;
    }
    try {
      var connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + "/q/health/ready").toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      int status = connection.getResponseCode();
      connection.disconnect();
      return status == HttpURLConnection.HTTP_OK ? 0 : 1;
    } catch (IOException | IllegalArgumentException failure) {
      System.err.println("port " + port + ": " + failure.getMessage());
      return 1;
    }
  }
}
