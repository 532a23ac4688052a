package dev.sluice.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SqliteLibraryTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"java.io.tmpdir", "org.sqlite.tmpdir"})
  void aProcessThatIsKilledWhileItUsesSqliteLeavesNothingBehind(String whereTo) throws Exception {
    Process process = start("-D" + whereTo + "=" + directory);
    assertEquals("open", firstLine(process));

    process.destroyForcibly().waitFor();
    assertEquals(List.of(), files());
  }

  @Test
  void whatCannotBeUnpackedIsSaid() throws Exception {
    Path none = directory.resolve("none");
    Process process = start("-Dorg.sqlite.tmpdir=" + none);

    String said = firstLine(process);
    process.waitFor();
    assertEquals(
        "SQLite cannot be loaded from " + none + ": java.nio.file.NoSuchFileException: " + none,
        said.replaceAll("/sqlite\\d+$", ""));
  }

  private static Process start(String option) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            option,
            "-cp",
            System.getProperty("java.class.path"),
            Opener.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String firstLine(Process process) throws IOException {
    return process.inputReader(StandardCharsets.UTF_8).readLine();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> !file.getFileName().toString().startsWith("hsperf")).toList();
    }
  }

  /** Has SQLite open until it is killed. */
  static final class Opener {
    private Opener() {}

    public static void main(String[] arguments) throws Exception {
      try (SqliteFile file = SqliteFile.inMemory("memory", Notes.SCHEMA)) {
        Notes.add(file, "note");
        System.out.println("open");
        Thread.currentThread().join();
      } catch (SqliteFileException cannot) {
        System.out.println(cannot.getMessage());
      }
    }
  }
}
