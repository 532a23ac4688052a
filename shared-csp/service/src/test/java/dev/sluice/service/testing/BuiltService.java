package dev.sluice.service.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A service as it was packaged, for tests that start it as a process of its own: what a JVM runs,
 * or with {@code -Dsluice.native=true} the native executable.
 */
public final class BuiltService {
  private static final boolean NATIVE = Boolean.getBoolean("sluice.native");

  private BuiltService() {}

  /**
   * The command that starts it.
   *
   * @param module its folder
   * @param options of its JVM; a native executable knows only those for the heap
   * @param settings as {@code -Dsluice.store=memory}
   * @throws IllegalStateException it has not been packaged
   */
  public static List<String> command(Path module, List<String> options, List<String> settings) {
    Path target = module.resolve("target").toAbsolutePath().normalize();
    var command = new ArrayList<String>();
    if (NATIVE) {
      command.add(executable(target).toString());
      options.stream().filter(option -> option.startsWith("-Xm")).forEach(command::add);
      command.addAll(settings);
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(options);
      command.addAll(settings);
      command.addAll(List.of("-jar", jar(target).toString()));
    }
    return command;
  }

  private static Path jar(Path target) {
    Path jar = target.resolve("quarkus-app").resolve("quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is missing: package the service first");
    }
    return jar;
  }

  private static Path executable(Path target) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(target, "*-runner")) {
      for (Path executable : found) {
        return executable;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    throw new IllegalStateException(
        "in " + target + " there is no native executable: ./sluice native makes it");
  }
}
