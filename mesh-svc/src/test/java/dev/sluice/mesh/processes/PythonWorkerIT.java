package dev.sluice.mesh.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The worker of the examples, in Python, beside built-in ones. Left out, with a word, where there
 * is no Python or its libraries cannot be had.
 */
@Timeout(900)
class PythonWorkerIT {
  @TempDir Path folder;

  @Test
  void servesItsOpsAndIsReplacedByAnother() throws Exception {
    Path python = python();
    try (var mesh = new RealMesh(folder, 1, 1, Duration.ofSeconds(3))) {
      mesh.await("serving", RealMesh.isServing(1, 1));
      Process first = start(python, mesh, "python-1");
      mesh.await("joined by python-1", RealMesh.isServing(2, 1));

      assertReverses(mesh, "first");
      assertEquals(10, mesh.ask(0, "slow", "a", "slow", "10").path("reply").path("slept").asInt());
      String refused = refusal(mesh, "reverse", "7");
      assertTrue(refused.contains("the payload must be a string"), refused);

      Process second = start(python, mesh, "python-2");
      mesh.await("joined by python-2", RealMesh.isServing(3, 1));
      assertReverses(mesh, "both");
      // handed over in good order, with what was answered: it is not run again
      assertEquals(
          "0-first",
          mesh.ask(0, "first-0", "key-0", "reverse", "\"tsrif-0\"").path("reply").asText());

      first.destroyForcibly();
      assertReverses(mesh, "one");
      second.destroyForcibly();
    }
  }

  private static void assertReverses(RealMesh mesh, String word) throws Exception {
    String reversed = new StringBuilder(word).reverse().toString();
    for (int i = 0; i < 20; i++) {
      JsonNode reply =
          mesh.ask(0, word + "-" + i, "key-" + i, "reverse", "\"" + reversed + "-" + i + "\"");
      String wanted = new StringBuilder(reversed + "-" + i).reverse().toString();
      assertEquals(wanted, reply.path("reply").asText());
      assertTrue(reply.path("worker").asText().startsWith("python-"), reply.toString());
    }
  }

  private static String refusal(RealMesh mesh, String op, String payload)
      throws InterruptedException {
    try {
      return mesh.ask(0, "refused", "a", op, payload).toString();
    } catch (AssertionError refused) {
      return refused.getMessage();
    }
  }

  private Process start(Path python, RealMesh mesh, String name) throws IOException {
    return new ProcessBuilder(
            python.toString(),
            Path.of("examples/worker.py").toAbsolutePath().toString(),
            "--supervisor",
            mesh.supervisorTarget(),
            "--name",
            name)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  /** With what the example needs; made once. */
  private static Path python() throws IOException, InterruptedException {
    Path environment = Path.of("target/python").toAbsolutePath();
    Path python = environment.resolve("bin/python");
    if (!Files.exists(environment.resolve("made"))) {
      assume(run("python3", "-m", "venv", environment.toString()), "there is no python3");
      assume(
          run(
              python.toString(),
              "-m",
              "pip",
              "install",
              "-q",
              "--only-binary",
              ":all:",
              "--retries",
              "1",
              "grpcio",
              "grpcio-tools"),
          "grpcio and grpcio-tools cannot be had");
      Files.createFile(environment.resolve("made"));
    }
    return python;
  }

  private static void assume(boolean given, String otherwise) {
    if (!given) {
      System.out.println("The worker in Python is not tested: " + otherwise);
    }
    Assumptions.assumeTrue(given, otherwise);
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      return process.waitFor(10, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (IOException notThere) {
      return false;
    }
  }
}
