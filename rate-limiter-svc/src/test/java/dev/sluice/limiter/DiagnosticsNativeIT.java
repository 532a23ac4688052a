package dev.sluice.limiter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.testing.BuiltService;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one asks of a process that misbehaves, of a native executable. */
@Timeout(60)
class DiagnosticsNativeIT {
  private static final Pattern PORT = Pattern.compile("Listening on: http://.*:(\\d+)");
  private static final Path MODULE = Path.of("");

  private @TempDir Path folder;
  private Process service;
  private BufferedReader output;
  private String port;

  @BeforeEach
  void start() throws IOException {
    service =
        run(
            "-XX:StartFlightRecording=filename=service.jfr",
            "-Dquarkus.http.port=0",
            "-Dquarkus.grpc.server.port=" + freePort());
    output = service.inputReader();
    // No interrupt ends a read; the end of the process does.
    CompletableFuture.delayedExecutor(50, TimeUnit.SECONDS).execute(service::destroyForcibly);
    var started = PORT.matcher(awaitLine("Listening on"));
    assertTrue(started.find());
    port = started.group(1);
  }

  @AfterEach
  void kill() {
    service.destroyForcibly().onExit().join();
  }

  @Test
  void quitWritesAThreadDumpAndTheServiceGoesOn() throws Exception {
    signal("QUIT");

    awaitLine("Full thread dump");
    awaitLine("\"sluice-clock\"");
    assertEquals(0, health(port));
  }

  @Test
  void usr1WritesAHeapDumpAndTheServiceGoesOn() throws Exception {
    signal("USR1");

    Path dump = null;
    while (dump == null) {
      assertTrue(!service.waitFor(Duration.ofMillis(20)), "it ended");
      try (var files = Files.list(folder)) {
        dump =
            files
                .filter(file -> file.toString().endsWith(".hprof"))
                .filter(file -> file.toFile().length() > 1_000_000)
                .findAny()
                .orElse(null);
      }
    }
    assertEquals(0, health(port));
  }

  @Test
  void aFlightRecordingIsThereWhenItHasEnded() throws Exception {
    service.destroy();

    assertEquals(0, service.waitFor());
    assertTrue(
        RecordingFile.readAllEvents(folder.resolve("service.jfr")).stream()
            .anyMatch(event -> event.getEventType().getName().equals("jdk.ThreadStart")));
  }

  @Test
  void itsHealthIsAskedByTheSameProgram() throws Exception {
    assertEquals(0, health(port));
    assertEquals(1, health(String.valueOf(freePort())));
    assertEquals(2, health("http"));
  }

  private int health(String port) throws Exception {
    return run("--health=" + port).waitFor();
  }

  private Process run(String... arguments) throws IOException {
    var command = new ArrayList<>(BuiltService.command(MODULE, List.of(), List.of(arguments)));
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
  }

  private String awaitLine(String part) throws IOException {
    while (true) {
      String line = output.readLine();
      assertNotNull(line, "it ended before it said " + part);
      if (line.contains(part)) {
        return line;
      }
    }
  }

  private void signal(String name) throws Exception {
    var kill = new ProcessBuilder("kill", "-" + name, String.valueOf(service.pid())).start();
    assertEquals(0, kill.waitFor());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
