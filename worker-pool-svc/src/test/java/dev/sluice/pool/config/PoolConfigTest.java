package dev.sluice.pool.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.pool.model.QueueSettings;
import dev.sluice.service.Limits;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Settings that are wrong stop the start, and each is named. In a running service for its class
 * loader only, which knows the mappings of settings.
 */
@QuarkusTest
class PoolConfigTest {
  private static final ValidatorFactory VALIDATORS = Validation.buildDefaultValidatorFactory();

  @AfterAll
  static void close() {
    VALIDATORS.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "workers|0|must be greater than or equal to 1",
        "workers|10001|must be less than or equal to 10000",
        "inbox|0|must be greater than or equal to 1",
        "max-wait|25h|must be from 0s to 1d",
        "max-waiters|-1|must be greater than or equal to 0",
        "max-watches|-1|must be greater than or equal to 0",
        "max-queues|1|must be greater than or equal to 2",
        "max-schedules|1000001|must be less than or equal to 1000000",
        "max-backoff|0s|must be from 1ms to 7d",
        "hung-after|0s|must be from 1ms to 1d",
        "queue.capacity|0|must be greater than or equal to 1",
        "queue.capacity|10000001|must be less than or equal to 10000000",
        "queue.lease|99ms|must be from 100ms to 24h",
        "queue.lease|25h|must be from 100ms to 24h",
        "queue.attempts|0|must be greater than or equal to 1",
        "queue.attempts|101|must be less than or equal to 100",
        "queue.timeout|0s|must be from 1ms to 10m",
        "queue.timeout|601s|must be from 1ms to 10m",
        "queue.backoff.initial|0s|must be from 1ms to 7d",
        "queue.backoff.factor|0.9|must be greater than or equal to 1",
        "queue.backoff.factor|101|must be less than or equal to 100",
        "queue.backoff.max|8d|must be from 1ms to 7d",
        "queue.backoff.jitter|1.1|must be less than or equal to 1",
        "queue.host-workers|0|must be greater than or equal to 1",
        "queue.breaker.failures|-1|must be greater than or equal to 0",
        "queue.breaker.failures|1001|must be less than or equal to 1000",
        "queue.breaker.open|25h|must be from 1ms to 24h",
        "queue.idempotency-window|999ms|must be from 1s to 366d",
        "queue.keep-succeeded|367d|must be from 0s to 366d",
        "queue.keep-failed|367d|must be from 0s to 366d",
        "targets.max-redirects|21|must be less than or equal to 20",
        "metrics.queues|-1|must be greater than or equal to 0",
        "streams.max-work-streams|0|must be greater than or equal to 1",
        "streams.heartbeat|9ms|must be from 10ms to 10m",
      })
  void aValueOutOfItsRangeIsNamedWithTheRange(String setting, String value, String allowed) {
    assertEquals(
        "Configuration validation failed:\n\tsluice.pool." + setting + " " + allowed,
        assertThrows(ConfigValidationException.class, () -> config(setting, value)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "workers|many",
        "max-wait|soon",
        "max-waiting-bytes|much",
        "max-waiting-bytes|-1",
        "queue.lease|30",
        "queue.capacity-bytes|1.5G",
        "queue.backoff.factor|twice",
        "targets.max-response|none",
        "streams.heartbeat|x",
      })
  void aValueThatCannotBeReadIsNamed(String setting, String value) {
    String said =
        assertThrows(ConfigValidationException.class, () -> config(setting, value)).getMessage();
    assertTrue(said.contains("sluice.pool." + setting + " with the config value \"" + value), said);
    assertEquals(2, said.lines().count(), said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "queue.capacity-bytes|1K|1024, must be at least sluice.limits.body, which is 1048576",
        "queue.capacity-bytes|9P|10133099161583616, must be at most 9007199254740992",
        "queue.backoff.max|11m|11m, must be at most sluice.pool.max-backoff, which is 10m",
        "queue.backoff.initial|601s|601s, must be at most sluice.pool.queue.backoff.max, which is 10m",
      })
  void aValueThatDoesNotGoWithAnotherIsNamedWithIt(String setting, String value, String said) {
    var config = config(setting, value);
    var wrong = assertThrows(ConfigurationException.class, () -> pull(config));
    assertEquals("sluice.pool." + setting + " is " + said, wrong.getMessage());
  }

  @Test
  void whatIsAtTheEndsOfItsRangeIsGood() {
    var small = new HashMap<String, String>();
    small.put("queue.lease", "100ms");
    small.put("queue.attempts", "1");
    small.put("queue.timeout", "1ms");
    small.put("queue.capacity", "1");
    small.put("queue.breaker.failures", "0");
    small.put("queue.idempotency-window", "1s");
    QueueSettings least = pull(config(small));
    assertEquals(Duration.ofMillis(100), least.lease());
    assertEquals(1, least.terms().attempts());
    assertEquals(1, least.capacity());

    var large = new HashMap<String, String>();
    large.put("queue.lease", "24h");
    large.put("queue.attempts", "100");
    large.put("queue.timeout", "10m");
    large.put("queue.capacity", "10000000");
    large.put("queue.breaker.failures", "1000");
    large.put("queue.capacity-bytes", "8P");
    QueueSettings most = pull(config(large));
    assertEquals(Duration.ofDays(1), most.lease());
    assertEquals(1L << 53, most.capacityBytes());
    assertEquals(1_000, most.breaker().failures());
  }

  private static QueueSettings pull(SmallRyeConfig config) {
    return new PoolWiring()
        .defaults(config.getConfigMapping(PoolConfig.class), config.getConfigMapping(Limits.class))
        .of("default");
  }

  private static SmallRyeConfig config(String setting, String value) {
    return config(Map.of(setting, value));
  }

  /** As Quarkus makes it at the start. */
  private static SmallRyeConfig config(Map<String, String> settings) {
    var named = new HashMap<String, String>();
    settings.forEach((setting, value) -> named.put("sluice.pool." + setting, value));
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withMapping(PoolConfig.class)
        .withMapping(EdgeConfig.class)
        .withMapping(Limits.class)
        .withValidator(new Rules())
        .withDefaultValues(named)
        .build();
  }

  private static final class Rules implements BeanValidationConfigValidator {
    @Override
    public Validator getValidator() {
      return VALIDATORS.getValidator();
    }
  }
}
