package dev.sluice.deploy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Renders a folder, where {@code kustomize} or {@code kubectl} is on the path. */
final class Kustomize {
  private Kustomize() {}

  /** How it is called, if it is there. */
  static Optional<List<String>> command() {
    return find("kustomize")
        .map(it -> List.of(it, "build"))
        .or(() -> find("kubectl").map(it -> List.of(it, "kustomize")));
  }

  private static Optional<String> find(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file)) {
        return Optional.of(file.toString());
      }
    }
    return Optional.empty();
  }

  static String render(Path folder) {
    var command = new ArrayList<>(command().orElseThrow());
    command.add(folder.toString());
    try {
      Path errors = Files.createTempFile("kustomize", ".txt");
      try {
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String rendered =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
          throw new AssertionError(folder + " does not render: " + Files.readString(errors));
        }
        return rendered;
      } finally {
        Files.delete(errors);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
