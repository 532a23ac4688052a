package dev.sluice.limiter.api;

import com.google.protobuf.Timestamp;
import dev.sluice.limiter.grpc.AcquireBatchResponse;
import dev.sluice.limiter.grpc.AcquireResponse;
import dev.sluice.limiter.grpc.AcquireResult;
import dev.sluice.limiter.grpc.Algorithm;
import dev.sluice.limiter.grpc.BalanceResponse;
import dev.sluice.limiter.grpc.GetPoliciesResponse;
import dev.sluice.limiter.grpc.Limit;
import dev.sluice.limiter.grpc.PermitsPolicy;
import dev.sluice.limiter.grpc.Policy;
import dev.sluice.limiter.grpc.RefusedPolicies;
import dev.sluice.limiter.grpc.Uncounted;
import dev.sluice.limiter.grpc.WhenEngineFails;
import dev.sluice.service.grpc.Grpc;
import dev.sluice.service.grpc.ProtoDurations;
import java.time.Instant;

/** Writes as gRPC's messages what HTTP's bodies are. */
final class ProtoAnswers {
  private ProtoAnswers() {}

  static AcquireResponse acquired(AcquireAnswer answer) {
    return AcquireResponse.newBuilder()
        .setKey(answer.key())
        .setPermits(answer.permits())
        .setLimit(answer.limit())
        .setRemaining(answer.remaining())
        .setWaited(ProtoDurations.of(answer.waited()))
        .setResetAfter(ProtoDurations.of(answer.resetAfter()))
        .setUncounted(
            switch (answer.uncounted()) {
              case null -> Uncounted.COUNTED;
              case SHADOW -> Uncounted.SHADOW;
              case FAIL_OPEN -> Uncounted.FAIL_OPEN;
            })
        .build();
  }

  /** One among several that was granted. */
  static AcquireResult granted(AcquireAnswer answer) {
    return AcquireResult.newBuilder().setGranted(acquired(answer)).build();
  }

  /** One among several that was not. */
  static AcquireResult refused(Throwable failure) {
    return AcquireResult.newBuilder().setRefused(Grpc.status(failure)).build();
  }

  static AcquireBatchResponse batch(AcquireBatchAnswer answer) {
    var response = AcquireBatchResponse.newBuilder().setGranted(answer.granted());
    for (AcquireBatchAnswer.Result result : answer.results()) {
      response.addResults(
          switch (result) {
            case AcquireAnswer granted -> granted(granted);
            case AcquireBatchAnswer.Refused refused -> refused(refused.cause());
          });
    }
    return response.build();
  }

  static BalanceResponse balance(BalanceAnswer answer) {
    return BalanceResponse.newBuilder()
        .setKey(answer.key())
        .setPermits(answer.permits())
        .setLimit(answer.limit())
        .setRemaining(answer.remaining())
        .setRetryAfter(ProtoDurations.of(answer.retryAfter()))
        .setResetAfter(ProtoDurations.of(answer.resetAfter()))
        .build();
  }

  static GetPoliciesResponse policies(PoliciesAnswer answer) {
    var response = GetPoliciesResponse.newBuilder().setLoadedAt(timestamp(answer.loadedAt()));
    answer.policies().forEach(each -> response.addPolicies(policy(each)));
    answer.permits().forEach(each -> response.addPermits(policy(each)));
    PoliciesAnswer.Refused refused = answer.refused();
    if (refused != null) {
      response.setRefused(
          RefusedPolicies.newBuilder()
              .setFile(refused.file())
              .setLine(refused.line())
              .setReason(refused.reason())
              .setAt(timestamp(refused.at())));
    }
    return response.build();
  }

  private static Policy policy(PoliciesAnswer.PolicyState policy) {
    var message =
        Policy.newBuilder()
            .setName(policy.name())
            .setLimit(limit(policy))
            .setShadow(policy.shadow())
            .setWhenEngineFails(choice(policy.whenEngineFails()));
    if (policy.maxWait() != null) {
      message.setMaxWait(ProtoDurations.of(policy.maxWait()));
    }
    if (policy.keys() != null) {
      message.setKeys(policy.keys());
    }
    return message.build();
  }

  private static PermitsPolicy policy(PoliciesAnswer.PermitsPolicyState policy) {
    var message =
        PermitsPolicy.newBuilder()
            .setName(policy.name())
            .setPermits(policy.permits())
            .setWhenEngineFails(choice(policy.whenEngineFails()));
    if (policy.maxTtl() != null) {
      message.setMaxTtl(ProtoDurations.of(policy.maxTtl()));
    }
    if (policy.maxWait() != null) {
      message.setMaxWait(ProtoDurations.of(policy.maxWait()));
    }
    if (policy.keys() != null) {
      message.setKeys(policy.keys());
    }
    return message.build();
  }

  private static WhenEngineFails choice(
      dev.sluice.limiter.process.Policy.WhenEngineFails whenEngineFails) {
    return switch (whenEngineFails) {
      case OPEN -> WhenEngineFails.OPEN;
      case CLOSED -> WhenEngineFails.CLOSED;
    };
  }

  private static Limit limit(PoliciesAnswer.PolicyState policy) {
    var limit =
        Limit.newBuilder()
            .setRate(policy.rate())
            .setAlgorithm(
                switch (policy.algorithm()) {
                  case TOKEN_BUCKET -> Algorithm.TOKEN_BUCKET;
                  case SLIDING_WINDOW -> Algorithm.SLIDING_WINDOW;
                  case FIXED_WINDOW -> Algorithm.FIXED_WINDOW;
                });
    if (policy.per() != null) {
      limit.setPer(ProtoDurations.of(policy.per()));
    }
    if (policy.unit() != null) {
      limit.setUnit(policy.unit());
    }
    if (policy.burst() != null) {
      limit.setBurst(policy.burst());
    }
    return limit.build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
