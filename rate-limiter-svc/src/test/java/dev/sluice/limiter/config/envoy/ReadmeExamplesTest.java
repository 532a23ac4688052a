package dev.sluice.limiter.config.envoy;

import static dev.sluice.limiter.config.envoy.EnvoyFixture.descriptor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.limiter.process.envoy.Descriptor;
import dev.sluice.limiter.process.envoy.EnvoyDecision;
import dev.sluice.limiter.process.envoy.Match;
import dev.sluice.limiter.process.envoy.RateLimit;
import dev.sluice.limiter.process.envoy.Rules;
import dev.sluice.limiter.process.envoy.Unit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The examples of envoyproxy/ratelimit's README, one test each, under the numbers they have there.
 *
 * @see <a href="https://github.com/envoyproxy/ratelimit#examples">Examples</a>
 */
class ReadmeExamplesTest {

  @Test
  void example1TwoLimitsOfOneKey() throws Exception {
    try (var envoy =
        EnvoyFixture.of(
            """
            domain: mongo_cps
            descriptors:
              - key: database
                value: users
                rate_limit:
                  unit: second
                  requests_per_unit: 500

              - key: database
                value: default
                rate_limit:
                  unit: second
                  requests_per_unit: 500
            """)) {
      assertEquals(500, envoy.passing(501, "mongo_cps", descriptor("database", "users")));
      assertEquals(500, envoy.passing(501, "mongo_cps", descriptor("database", "default")));
      assertEquals(501, envoy.passing(501, "mongo_cps", descriptor("database", "other")));

      envoy.clock.advance(Duration.ofSeconds(1));
      assertEquals(500, envoy.passing(501, "mongo_cps", descriptor("database", "users")));
    }
  }

  @Test
  void example2EachNumberHasItsLimitAndAllThatMatchCount() throws Exception {
    try (var envoy =
        EnvoyFixture.of(
            """
            domain: messaging
            descriptors:
              # Only allow 5 marketing messages a day
              - key: message_type
                value: marketing
                descriptors:
                  - key: to_number
                    rate_limit:
                      unit: day
                      requests_per_unit: 5

              # Only allow 100 messages a day to any unique phone number
              - key: to_number
                rate_limit:
                  unit: day
                  requests_per_unit: 100
            """)) {
      for (String number : new String[] {"2061111111", "2062222222"}) {
        Descriptor marketing = descriptor("message_type", "marketing", "to_number", number);
        Descriptor any = descriptor("to_number", number);

        assertEquals(5, envoy.passing(10, "messaging", marketing, any));
        EnvoyDecision.Decided both = envoy.decide("messaging", marketing, any);
        assertTrue(both.overLimit(), "one that is over is enough");
        assertTrue(both.statuses().get(0).overLimit());
        assertFalse(both.statuses().get(1).overLimit());
        assertEquals(89, envoy.passing(100, "messaging", any), "11 have been counted above");
      }
      assertEquals(10, envoy.passing(10, "messaging", descriptor("message_type", "marketing")));
    }
  }

  @Test
  void example3TheMostSpecialMatchIsTaken() throws Exception {
    try (var envoy =
        EnvoyFixture.of(
            """
            domain: edge_proxy_per_ip
            descriptors:
              - key: remote_address
                rate_limit:
                  unit: second
                  requests_per_unit: 10

              # Black list IP
              - key: remote_address
                value: 50.0.0.5
                rate_limit:
                  unit: second
                  requests_per_unit: 0
            """)) {
      assertEquals(10, passing(envoy, "50.0.0.1"));
      assertEquals(10, passing(envoy, "50.0.0.2"));
      assertEquals(0, passing(envoy, "50.0.0.5"));
    }
  }

  private static long passing(EnvoyFixture envoy, String address) {
    return envoy.passing(12, "edge_proxy_per_ip", descriptor("remote_address", address));
  }

  @Test
  void example4RequestAndRuleHaveTheSameDepth() throws Exception {
    Descriptor two = descriptor("key", "value", "subkey", "subvalue");

    Rules shallow =
        EnvoyFixture.rules(
            false,
            """
            domain: example4
            descriptors:
              - key: key
                value: value
                rate_limit:
                  requests_per_unit: 300
                  unit: second
            """);
    assertNull(shallow.match("example4", two));
    assertNotNull(shallow.match("example4", descriptor("key", "value")));

    Rules deep =
        EnvoyFixture.rules(
            false,
            """
            domain: example4
            descriptors:
              - key: key
                value: value
                descriptors:
                  - key: subkey
                    rate_limit:
                      requests_per_unit: 300
                      unit: second
            """);
    Match match = deep.match("example4", two);
    assertNotNull(match);
    assertEquals(new RateLimit("", 300, Unit.SECOND), match.rule().limit());
    assertNull(deep.match("example4", descriptor("key", "value")));
  }

  @Test
  void example5Unlimited() throws Exception {
    try (var envoy =
        EnvoyFixture.of(
            """
            domain: internal
            descriptors:
              - key: ldap
                rate_limit:
                  unlimited: true

              - key: azure
                rate_limit:
                  unit: minute
                  requests_per_unit: 100
            """)) {
      EnvoyDecision.Status ldap =
          envoy.decide("internal", descriptor("ldap", "x")).statuses().getFirst();
      assertFalse(ldap.overLimit());
      assertEquals(4_294_967_295L, ldap.remaining());
      assertNull(ldap.limit());
      assertEquals(1, envoy.hits.get("internal.ldap total_hits"));

      assertEquals(100, envoy.passing(101, "internal", descriptor("azure", "x")));
    }
  }

  @Test
  void example6ShadowModeCountsAndLetsPass() throws Exception {
    try (var envoy =
        EnvoyFixture.of(
            """
            domain: example6
            descriptors:
              - key: service
                descriptors:
                  - key: user
                    value: user-a
                    rate_limit:
                      requests_per_unit: 10
                      unit: second
                    shadow_mode: true
                  - key: user
                    value: user-b
                    rate_limit:
                      requests_per_unit: 20
                      unit: second
            """)) {
      Descriptor userA = descriptor("service", "auth-service", "user", "user-a");
      Descriptor userB = descriptor("service", "auth-service", "user", "user-b");

      assertEquals(25, envoy.passing(25, "example6", userA));
      assertEquals(15, envoy.hits.get("example6.service.user_user-a over_limit"));
      assertEquals(15, envoy.hits.get("example6.service.user_user-a shadow_mode"));
      assertEquals(20, envoy.passing(25, "example6", userB));
      assertEquals(0, envoy.hits.get("example6.service.user_user-b shadow_mode"));
    }
  }

  @Test
  void example7OneLimitReplacesAnother() throws Exception {
    try (var envoy =
        EnvoyFixture.of(
            """
            domain: example7
            descriptors:
              - key: key_1
                value: value_1
                descriptors:
                  - key: user
                    value: bkthomps
                    rate_limit:
                      name: specific_limit
                      requests_per_unit: 5
                      unit: second
              - key: key_2
                value: value_2
                descriptors:
                  - key: user
                    value: bkthomps
                    rate_limit:
                      replaces:
                        - name: specific_limit
                      requests_per_unit: 10
                      unit: second
            """)) {
      Descriptor first = descriptor("key_1", "value_1", "user", "bkthomps");
      Descriptor second = descriptor("key_2", "value_2", "user", "bkthomps");

      assertEquals(10, envoy.passing(12, "example7", first, second));
      assertEquals(5, envoy.passing(12, "example7", first), "the replaced one was not counted");

      envoy.clock.advance(Duration.ofSeconds(1));
      assertEquals(10, envoy.passing(12, "example7", second));
    }
  }

  @Test
  void example8DetailedMetric() throws Exception {
    try (var envoy =
        EnvoyFixture.of(
            """
            domain: example8
            descriptors:
              - key: key1
                detailed_metric: true
                rate_limit:
                  unit: minute
                  requests_per_unit: 10
              - key: key1
                value: value1
                rate_limit:
                  unit: minute
                  requests_per_unit: 20
            """)) {
      assertEquals(10, envoy.passing(30, "example8", descriptor("key1", "unspecified_value")));
      assertEquals(10, envoy.passing(30, "example8", descriptor("key1", "unspecified_value2")));
      assertEquals(20, envoy.passing(30, "example8", descriptor("key1", "value1")));

      assertEquals(20, envoy.hits.get("example8.key1_unspecified_value over_limit"));
      assertEquals(20, envoy.hits.get("example8.key1_unspecified_value2 over_limit"));
      assertEquals(10, envoy.hits.get("example8.key1_value1 over_limit"));
      assertNull(envoy.hits.get("example8.key1 over_limit"));
    }
  }

  @Test
  void example9WildcardAtTheEnd() throws Exception {
    try (var envoy = EnvoyFixture.of(example9("key1", "value*"))) {
      assertEquals(20, envoy.passing(25, "example9", descriptor("key1", "value1")));
      assertEquals(20, envoy.passing(25, "example9", descriptor("key1", "value2")));
      assertEquals(20, envoy.passing(25, "example9", descriptor("key1", "valueXYZ")));
      assertEquals(25, envoy.passing(25, "example9", descriptor("key1", "other")));
    }
  }

  @Test
  void example9WildcardInTheMiddle() throws Exception {
    try (var envoy = EnvoyFixture.of(example9("path", "/api/*/action"))) {
      assertEquals(20, envoy.passing(25, "example9", descriptor("path", "/api/123/action")));
      assertEquals(20, envoy.passing(25, "example9", descriptor("path", "/api/user-id/action")));
      assertEquals(25, envoy.passing(25, "example9", descriptor("path", "/api/123/other")));
    }
  }

  @Test
  void example9SeveralWildcards() throws Exception {
    try (var envoy = EnvoyFixture.of(example9("route", "/api/*/resource/*/action"))) {
      assertEquals(
          20, envoy.passing(25, "example9", descriptor("route", "/api/v1/resource/123/action")));
      assertEquals(
          20, envoy.passing(25, "example9", descriptor("route", "/api/v2/resource/456/action")));
      assertEquals(25, envoy.passing(25, "example9", descriptor("route", "/api/v1/resource")));
    }
  }

  private static String example9(String key, String value) {
    return """
    domain: example9
    descriptors:
      - key: %s
        value: %s
        rate_limit:
          unit: minute
          requests_per_unit: 20
    """
        .formatted(key, value);
  }

  @Test
  void example10ValueToMetric() throws Exception {
    Rules rules =
        EnvoyFixture.rules(
            false,
            """
            domain: example10
            descriptors:
              - key: route
                value_to_metric: true
                descriptors:
                  - key: http_method
                    value_to_metric: true
                    descriptors:
                      - key: subject_id
                        rate_limit:
                          unit: minute
                          requests_per_unit: 60
            """,
            """
            domain: example10_wildcard
            descriptors:
              - key: user
                value_to_metric: true
                descriptors:
                  - key: action
                    value: read*
                    value_to_metric: true
                    descriptors:
                      - key: resource
                        rate_limit:
                          unit: minute
                          requests_per_unit: 100
            """,
            """
            domain: without
            descriptors:
              - key: route
                descriptors:
                  - key: http_method
                    descriptors:
                      - key: subject_id
                        rate_limit:
                          unit: minute
                          requests_per_unit: 60
            """);

    assertEquals(
        "example10.route_api.http_method_GET.subject_id",
        metric(rules, "example10", "route", "api", "http_method", "GET", "subject_id", "123"));
    assertEquals(
        "example10.route_web.http_method_POST.subject_id",
        metric(rules, "example10", "route", "web", "http_method", "POST", "subject_id", "456"));
    assertEquals(
        "without.route.http_method.subject_id",
        metric(rules, "without", "route", "web", "http_method", "POST", "subject_id", "456"));
    assertEquals(
        "example10_wildcard.user_alice.action_readfile.resource",
        metric(
            rules,
            "example10_wildcard",
            "user",
            "alice",
            "action",
            "readfile",
            "resource",
            "documents"));
  }

  @Test
  void example11ShareThreshold() throws Exception {
    try (var envoy =
        EnvoyFixture.of(
            """
            domain: example11
            descriptors:
              # With share_threshold: true, all files/* matches share the same threshold
              - key: files
                value: files/*
                share_threshold: true
                rate_limit:
                  unit: hour
                  requests_per_unit: 10

              # Without share_threshold, each files_no_share/* match has its own isolated threshold
              - key: files_no_share
                value: files_no_share/*
                share_threshold: false
                rate_limit:
                  unit: hour
                  requests_per_unit: 10
            """)) {
      assertEquals(5, envoy.passing(5, "example11", descriptor("files", "files/a.pdf")));
      assertEquals(5, envoy.passing(5, "example11", descriptor("files", "files/b.csv")));
      assertEquals(0, envoy.passing(1, "example11", descriptor("files", "files/c.txt")));

      for (String file : new String[] {"a.pdf", "b.csv"}) {
        assertEquals(
            10,
            envoy.passing(11, "example11", descriptor("files_no_share", "files_no_share/" + file)));
      }
    }
  }

  /** The README says {@code route_api.method_GET}, but the program it describes says this. */
  @Test
  void example11ShareThresholdWithValueToMetric() throws Exception {
    Rules rules =
        EnvoyFixture.rules(
            false,
            """
            domain: example11_metrics
            descriptors:
              - key: route
                value: api/*
                share_threshold: true
                value_to_metric: true
                descriptors:
                  - key: method
                    rate_limit:
                      unit: minute
                      requests_per_unit: 60
            """);

    assertEquals(
        "example11_metrics.route_api/*.method",
        metric(rules, "example11_metrics", "route", "api/v1", "method", "GET"));
    assertEquals(
        match(rules, "example11_metrics", "route", "api/v1", "method", "GET").counter(),
        match(rules, "example11_metrics", "route", "api/v2", "method", "GET").counter());
  }

  private static String metric(Rules rules, String domain, String... pairs) {
    return match(rules, domain, pairs).metric();
  }

  private static Match match(Rules rules, String domain, String... pairs) {
    Match match = rules.match(domain, descriptor(pairs));
    assertNotNull(match);
    return match;
  }
}
