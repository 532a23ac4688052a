package dev.sluice.limiter.api.envoy;

import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.UInt64Value;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.ErrorInfo;
import dev.sluice.limiter.grpc.RateLimiterGrpc.RateLimiterBlockingStub;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.RateLimitOverride;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.envoyproxy.envoy.type.v3.RateLimitUnit;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract of {@code envoy.service.ratelimit.v3.RateLimitService}, as Envoy sees it. */
@QuarkusTest
@TestProfile(EnvoyProfile.class)
class EnvoyGrpcTest {
  @GrpcClient("limiter")
  RateLimiterBlockingStub limiter;

  private final String value = UUID.randomUUID().toString();

  @Test
  void answersOnThePortOfTheLimiter() {
    RateLimitResponse response = ask(descriptor("foo", value));

    assertEquals(Code.OK, response.getOverallCode());
    RateLimitResponse.DescriptorStatus status = response.getStatuses(0);
    assertEquals(Code.OK, status.getCode());
    assertEquals(
        RateLimit.newBuilder()
            .setName("foo-limit")
            .setRequestsPerUnit(2)
            .setUnit(RateLimit.Unit.YEAR)
            .build(),
        status.getCurrentLimit());
    assertEquals(1, status.getLimitRemaining());
    assertTrue(status.getDurationUntilReset().getSeconds() > 0);
    assertEquals(0, status.getDurationUntilReset().getNanos());
    assertEquals(List.of(), response.getResponseHeadersToAddList());
    assertFalse(response.hasDynamicMetadata());
  }

  @Test
  void refusesWhatIsOverTheLimit() {
    ask(descriptor("foo", value));
    ask(descriptor("foo", value));

    RateLimitResponse response = ask(descriptor("foo", value), descriptor("other", value));

    assertEquals(Code.OVER_LIMIT, response.getOverallCode());
    assertEquals(
        List.of(Code.OVER_LIMIT, Code.OK),
        response.getStatusesList().stream()
            .map(RateLimitResponse.DescriptorStatus::getCode)
            .toList());
    assertFalse(response.getStatuses(1).hasCurrentLimit());
    assertFalse(response.getStatuses(1).hasDurationUntilReset());
  }

  @Test
  void unlimitedHasTheLargestRemainder() {
    RateLimitResponse response = ask(descriptor("qux", value));

    assertEquals(-1, response.getStatuses(0).getLimitRemaining(), "unsigned, all bits set");
    assertFalse(response.getStatuses(0).hasCurrentLimit());
  }

  @Test
  void countsTheHitsOfTheRequestAndOfTheDescriptor() {
    RateLimitDescriptor foo = descriptor("foo", value);
    assertEquals(0, askWith(2, foo).getStatuses(0).getLimitRemaining());
    RateLimitDescriptor look = foo.toBuilder().setHitsAddend(UInt64Value.of(0)).build();
    assertEquals(Code.OK, ask(look).getOverallCode());
    RateLimitDescriptor many = foo.toBuilder().setHitsAddend(UInt64Value.of(-1)).build();
    assertEquals(Code.OVER_LIMIT, ask(many).getOverallCode());
  }

  @Test
  void takesHitsBack() {
    RateLimitDescriptor foo = descriptor("foo", value);
    askWith(2, foo);
    var negative =
        UnknownFieldSet.newBuilder()
            .addField(4, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    assertEquals(
        1,
        ask(foo.toBuilder().setUnknownFields(negative).build()).getStatuses(0).getLimitRemaining());
  }

  @Test
  void takesTheLimitOfTheDescriptor() {
    RateLimitDescriptor seven =
        descriptor("foo", value).toBuilder()
            .setLimit(
                RateLimitOverride.newBuilder().setRequestsPerUnit(7).setUnit(RateLimitUnit.MONTH))
            .build();
    assertEquals(
        RateLimit.newBuilder().setRequestsPerUnit(7).setUnit(RateLimit.Unit.MONTH).build(),
        ask(seven).getStatuses(0).getCurrentLimit());

    var week = seven.toBuilder();
    week.getLimitBuilder().setUnitValue(7); // WEEK, which the Java API does not name yet
    assertEquals(RateLimit.Unit.WEEK, ask(week.build()).getStatuses(0).getCurrentLimit().getUnit());
  }

  @Test
  void anUnknownDomainPasses() {
    RateLimitResponse response =
        envoy()
            .shouldRateLimit(
                RateLimitRequest.newBuilder()
                    .setDomain("nosuch")
                    .addDescriptors(descriptor("foo", value))
                    .build());
    assertEquals(Code.OK, response.getOverallCode());
    assertEquals(1, response.getStatusesCount());
  }

  @Test
  void whatIsNoRequestIsInvalidArgumentThatNamesIt() throws Exception {
    RateLimitDescriptor foo = descriptor("foo", value);
    assertInvalid(
        "rate limit domain must not be empty", RateLimitRequest.newBuilder().addDescriptors(foo));
    assertInvalid(
        "rate limit descriptor list must not be empty",
        RateLimitRequest.newBuilder().setDomain("rl"));
    assertInvalid(
        "descriptors[1].limit.unit: 0 is not allowed, must be SECOND, MINUTE, HOUR, DAY, WEEK,"
            + " MONTH or YEAR",
        RateLimitRequest.newBuilder()
            .setDomain("rl")
            .addDescriptors(foo)
            .addDescriptors(foo.toBuilder().setLimit(RateLimitOverride.getDefaultInstance())));
    assertInvalid(
        "descriptors[0].limit.unit: 99",
        RateLimitRequest.newBuilder()
            .setDomain("rl")
            .addDescriptors(
                foo.toBuilder().setLimit(RateLimitOverride.newBuilder().setUnitValue(99))));
    var many = RateLimitRequest.newBuilder().setDomain("rl");
    for (int i = 0; i < 1_001; i++) {
      many.addDescriptors(foo);
    }
    assertInvalid("descriptors: 1001 is not allowed, must be at most 1000", many);
  }

  @Test
  void oddButPossibleRequestsGetAnAnswer() {
    assertEquals(
        Code.OK, ask(RateLimitDescriptor.getDefaultInstance()).getOverallCode(), "no entries");
    assertEquals(Code.OK, ask(descriptor("", "")).getOverallCode());
    assertEquals(Code.OK, ask(descriptor("foo", "")).getOverallCode());
    assertEquals(Code.OK, ask(descriptor("foo", "\u0000\n*_.")).getOverallCode());
    assertEquals(Code.OK, ask(descriptor("foo", "x".repeat(100_000))).getOverallCode());
    assertEquals(Code.OVER_LIMIT, askWith(-1, descriptor("foo", value)).getOverallCode());
  }

  @Test
  void saysWhichRulesAreInForce() {
    get("/envoy")
        .then()
        .statusCode(200)
        .body("domains", contains("rl"))
        .body("rules.rule", hasItems("rl.foo", "rl.qux"))
        .body("rules[0].requestsPerUnit", equalTo(2))
        .body("rules[0].unit", equalTo("year"))
        .body("refused", nullValue());
  }

  @Test
  void countsWhatTheRulesDo() {
    ask(descriptor("counted", value));
    String metrics = get("/q/metrics").then().statusCode(200).extract().asString();
    assertTrue(
        metrics.contains(
            "sluice_limiter_envoy_hits_total{rule=\"rl.counted\",stat=\"total_hits\"} 1.0"),
        metrics);
    assertTrue(metrics.contains("sluice_limiter_envoy_loads_total{result=\"refused\"} 0.0"));
  }

  private void assertInvalid(String named, RateLimitRequest.Builder request) throws Exception {
    var refused =
        assertThrows(
            StatusRuntimeException.class, () -> envoy().shouldRateLimit(request.build()), named);
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    assertTrue(
        String.valueOf(refused.getStatus().getDescription()).contains(named), refused.getMessage());
    assertEquals(
        "INVALID_INPUT",
        StatusProto.fromThrowable(refused).getDetails(0).unpack(ErrorInfo.class).getReason());
  }

  private RateLimitResponse ask(RateLimitDescriptor... descriptors) {
    return askWith(0, descriptors);
  }

  private RateLimitResponse askWith(int hits, RateLimitDescriptor... descriptors) {
    return envoy()
        .shouldRateLimit(
            RateLimitRequest.newBuilder()
                .setDomain("rl")
                .addAllDescriptors(List.of(descriptors))
                .setHitsAddend(hits)
                .build());
  }

  private RateLimitServiceGrpc.RateLimitServiceBlockingStub envoy() {
    return RateLimitServiceGrpc.newBlockingStub(limiter.getChannel());
  }

  static RateLimitDescriptor descriptor(String key, String value) {
    return RateLimitDescriptor.newBuilder()
        .addEntries(RateLimitDescriptor.Entry.newBuilder().setKey(key).setValue(value))
        .build();
  }
}
