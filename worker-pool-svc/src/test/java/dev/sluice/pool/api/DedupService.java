package dev.sluice.pool.api;

import dev.sluice.service.testing.BuiltService;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real dedup-svc, as a process of its own on free ports. */
public final class DedupService implements QuarkusTestResourceLifecycleManager {
  private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:]+:(\\d+)");

  private Process process;
  private String url;

  @Override
  public Map<String, String> start() {
    try {
      process =
          new ProcessBuilder(
                  BuiltService.command(
                      Path.of("..", "dedup-svc"),
                      List.of(),
                      List.of("-Dquarkus.http.port=0", "-Dquarkus.grpc.server.port=0")))
              .redirectErrorStream(true)
              .start();
      url = "http://localhost:" + port(process.inputReader(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of("sluice.idempotency.url", url);
  }

  /** Reads what it says until it listens, and lets it go on saying things. */
  private static String port(BufferedReader says) throws IOException {
    var said = new StringBuilder();
    for (String line = says.readLine(); line != null; line = says.readLine()) {
      said.append(line).append('\n');
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        Thread.ofVirtual().start(() -> says.lines().forEach(_ -> {}));
        return listening.group(1);
      }
    }
    throw new IllegalStateException("dedup-svc has ended:\n" + said);
  }

  String url() {
    return url;
  }

  /** Kills it, by SIGKILL. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void stop() {
    if (process != null) {
      kill();
    }
  }

  /** Gives itself to tests that have a field for it. */
  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(this, new TestInjector.MatchesType(DedupService.class));
  }
}
