package dev.sluice.limiter.config.envoy;

import static dev.sluice.limiter.config.envoy.EnvoyFixture.descriptor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.limiter.config.files.ConfigFiles;
import dev.sluice.limiter.process.envoy.Rules;
import dev.sluice.limiter.process.reload.ConfigException;
import dev.sluice.limiter.process.reload.ConfigState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files, and what comes of it when they change. */
@NoLeaks
class RulesFilesTest {
  @TempDir Path directory;

  @Test
  void readsItsYamlFilesAndNoOthers() throws Exception {
    write("a.yaml", domain("a", 1));
    write("b.yml", domain("b", 1));
    write(".c.yaml", "wrong");
    write("d.yaml.bak", "wrong");
    Files.createDirectory(directory.resolve("e.yaml"));

    var rules = files(directory).readIfChanged();
    assertNotNull(rules);
    assertEquals(List.of("a", "b"), rules.domains());
  }

  @Test
  void readsASingleFile() throws Exception {
    write("a.yaml", domain("a", 1));
    var rules = files(directory.resolve("a.yaml")).readIfChanged();
    assertNotNull(rules);
    assertEquals(List.of("a"), rules.domains());
  }

  @Test
  void tellsAChangeOnce() throws Exception {
    write("a.yaml", domain("a", 1));
    var source = files(directory);
    assertNotNull(source.readIfChanged());
    assertNull(source.readIfChanged());

    write("a.yaml", domain("a", 2));
    assertNotNull(source.readIfChanged());
    assertNull(source.readIfChanged());

    write("a.yaml", "domain: a\ndescriptors:\n  - kee: k\n");
    var wrong = assertThrows(ConfigException.class, source::readIfChanged);
    assertEquals(directory.resolve("a.yaml").toString(), wrong.file());
    assertEquals(3, wrong.line());
    assertNull(source.readIfChanged());

    Files.delete(directory.resolve("a.yaml"));
    wrong = assertThrows(ConfigException.class, source::readIfChanged);
    assertEquals(directory + ": has no *.yaml or *.yml in it", wrong.getMessage());
    assertNull(source.readIfChanged());

    write("a.yaml", domain("a", 2));
    assertNotNull(source.readIfChanged());
  }

  @Test
  void saysWhatIsWrongWithTheDirectory() throws Exception {
    Path missing = directory.resolve("missing");
    assertMessage(missing + ": there is no such file or directory", missing);
    Files.write(directory.resolve("latin.yaml"), new byte[] {'a', (byte) 0xE4});
    assertMessage(directory.resolve("latin.yaml") + ": is not UTF-8", directory);
  }

  private static void assertMessage(String message, Path directory) {
    var source = files(directory);
    assertEquals(message, assertThrows(ConfigException.class, source::readIfChanged).getMessage());
  }

  @Test
  void seesTheSwapOfAMountedConfigMap() throws Exception {
    Path first = Files.createDirectory(directory.resolve("..2026_01"));
    Path second = Files.createDirectory(directory.resolve("..2026_02"));
    Files.writeString(first.resolve("a.yaml"), domain("a", 1));
    Files.writeString(second.resolve("a.yaml"), domain("a", 2));
    Path data = directory.resolve("..data");
    Files.createSymbolicLink(data, first.getFileName());
    Files.createSymbolicLink(directory.resolve("a.yaml"), Path.of("..data/a.yaml"));
    var source = files(directory);
    assertNotNull(source.readIfChanged());
    assertNull(source.readIfChanged());

    Path swap = directory.resolve("..data_tmp");
    Files.createSymbolicLink(swap, second.getFileName());
    Files.move(swap, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

    assertNotNull(source.readIfChanged());
  }

  @Test
  void aChangeIsInForceAtTheNextLookAndCountsGoOn() throws Exception {
    write("a.yaml", domain("a", 5));
    try (var envoy = start()) {
      assertEquals(2, envoy.passing(2, "a", descriptor("k", "x")));

      write("a.yaml", domain("a", 3));
      assertEquals(1, envoy.passing(1, "a", descriptor("k", "x")), "nobody has looked yet");
      envoy.clock.advance(Duration.ofSeconds(1));
      while (envoy.told.size() == 1) {
        Thread.onSpinWait(); // until the process has woken up
      }

      assertEquals(List.of("loaded [a]", "loaded [a]"), envoy.told);
      assertEquals(0, envoy.passing(1, "a", descriptor("k", "x")), "three have been counted");
    }
  }

  @Test
  void aWrongFileKeepsTheRulesThatAreInForceAndSaysSo() throws Exception {
    write("a.yaml", domain("a", 1));
    try (var envoy = start()) {
      ConfigState<Rules> before = envoy.limiter.state().await();
      assertNull(before.refusal());

      write("a.yaml", domain("a", 5).replace("unit: day", "unit: fortnight"));
      ConfigState<Rules> after = envoy.limiter.reload().await();

      var reason =
          "invalid rate limit unit 'fortnight', must be one of second, minute, hour, day, week,"
              + " month, year";
      String file = directory.resolve("a.yaml").toString();
      assertEquals(
          new ConfigState.Refusal(file, 5, reason, envoy.clock.instant()), after.refusal());
      assertEquals(before.config(), after.config());
      assertEquals(List.of("loaded [a]", "refused " + file + ":5: " + reason), envoy.told);
      assertEquals(1, envoy.passing(5, "a", descriptor("k", "x")));

      envoy.limiter.reload().await();
      assertEquals(2, envoy.told.size(), "said once");

      write("a.yaml", domain("a", 5));
      assertNull(envoy.limiter.reload().await().refusal());
      assertEquals(5, envoy.passing(7, "a", descriptor("k", "y")));
    }
  }

  @Test
  void whatIsWrongFromTheStartStopsTheStart() throws IOException {
    write("a.yaml", "domain: a\ndomain: b\n");
    var wrong = assertThrows(ConfigException.class, this::start);
    assertEquals(directory.resolve("a.yaml") + ":2: duplicate key 'domain'", wrong.getMessage());
  }

  private EnvoyFixture start() throws ConfigException, InterruptedException {
    return new EnvoyFixture(EnvoyFixture.PLAIN, files(directory));
  }

  private static ConfigFiles<Rules> files(Path path) {
    return new ConfigFiles<>(path, RulesYaml.parser(false));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private static String domain(String name, int requests) {
    return """
    domain: %s
    descriptors:
      - key: k
        rate_limit:
          unit: day
          requests_per_unit: %d
    """
        .formatted(name, requests);
  }
}
