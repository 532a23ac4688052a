package dev.sluice.limiter.api.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.limiter.grpc.RateLimiterGrpc.RateLimiterBlockingStub;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What answers carry when it is switched on. */
@QuarkusTest
@TestProfile(EnvoyRenderingTest.AllSwitchedOn.class)
class EnvoyRenderingTest {

  /** The response's headers by their own names, the request's by others. */
  public static final class AllSwitchedOn extends EnvoyProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
      settings.put("sluice.limiter.envoy.response-headers.enabled", "true");
      settings.put("sluice.limiter.envoy.request-headers.enabled", "true");
      settings.put("sluice.limiter.envoy.request-headers.limit", "x-limit");
      settings.put("sluice.limiter.envoy.request-headers.remaining", "x-remaining");
      settings.put("sluice.limiter.envoy.request-headers.reset", "x-reset");
      settings.put("sluice.limiter.envoy.dynamic-metadata", "true");
      return settings;
    }
  }

  @GrpcClient("limiter")
  RateLimiterBlockingStub limiter;

  @Test
  void headersTellOfTheNearestLimit() {
    RateLimitResponse response = ask("foo");

    assertHeaders(
        List.of("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"),
        response.getResponseHeadersToAddList(),
        response);
    assertHeaders(
        List.of("x-limit", "x-remaining", "x-reset"),
        response.getRequestHeadersToAddList(),
        response);
  }

  private static void assertHeaders(
      List<String> names, List<HeaderValue> headers, RateLimitResponse response) {
    RateLimitResponse.DescriptorStatus status = response.getStatuses(0);
    assertEquals(names, headers.stream().map(HeaderValue::getKey).toList());
    assertEquals(
        List.of(
            "2",
            Integer.toString(status.getLimitRemaining()),
            Long.toString(status.getDurationUntilReset().getSeconds())),
        headers.stream().map(HeaderValue::getValue).toList());
  }

  @Test
  void thereAreNoHeadersWithoutALimit() {
    assertTrue(ask("qux").getResponseHeadersToAddList().isEmpty());
    assertTrue(ask("other").getRequestHeadersToAddList().isEmpty());
  }

  @Test
  void dynamicMetadataSaysWhatWasAskedAndWhatTheRulesSay() throws Exception {
    var expected = Struct.newBuilder();
    JsonFormat.parser()
        .merge(
            """
            {
              "domain": "rl",
              "descriptors": [{"entries": ["counted=dynamic"]}],
              "metadata": {"service": "one"}
            }
            """,
            expected);
    assertEquals(expected.build(), ask("counted").getDynamicMetadata());
  }

  private RateLimitResponse ask(String key) {
    return RateLimitServiceGrpc.newBlockingStub(limiter.getChannel())
        .shouldRateLimit(
            RateLimitRequest.newBuilder()
                .setDomain("rl")
                .addDescriptors(EnvoyGrpcTest.descriptor(key, "dynamic"))
                .build());
  }
}
