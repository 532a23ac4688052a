package dev.sluice.limiter.config.envoy;

import static dev.sluice.limiter.config.envoy.EnvoyFixture.descriptor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.limiter.process.envoy.Descriptor;
import dev.sluice.limiter.process.envoy.EnvoyDecision;
import dev.sluice.limiter.process.envoy.EnvoyDecision.Status;
import dev.sluice.limiter.process.envoy.EnvoyRequest;
import dev.sluice.limiter.process.envoy.EnvoySettings;
import dev.sluice.limiter.process.envoy.RateLimit;
import dev.sluice.limiter.process.envoy.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Decisions, by rules as files have them. */
@NoLeaks
class EnvoyLimiterTest {
  private static final String RULES =
      """
      domain: d
      descriptors:
        - {key: five, rate_limit: {unit: minute, requests_per_unit: 5}}
        - {key: named, rate_limit: {unit: hour, requests_per_unit: 9, name: nine}}
        - {key: none, rate_limit: {unit: second, requests_per_unit: 0}}
        - {key: unlimited, rate_limit: {unlimited: true}}
        - {key: shadow, shadow_mode: true, rate_limit: {unit: minute, requests_per_unit: 1}}
        - key: quota1
          quota_mode: true
          rate_limit: {unit: minute, requests_per_unit: 1}
          metadata: {service: {name: one, zone: a}, list: [1]}
        - key: quota2
          quota_mode: true
          rate_limit: {unit: minute, requests_per_unit: 2}
          metadata: {service: {name: two, port: 80}, list: [2]}
      """;
  private static final Descriptor FIVE = descriptor("five", "x");
  private static final Descriptor SHADOW = descriptor("shadow", "x");
  private static final Descriptor QUOTA1 = descriptor("quota1", "x");
  private static final Descriptor QUOTA2 = descriptor("quota2", "x");
  private static final Descriptor UNKNOWN = descriptor("unknown", "x");
  private static final RateLimit FIVE_A_MINUTE = new RateLimit("", 5, Unit.MINUTE);

  @Test
  void saysWhatIsLeftAndWhenTheWindowEnds() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      envoy.clock.advance(Duration.ofMillis(12_300));
      assertEquals(
          new Status(false, FIVE_A_MINUTE, 4, Duration.ofSeconds(48)), status(envoy, FIVE));
      envoy.clock.advance(Duration.ofMillis(47_600));
      assertEquals(new Status(false, FIVE_A_MINUTE, 3, Duration.ofSeconds(1)), status(envoy, FIVE));
      envoy.clock.advance(Duration.ofMillis(100));
      assertEquals(
          new Status(false, FIVE_A_MINUTE, 4, Duration.ofSeconds(60)), status(envoy, FIVE));
      assertEquals(
          new Status(false, new RateLimit("nine", 9, Unit.HOUR), 8, Duration.ofSeconds(3_540)),
          status(envoy, descriptor("named", "x")));
    }
  }

  @Test
  void whatNoRuleAppliesToPasses() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      var decided = envoy.decide("d", UNKNOWN);
      assertFalse(decided.overLimit());
      assertEquals(List.of(new Status(false, null, 0, Duration.ZERO)), decided.statuses());
      assertNull(decided.nearest());
      assertFalse(envoy.decide("no such domain", FIVE).overLimit());
    }
  }

  @Test
  void aLimitOfZeroLetsNothingPass() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      assertEquals(0, envoy.passing(3, "d", descriptor("none", "x")));
    }
  }

  @Test
  void hitsOverTheLimitAreCountedToo() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      assertFalse(envoy.decide(new EnvoyRequest("d", List.of(FIVE), 3)).overLimit());
      assertTrue(envoy.decide(new EnvoyRequest("d", List.of(FIVE), 4)).overLimit());
      assertTrue(envoy.decide("d", FIVE).overLimit(), "two would have been left, had they not");
    }
  }

  @Test
  void aDescriptorMayBringItsOwnHits() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      assertEquals(1, status(envoy, withHits(4L, false)).remaining());
      assertEquals(1, status(envoy, withHits(0L, false)).remaining(), "only looks");
      assertTrue(status(envoy, withHits(2L, false)).overLimit());
      assertTrue(status(envoy, withHits(0L, false)).overLimit());
      Status back = status(envoy, withHits(3L, true));
      assertFalse(back.overLimit());
      assertEquals(2, back.remaining());
      assertEquals(5, status(envoy, withHits(100L, true)).remaining(), "not below zero");
    }
  }

  @Test
  void givingBackIsNeverOverTheLimit() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      status(envoy, withHits(20L, false));
      assertEquals(
          new Status(false, FIVE_A_MINUTE, 0, Duration.ofSeconds(60)),
          status(envoy, withHits(1L, true)));
    }
  }

  @Test
  void aDescriptorMayBringItsOwnLimit() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      var two = new Descriptor(FIVE.entries(), new Descriptor.Override(2, Unit.HOUR), null, false);
      assertEquals(2, envoy.passing(4, "d", two));
      assertEquals(5, envoy.passing(6, "d", FIVE), "counted apart, for its window is another");
    }
  }

  @Test
  void theNearestLimitIsToldOf() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      Descriptor named = descriptor("named", "x");
      assertEquals(4, envoy.decide("d", named, FIVE, UNKNOWN).nearest().remaining());
      Status over = envoy.decide("d", descriptor("none", "x"), FIVE).nearest();
      assertEquals(0, over.limit().requestsPerUnit());
    }
  }

  @Test
  void shadowModeOfARuleLetsItsOwnHitsPass() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      envoy.decide("d", SHADOW);
      Status shadowed = status(envoy, SHADOW);
      assertFalse(shadowed.overLimit());
      assertEquals(0, shadowed.remaining());
      assertTrue(envoy.decide("d", SHADOW, descriptor("none", "x")).overLimit());
    }
  }

  @Test
  void globalShadowModeLetsAllPassAndStillSaysWhatIsOver() throws Exception {
    var shadow = new EnvoySettings(16, Duration.ofSeconds(1), true, false, false, 0.8f);
    try (var envoy = EnvoyFixture.of(shadow, RULES)) {
      var decided = envoy.decide("d", descriptor("none", "x"));
      assertFalse(decided.overLimit());
      assertTrue(decided.statuses().getFirst().overLimit());
    }
  }

  @Test
  void quotasRefuseOnlyWhenAllAreUsedUp() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      assertFalse(envoy.decide("d", QUOTA1, QUOTA2).overLimit());
      var some = envoy.decide("d", QUOTA1, QUOTA2);
      assertFalse(some.overLimit());
      assertTrue(some.statuses().get(0).overLimit());
      assertTrue(envoy.decide("d", QUOTA1, QUOTA2).overLimit());
      assertTrue(envoy.decide("d", FIVE, QUOTA1).overLimit(), "the only quota is used up");
      assertFalse(envoy.decide("d", FIVE, UNKNOWN).overLimit());
    }
  }

  @Test
  void aLimitRefusesBesideAQuotaThatIsLeft() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      assertTrue(envoy.decide("d", descriptor("none", "x"), QUOTA1).overLimit());
    }
  }

  @Test
  void globalQuotaModeMakesEveryRuleAQuota() throws Exception {
    var quota = new EnvoySettings(16, Duration.ofSeconds(1), false, true, false, 0.8f);
    try (var envoy = EnvoyFixture.of(quota, RULES)) {
      Descriptor none = descriptor("none", "x");
      assertFalse(envoy.decide("d", none, FIVE).overLimit());
      assertTrue(envoy.decide("d", none, descriptor("none", "y")).overLimit());
      assertFalse(envoy.decide("d", none, UNKNOWN).overLimit());
      assertTrue(envoy.decide("d", none, descriptor("unlimited", "x")).overLimit());
    }
  }

  @Test
  void theMetadataOfTheRulesThatAreMetIsMergedTheFirstCounts() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      assertEquals(
          Map.of("service", Map.of("name", "one", "zone", "a", "port", 80.0), "list", List.of(1.0)),
          envoy.decide("d", QUOTA1, QUOTA2).metadata());
      assertEquals(
          Map.of("service", Map.of("name", "two", "port", 80.0), "list", List.of(2.0)),
          envoy.decide("d", QUOTA1, QUOTA2).metadata());
      assertEquals(Map.of(), envoy.decide("d", QUOTA1, QUOTA2).metadata());
    }
  }

  @Test
  void theSameDescriptorTwiceCountsTwice() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      var decided = envoy.decide("d", FIVE, FIVE);
      assertEquals(List.of(4L, 3L), decided.statuses().stream().map(Status::remaining).toList());
    }
  }

  @Test
  void whenThereIsNoRoomForACounterNothingIsDecided() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      for (int i = 0; i < 1_000; i++) {
        envoy.decide("d", descriptor("five", "x" + i));
      }
      var request = new EnvoyRequest("d", List.of(descriptor("five", "one more")), 1);
      assertEquals(
          new EnvoyDecision.CountersFull("all 1000 counters are in use"),
          envoy.limiter.decide(request).await());
      assertFalse(envoy.decide("d", descriptor("five", "x1")).overLimit());
      envoy.clock.advance(Duration.ofMinutes(1)); // the window ends, and it sweeps
      envoy.limiter.reload().await();
      while (envoy.limiter.decide(request).await() instanceof EnvoyDecision.CountersFull) {
        Thread.onSpinWait(); // until it has woken up
      }
    }
  }

  @Test
  void afterCloseItTakesNoMore() throws Exception {
    try (var envoy = EnvoyFixture.of(RULES)) {
      envoy.limiter.close();
      assertThrows(ChannelClosedException.class, () -> envoy.decide("d", FIVE));
      assertThrows(ChannelClosedException.class, () -> envoy.limiter.state());
    }
  }

  private static Status status(EnvoyFixture envoy, Descriptor descriptor) throws Exception {
    return envoy.decide("d", descriptor).statuses().getFirst();
  }

  private static Descriptor withHits(long hits, boolean givesBack) {
    return new Descriptor(FIVE.entries(), null, hits, givesBack);
  }
}
