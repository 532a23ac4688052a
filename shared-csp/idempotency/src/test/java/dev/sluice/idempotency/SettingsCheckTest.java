package dev.sluice.idempotency;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsCheckTest {
  @Test
  void theDefaultsAreRight() {
    assertDoesNotThrow(() -> check("url", "http://localhost:8082"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lease|0s|is PT0S, must be from PT0.001S to PT87600H",
        "ttl|29s|is PT29S, must be from PT30S to PT87600H",
        "wait|-1s|",
        "timeout|0s|is PT0S, must be from PT0.001S to PT1H",
        "connections|0|is 0, must be from 1 to 2147483647",
        "max-body|0|is 0, must be from 1 to 1073741824",
        "max-body|2G|",
      })
  void aValueOutOfItsRangeIsNamed(String setting, String value, String says) {
    var wrong = assertThrows(ConfigurationException.class, () -> check(setting, value));
    if (says != null) {
      assertEquals("sluice.idempotency." + setting + " " + says, wrong.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:8082",
        "/claims",
        "ftp://host",
        "http:///x",
        "http://h/?a=b",
        "http://h#a"
      })
  void anUrlIsOneOfHttp(String url) {
    var wrong = assertThrows(ConfigurationException.class, () -> check("url", url));
    assertEquals(
        "sluice.idempotency.url is " + url + ", must be like http://localhost:8082",
        wrong.getMessage());
  }

  private static void check(String setting, String value) {
    var config =
        new SmallRyeConfigBuilder()
            .withMapping(IdempotencyConfig.class)
            .withConverter(Duration.class, 200, new DurationConverter())
            .withConverter(MemorySize.class, 200, new MemorySizeConverter())
            .withDefaultValues(Map.of("sluice.idempotency." + setting, value))
            .build();
    SettingsCheck.of(config.getConfigMapping(IdempotencyConfig.class));
  }
}
