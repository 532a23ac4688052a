package dev.sluice.mesh.config;

import dev.sluice.service.life.ServiceMain;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Locale;

/**
 * Starts the service: {@code [--role=all|router|worker|supervisor] [--name=NAME] [--health=PORT]}.
 */
@QuarkusMain
public final class Main {
  private static final String USAGE =
      """
      Usage: mesh [--role=all|router|worker|supervisor] [--name=NAME] [--health=PORT]

      Without arguments one process is the whole mesh. All else is set by properties
      (-Dsluice.mesh.supervisor=host:port) or the environment (SLUICE_MESH_SUPERVISOR=host:port).
      With --health=PORT it asks the one that runs on this port whether it is ready: exit code 0 or 1.\
      """;

  private Main() {}

  /** The arguments are settings; they come before what the environment says. */
  public static void main(String... arguments) {
    ServiceMain.begin(arguments);
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (parts.length == 2 && parts[0].equals("--role")) {
        System.setProperty("sluice.mesh.role", parts[1].toLowerCase(Locale.ROOT));
      } else if (parts.length == 2 && parts[0].equals("--name")) {
        System.setProperty("sluice.mesh.name", parts[1]);
      } else {
        boolean asks = argument.equals("--help") || argument.equals("-h");
        (asks ? System.out : System.err)
            .println(asks ? USAGE : "There is no argument " + argument + ".\n" + USAGE);
        System.exit(asks ? 0 : 2);
      }
    }
    Quarkus.run(arguments);
  }
}
