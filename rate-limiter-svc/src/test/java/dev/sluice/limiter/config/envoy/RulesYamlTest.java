package dev.sluice.limiter.config.envoy;

import static dev.sluice.limiter.config.envoy.EnvoyFixture.descriptor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.limiter.process.envoy.Descriptor;
import dev.sluice.limiter.process.envoy.JsonNull;
import dev.sluice.limiter.process.envoy.Match;
import dev.sluice.limiter.process.envoy.RateLimit;
import dev.sluice.limiter.process.envoy.Rule;
import dev.sluice.limiter.process.envoy.Rules;
import dev.sluice.limiter.process.envoy.Unit;
import dev.sluice.limiter.process.reload.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the files say, and what is refused of them. */
class RulesYamlTest {

  @Test
  void readsDomainsAndNestedDescriptors() throws Exception {
    Rules rules =
        rules(
            """
            # A comment.
            ---
            domain: test-domain
            descriptors:
              - key: key1
                value: value1
                descriptors:
                  - key: subkey1
                    rate_limit:
                      unit: second
                      requests_per_unit: 5
                  - key: subkey1
                    value: subvalue1
                    rate_limit:
                      unit: second
                      requests_per_unit: 10
              - key: key2
                rate_limit:
                  unit: minute
                  requests_per_unit: 20
              - key: key2
                value: value2
                rate_limit:
                  unit: minute
                  requests_per_unit: 30
              # First level override with no limit: lets this value pass.
              - key: key2
                value: value3
              - key: key5
                value: value5
                rate_limit:
                  unit: day
                  requests_per_unit: 15
                descriptors:
                  - key: subkey5
                    value: subvalue5
                    rate_limit:
                      unit: day
                      requests_per_unit: 25
            """);

    assertEquals(List.of("test-domain"), rules.domains());
    assertLimit(rules, 5, Unit.SECOND, "key1", "value1", "subkey1", "something");
    assertLimit(rules, 10, Unit.SECOND, "key1", "value1", "subkey1", "subvalue1");
    assertLimit(rules, 20, Unit.MINUTE, "key2", "something");
    assertLimit(rules, 30, Unit.MINUTE, "key2", "value2");
    assertLimit(rules, 15, Unit.DAY, "key5", "value5");
    assertLimit(rules, 25, Unit.DAY, "key5", "value5", "subkey5", "subvalue5");
    assertNoRule(rules, "key2", "value3");
    assertNoRule(rules, "key1", "something");
    assertNoRule(rules, "key1", "value1");
    assertNoRule(rules, "key2", "value2", "subkey", "subvalue");
    assertNoRule(rules, "key5", "value5", "subkey5", "subvalue");
    assertNoRule(rules);
    assertNull(rules.match("other", descriptor("key2", "x")));
    assertEquals(
        List.of(
            "test-domain.key1_value1.subkey1",
            "test-domain.key1_value1.subkey1_subvalue1",
            "test-domain.key2",
            "test-domain.key2_value2",
            "test-domain.key5_value5",
            "test-domain.key5_value5.subkey5_subvalue5"),
        rules.rules().stream().map(Rule::name).toList());
  }

  @ParameterizedTest
  @EnumSource(Unit.class)
  void knowsTheUnitsInAnyCase(Unit unit) throws Exception {
    String name = unit.name().toLowerCase(java.util.Locale.ROOT);
    assertLimit(rules(limit("unit: " + name)), 0, unit, "k", "x");
    assertLimit(rules(limit("unit: " + unit.name())), 0, unit, "k", "x");
  }

  @Test
  void takesScalarsAsTheyAreWritten() throws Exception {
    Rules rules =
        rules(
            """
            domain: 7
            descriptors:
              - {key: on, value: 0x10, rate_limit: {unit: hour, requests_per_unit: 4_294_967_295}}
              - {key: "quoted", value: ~, rate_limit: {unit: hour, requests_per_unit: 0x1F}}
              - {key: true, value: "", rate_limit: {unlimited: yes}}
            """);
    assertEquals(
        new RateLimit("", 4_294_967_295L, Unit.HOUR),
        rules.match("7", descriptor("on", "0x10")).rule().limit());
    assertEquals(
        new RateLimit("", 31, Unit.HOUR),
        rules.match("7", descriptor("quoted", "x")).rule().limit());
    assertNull(rules.match("7", descriptor("true", "x")).rule().limit());
  }

  @Test
  void followsAliasesAndMergeKeys() throws Exception {
    Rules rules =
        rules(
            """
            domain: test-domain
            descriptors:
              - key: a
                rate_limit: &limit
                  unit: minute
                  requests_per_unit: 5
              - key: b
                rate_limit: *limit
              - key: c
                rate_limit:
                  <<: *limit
                  requests_per_unit: 6
            """);
    assertLimit(rules, 5, Unit.MINUTE, "b", "x");
    assertLimit(rules, 6, Unit.MINUTE, "c", "x");
  }

  @Test
  void readsModesNamesAndMetadata() throws Exception {
    Rules rules =
        rules(
            """
            domain: test-domain
            descriptors:
              - key: a
                shadow_mode: true
                quota_mode: True
                detailed_metric: on
                metadata:
                  service:
                    name: one
                    weight: 2
                    share: 0.5
                    spare: false
                    zones: [a, b]
                    owner: null
                    since: 2026-01-01
                rate_limit:
                  name: n
                  replaces: [{name: m}, {name: o}]
                  unit: minute
                  requests_per_unit: 5
            """);
    Rule rule = rules.match("test-domain", descriptor("a", "x")).rule();
    assertEquals(
        new Rule(
            "test-domain.a",
            new RateLimit("n", 5, Unit.MINUTE),
            true,
            true,
            List.of("m", "o"),
            true,
            Map.of(
                "service",
                Map.of(
                    "name",
                    "one",
                    "weight",
                    2.0,
                    "share",
                    0.5,
                    "spare",
                    false,
                    "zones",
                    List.of("a", "b"),
                    "owner",
                    JsonNull.NULL,
                    "since",
                    "2026-01-01"))),
        rule);
  }

  @Test
  void aDomainIsOneFilesUnlessDomainsAreMerged() throws Exception {
    String first = limit("unit: day");
    String second = first.replace("key: k", "key: other");

    var twice = assertThrows(ConfigException.class, () -> EnvoyFixture.rules(false, first, second));
    assertEquals("2.yaml:1: duplicate domain 'test-domain' in config file", twice.getMessage());

    Rules merged = EnvoyFixture.rules(true, first, second);
    assertLimit(merged, 0, Unit.DAY, "k", "x");
    assertLimit(merged, 0, Unit.DAY, "other", "x");

    var same = assertThrows(ConfigException.class, () -> EnvoyFixture.rules(true, first, first));
    assertEquals("2.yaml:3: duplicate descriptor composite key 'test-domain.k'", same.getMessage());
  }

  @Test
  void theFirstPatternThatFitsIsTakenAndTheExactValueBefore() throws Exception {
    Rules rules =
        rules(
            """
            domain: test-domain
            descriptors:
              - {key: k, rate_limit: {unit: day, requests_per_unit: 1}}
              - {key: k, value: a*, rate_limit: {unit: day, requests_per_unit: 2}}
              - {key: k, value: ab*, rate_limit: {unit: day, requests_per_unit: 3}}
              - {key: k, value: abc, rate_limit: {unit: day, requests_per_unit: 4}}
            """);
    assertLimit(rules, 4, Unit.DAY, "k", "abc");
    assertLimit(rules, 2, Unit.DAY, "k", "abd");
    assertLimit(rules, 1, Unit.DAY, "k", "b");
  }

  @Test
  void patternsHoldAtEveryLevelForItself() throws Exception {
    Rules rules =
        rules(
            """
            domain: test-domain
            descriptors:
              - key: files
                value: top/*
                share_threshold: true
                descriptors:
                  - key: files
                    value: nested/*
                    share_threshold: true
                    rate_limit: {unit: minute, requests_per_unit: 300}
              - key: service
                value: svc/*
                share_threshold: true
                descriptors:
                  - key: endpoint
                    detailed_metric: true
                    rate_limit: {unit: minute, requests_per_unit: 80}
            """);
    Match one = rules.match("test-domain", descriptor("files", "top/1", "files", "nested/1"));
    Match other = rules.match("test-domain", descriptor("files", "top/2", "files", "nested/2"));
    assertEquals(one.counter(), other.counter());
    assertEquals("test-domain.files_top/*.files_nested/*", one.metric());
    assertNoRule(rules, "files", "nested/1", "files", "nested/1");

    Match detailed = rules.match("test-domain", descriptor("service", "svc/1", "endpoint", "e"));
    assertEquals("test-domain.service_svc/*.endpoint_e", detailed.metric());
  }

  @Test
  void differentPairsNeverShareACounter() throws Exception {
    Rules rules =
        rules(
            """
            domain: test-domain
            descriptors:
              - key: a
                descriptors:
                  - {key: b, rate_limit: {unit: day, requests_per_unit: 1}}
            """);
    Match one = rules.match("test-domain", descriptor("a", "x_b_", "b", "y"));
    Match other = rules.match("test-domain", descriptor("a", "x", "b", "_b_y"));
    assertTrue(!one.counter().equals(other.counter()));
  }

  @Test
  void aLimitThatComesWithTheRequestIsTakenInsteadOfTheRules() throws Exception {
    Rules rules = rules(limit("unit: day"));
    var override = new Descriptor.Override(10, Unit.WEEK);
    var descriptor =
        new Descriptor(
            List.of(new Descriptor.Entry("k", "v"), new Descriptor.Entry("l", "w")),
            override,
            null,
            false);

    Match match = rules.match("test-domain", descriptor);
    assertNotNull(match);
    assertEquals(new RateLimit("", 10, Unit.WEEK), match.rule().limit());
    assertEquals("test-domain.k_v.l_w", match.rule().name());
    assertNull(rules.match("other", descriptor), "but not in a domain without rules");
  }

  @Test
  void refusesWhatItDoesNotKnowWithFileLineAndReason() {
    assertRefused("1.yaml: config file cannot have empty domain", "");
    assertRefused("1.yaml: config file cannot have empty domain", "# nothing\n");
    assertRefused("1.yaml:1: config file cannot have empty domain", "domain: ''\n");
    assertRefused("1.yaml:1: config file cannot have empty domain", "descriptors: []\n");
    assertRefused("1.yaml:1: must be a mapping of keys to values", "- domain: x\n");
    assertRefused("1.yaml:2: unknown key 'ddescriptors'", "domain: a\nddescriptors: []\n");
    assertRefused("1.yaml:2: duplicate key 'domain'", "domain: a\ndomain: b\n");
    assertRefused("1.yaml:2: key is not of type string", "domain: a\n0: b\n");
    assertRefused("1.yaml:2: descriptors must be a list", "domain: a\ndescriptors: {key: a}\n");
    assertRefused("1.yaml:2: must be a mapping of keys to values", "domain: a\ndescriptors: [a]\n");
    assertRefused("1.yaml:1: domain must be a single value", "domain: [a]\n");
    assertRefused("1.yaml:3: is not valid YAML", "domain: a\ndescriptors:\n\t- key: a\n");
    assertRefused("1.yaml:2: is not valid YAML", "domain: a\n--- \ndomain: b\n");
    assertRefused("1.yaml: is not valid YAML", "domain: a\u0000\n");
    assertRefused("1.yaml:3: descriptor has empty key", inList("value: a"));
    assertRefused("1.yaml:3: descriptor has empty key", inList("key: ''"));
    assertRefused(
        "1.yaml:4: duplicate descriptor composite key 'test-domain.a_b'",
        inList("{key: a, value: b}\n  - {key: a, value: b}"));
    assertRefused(
        "1.yaml:6: unknown key 'requestsperunit', here may be unit, requests_per_unit, unlimited,"
            + " name, replaces",
        limit("unit: day\n      requestsperunit: 5"));
    assertRefused(
        "1.yaml:6: unknown key 'shadow_mode'", limit("unit: day\n      shadow_mode: true"));
    assertRefused(
        "1.yaml:5: invalid rate limit unit 'fortnight', must be one of second, minute, hour, day,"
            + " week, month, year",
        limit("unit: fortnight"));
    assertRefused("1.yaml:5: invalid rate limit unit 'unknown'", limit("unit: unknown"));
    assertRefused(
        "1.yaml:3: rate_limit has no unit, and is not unlimited", limit("requests_per_unit: 5"));
    assertRefused(
        "1.yaml:3: should not specify rate limit unit when unlimited",
        limit("unlimited: true\n      unit: day"));
    assertRefused(
        "1.yaml:3: should not have an empty replaces entry",
        limit("unit: day\n      replaces: [{}]"));
    assertRefused(
        "1.yaml:3: replaces should not contain name of same descriptor",
        limit("unit: day\n      name: n\n      replaces: [{name: n}]"));
    assertRefused(
        "1.yaml:3: share_threshold can only be used with wildcard values (containing '*'), but"
            + " found key 'a_b'",
        inList("{key: a, value: b, share_threshold: true}"));
    assertRefused(
        "1.yaml:3: metadata must be a mapping of keys to values",
        inList("{key: a, metadata: [a]}"));
    assertRefused("1.yaml:3: duplicate key 'b'", inList("{key: a, metadata: {b: 1, b: 2}}"));
    assertRefused(
        "1.yaml:3: '1:30' is not a number that metadata can have",
        inList("{key: a, metadata: {b: 1:30}}"));
    assertRefused(
        "1.yaml:3: shadow_mode is 'maybe', must be true or false",
        inList("{key: a, shadow_mode: maybe}"));
    assertRefused(
        "1.yaml:3: shadow_mode is 'true', must be true or false",
        inList("{key: a, shadow_mode: 'true'}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "4294967296", "99999999999999999999", "1.5", "'5'", "many", "1:30"})
  void refusesWhatIsNoNumberOfRequests(String number) {
    assertRefused(
        "1.yaml:5: requests_per_unit is '"
            + number.replace("'", "")
            + "', must be a whole number from 0 to 4294967295",
        limit("requests_per_unit: " + number));
  }

  @Test
  void aliasesThatGoRoundInACircleAreRefused() {
    assertRefused(
        "do aliases go round in a circle?",
        """
        domain: a
        descriptors: &all
          - key: a
            descriptors: *all
        """);
    assertRefused("do aliases go round in a circle?", inList("{key: a, metadata: &m {b: *m}}"));
  }

  @Test
  void aSmallFileDoesNotBecomeLargeByItsAliases() {
    var text =
        new StringBuilder("domain: a\ndescriptors:\n  - key: a\n    metadata:\n      a0: x\n");
    text.append("      a1: &a1 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 2; i < 10; i++) {
      String before = "*a" + (i - 1);
      text.append("      a" + i + ": &a" + i + " [")
          .append(String.join(", ", java.util.Collections.nCopies(10, before)))
          .append("]\n");
    }
    assertRefused("more than 1000000 elements", text.toString());
  }

  private static void assertRefused(String message, String text) {
    var wrong = assertThrows(ConfigException.class, () -> rules(text), text);
    assertTrue(wrong.getMessage().contains(message), wrong.getMessage());
  }

  private static void assertLimit(Rules rules, long requests, Unit unit, String... pairs) {
    Match match = rules.match("test-domain", descriptor(pairs));
    assertNotNull(match, () -> String.join(",", pairs));
    assertEquals(new RateLimit("", requests, unit), match.rule().limit());
  }

  private static void assertNoRule(Rules rules, String... pairs) {
    assertNull(rules.match("test-domain", descriptor(pairs)));
  }

  private static Rules rules(String text) throws ConfigException {
    return EnvoyFixture.rules(false, text);
  }

  /** A file with these descriptors; the first is in line 3. */
  private static String inList(String descriptors) {
    return "domain: test-domain\ndescriptors:\n  - " + descriptors + "\n";
  }

  /** A file with one limit; what it says begins in line 5. */
  private static String limit(String limit) {
    return inList("key: k\n    rate_limit:\n      " + limit);
  }
}
