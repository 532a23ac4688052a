package dev.sluice.limiter.config.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.limiter.process.KeyPattern;
import dev.sluice.limiter.process.Policies;
import dev.sluice.limiter.process.Policy;
import dev.sluice.limiter.process.Policy.WhenEngineFails;
import dev.sluice.limiter.process.Terms;
import dev.sluice.limiter.process.permits.LeasePolicy;
import dev.sluice.limiter.process.policies.NamedPolicies;
import dev.sluice.limiter.process.reload.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesYamlTest {
  private static final Policy TRIAL =
      Policy.of("trial", Terms.tokenBucket(5, Duration.ofSeconds(1), 10));

  @Test
  void readsEveryField() throws ConfigException {
    NamedPolicies policies =
        read(
            """
            # three ways to count
            policies:
              login:
                rate: 5
                per: 1m
                burst: 10
                maxWait: 2s
                keys: "user:*"
                whenEngineFails: OPEN
              search: { algorithm: SLIDING_WINDOW, rate: 1_000, per: 10s, shadow: true }
              export/daily:
                algorithm: FIXED_WINDOW
                rate: 3
                unit: day
            """);

    assertEquals(
        Policies.of(
            List.of(
                TRIAL,
                new Policy(
                    "login",
                    Terms.tokenBucket(5, Duration.ofMinutes(1), 10),
                    Duration.ofSeconds(2),
                    false,
                    new KeyPattern("user:*"),
                    WhenEngineFails.OPEN),
                new Policy(
                    "search",
                    Terms.slidingWindow(1_000, Duration.ofSeconds(10)),
                    null,
                    true,
                    null,
                    WhenEngineFails.CLOSED),
                Policy.of("export/daily", Terms.fixedWindow(3, "day")))),
        policies.rates());
    assertEquals(Map.of(), policies.permits());
  }

  @Test
  void readsConcurrencyLimits() throws ConfigException {
    NamedPolicies policies =
        read(
            """
            permits:
              reports: { permits: 20, maxTtl: 5m, maxWait: 2s, keys: "tenant:*", whenEngineFails: OPEN }
              trial: { permits: 1 }
            """);

    assertEquals(
        Map.of(
            "reports",
            new LeasePolicy(
                "reports",
                20,
                Duration.ofMinutes(5),
                Duration.ofSeconds(2),
                new KeyPattern("tenant:*"),
                WhenEngineFails.OPEN),
            "trial",
            new LeasePolicy("trial", 1, null, null, null, WhenEngineFails.CLOSED)),
        policies.permits());
    assertEquals(Set.of("trial"), policies.rates().byName().keySet());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          maxTtl: 1m                | 2: policy 'a' has no permits
          permits: 0                | 2: permits is 0, must be 1 to 1000000000
          permits: 1, maxTtl: 2h    | 2: maxTtl is 2h, must be at most sluice.limiter.permits.max-ttl, 1h
          permits: 1, maxTtl: 1us   | 2: maxTtl is PT0.000001S, must be at least 1ms
          permits: 1, maxWait: 21s  | 2: maxWait is 21s, must be at most sluice.limiter.permits.max-wait, 20s
          permits: 1, rate: 1       | 2: unknown key 'rate', here may be permits, maxTtl, maxWait, keys, whenEngineFails
          """)
  void saysWhatIsWrongWithAConcurrencyLimit(String fields, String complaint) {
    assertWrong("f:" + complaint, "permits:\n  a: {" + fields + "}\n");
  }

  @Test
  void withoutABurstItIsTheRate() throws ConfigException {
    assertEquals(
        Terms.tokenBucket(5, Duration.ofSeconds(1), 5),
        read("policies: {a: {rate: 5, per: 1s}}").rates().byName().get("a").terms());
  }

  @Test
  void severalFilesAreOneSetAndAnEmptyOneIsNone() throws ConfigException {
    assertEquals(
        Set.of("trial", "a", "b"),
        parse(
                Map.of(
                    "1", "policies: {a: {rate: 1, per: 1s}}",
                    "2", "# nothing\n",
                    "3", "policies:\n",
                    "4", "policies: {b: {rate: 1, per: 1s}}"))
            .rates()
            .byName()
            .keySet());
  }

  @Test
  void noNameTwice() {
    String one = "policies:\n  a: {rate: 1, per: 1s}\n";
    assertWrong("2.yaml:2: there is another policy 'a'", Map.of("1.yaml", one, "2.yaml", one));
    assertWrong("f:1: there is another policy 'trial'", "policies: {trial: {rate: 1, per: 1s}}");
    assertWrong(
        "f:2: duplicate key 'a'", "policies: {a: {rate: 1, per: 1s},\n  a: {rate: 1, per: 1s}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          per: 1s                    | 2: policy 'a' has no rate
          rate: 5                    | 2: per is required for TOKEN_BUCKET
          rate: 0, per: 1s           | 2: rate is 0, must be 1 to 1000000000
          rate: 1x, per: 1s          | 2: rate is '1x', must be a whole number from 0 to 1000000000
          rate: 5, per: soon         | 2: per "soon" is not a duration, must be a whole number with a unit (ns, us, ms, s, m, h, d) such as "250ms", or ISO-8601 such as "PT0.25S"
          rate: 5, per: 1s, bust: 3  | 2: unknown key 'bust', here may be algorithm, rate, per, unit, burst, maxWait, shadow, keys, whenEngineFails
          rate: 5, per: 1s, unit: day | 2: unit is day, must not be given for TOKEN_BUCKET
          rate: 5, per: 1s, maxWait: 1m | 2: maxWait is 1m, must be at most sluice.limiter.max-wait, 10s
          rate: 5, per: 1s, shadow: maybe | 2: shadow is 'maybe', must be true or false
          rate: 5, per: 1s, keys: '' | 2: keys must not be empty
          rate: 5, per: 1s, algorithm: LEAKY | 2: algorithm is 'LEAKY', must be one of [TOKEN_BUCKET, SLIDING_WINDOW, FIXED_WINDOW]
          rate: 5, algorithm: FIXED_WINDOW, unit: fortnight | 2: unit is fortnight, must be one of second, minute, hour, day, week, month, year
          rate: 5, per: 1s, whenEngineFails: maybe | 2: whenEngineFails is 'maybe', must be one of [OPEN, CLOSED]
          """)
  void saysWhatIsWrongAndWhere(String fields, String complaint) {
    assertWrong("f:" + complaint, "policies:\n  a: {" + fields + "}\n");
  }

  @Test
  void whatIsMergedIsReadOnceWhateverAliasesMakeOfIt() throws ConfigException {
    var circle = "policies:\n  a: &a {<<: *a, rate: 5, per: 1m}";
    assertEquals(5, read(circle).rates().byName().get("a").terms().rate());

    var doubling = new StringBuilder("policies:\n  p0: &p0 {rate: 1, per: 1s}\n");
    for (int i = 1; i <= 90; i++) {
      String before = "*p" + (i - 1);
      doubling.append("  p%d: &p%d {<<: [%s, %s, %s]}%n".formatted(i, i, before, before, before));
    }
    assertEquals(1, read(doubling.toString()).rates().byName().get("p90").terms().rate());

    for (int i = 91; i <= 101; i++) {
      doubling.append("  p%d: &p%d {<<: *p%d}%n".formatted(i, i, i - 1));
    }
    assertWrong("f:2: more than 100 mappings are merged into one", doubling.toString());
  }

  @Test
  void namesAreShortAndPlain() {
    for (String name : List.of("\"\"", "inline", "a b", "-a", "ä", "a".repeat(65), "'a\"b'")) {
      var wrong =
          assertThrows(
              ConfigException.class, () -> read("policies:\n  " + name + ": {rate: 1, per: 1s}"));
      assertEquals(2, wrong.line(), wrong.getMessage());
    }
  }

  @Test
  void whatIsNoPoliciesIsRefused() {
    assertWrong("f:1: must be a mapping of keys to values", "[]");
    assertWrong("f:1: must be a mapping of keys to values", "policies: 3");
    assertWrong("f:1: unknown key 'policy', here may be policies, permits", "policy: {}");
    assertWrong("f:1: must be a mapping of keys to values", "policies: {a: 3}");
  }

  private static void assertWrong(String message, String text) {
    assertWrong(message, Map.of("f", text));
  }

  private static void assertWrong(String message, Map<String, String> texts) {
    assertEquals(message, assertThrows(ConfigException.class, () -> parse(texts)).getMessage());
  }

  private static NamedPolicies read(String text) throws ConfigException {
    return parse(Map.of("f", text));
  }

  private static NamedPolicies parse(Map<String, String> texts) throws ConfigException {
    var byPath = new TreeMap<Path, String>();
    texts.forEach((file, text) -> byPath.put(Path.of(file), text));
    return PoliciesYaml.parser(
            new NamedPolicies(Policies.of(List.of(TRIAL)), new TreeMap<>()),
            new PoliciesYaml.Bounds(
                Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofHours(1)))
        .parse(byPath);
  }
}
