package dev.sluice.mesh.remote;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * This program, to be started again.
 *
 * @param runner what the operating system starts: a JVM, or the program itself
 * @param jar what the JVM runs; empty when the program is native
 * @param settings how this process was set, on its command line
 */
public record Program(String runner, String jar, List<String> settings) {
  /** What each process says for itself. */
  private static final Set<String> OWN =
      Set.of(
          "sluice.mesh.role",
          "sluice.mesh.name",
          "sluice.mesh.launch",
          "sluice.mesh.workers",
          "sluice.mesh.routers",
          "sluice.mesh.supervisor",
          "sluice.mesh.advertise",
          "quarkus.http.port",
          "quarkus.grpc.server.port");

  /**
   * That of this process.
   *
   * @throws IllegalStateException it cannot be started again
   */
  public static Program own() {
    String runner =
        ProcessHandle.current()
            .info()
            .command()
            .orElseThrow(() -> new IllegalStateException("the program's file is not known"));
    if ("runtime".equals(System.getProperty("org.graalvm.nativeimage.imagecode"))) {
      return new Program(runner, "", ownSettings());
    }
    String jar = System.getProperty("java.class.path", "");
    if (!jar.endsWith(".jar") || jar.contains(java.io.File.pathSeparator)) {
      throw new IllegalStateException("the program was not started with java -jar");
    }
    return new Program(runner, Path.of(jar).toAbsolutePath().toString(), ownSettings());
  }

  private static List<String> ownSettings() {
    return System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("sluice.") || name.startsWith("quarkus."))
        .filter(name -> !OWN.contains(name))
        .sorted()
        .map(name -> "-D" + name + "=" + System.getProperty(name))
        .toList();
  }

  /**
   * The command that starts it.
   *
   * @param options of its JVM; a native program takes those for the heap, and when to end
   * @param own settings beside those of this process
   */
  List<String> command(List<String> options, List<String> own) {
    var command = new ArrayList<String>();
    command.add(runner);
    options.stream()
        .filter(option ->
            !jar.isEmpty()
                || option.startsWith("-Xm")
                || option.equals("-XX:+ExitOnOutOfMemoryError"))
        .forEach(command::add);
    Stream.of(settings, own).forEach(command::addAll);
    if (!jar.isEmpty()) {
      command.add("-jar");
      command.add(jar);
    }
    return command;
  }
}
