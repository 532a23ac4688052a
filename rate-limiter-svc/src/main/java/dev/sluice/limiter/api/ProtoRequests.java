package dev.sluice.limiter.api;

import dev.sluice.limiter.process.Algorithm;
import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import dev.sluice.service.grpc.ProtoDurations;
import java.util.List;

/** Reads gRPC's messages as what HTTP's bodies are. */
final class ProtoRequests {
  private ProtoRequests() {}

  static AcquireRequest acquire(dev.sluice.limiter.grpc.AcquireRequest message) {
    return new AcquireRequest(
        message.getKey(),
        message.hasPermits() ? message.getPermits() : null,
        message.hasPolicy() ? message.getPolicy() : null,
        message.hasLimit() ? limit("limit.", message.getLimit()) : null,
        message.hasWait() ? ProtoDurations.of("wait", message.getWait()) : null);
  }

  static AcquireBatchRequest batch(dev.sluice.limiter.grpc.AcquireBatchRequest message) {
    List<dev.sluice.limiter.grpc.BalanceRequest> requests = message.getRequestsList();
    var bodies = new BalanceRequest[requests.size()];
    for (int i = 0; i < bodies.length; i++) {
      bodies[i] = balance("requests[" + i + "].", requests.get(i));
    }
    return new AcquireBatchRequest(
        List.of(bodies),
        switch (message.getMode()) {
          case EACH -> AcquireBatchRequest.Mode.EACH;
          case ALL -> AcquireBatchRequest.Mode.ALL;
          case UNRECOGNIZED -> throw invalid("mode", "must be EACH or ALL");
        },
        message.hasWait() ? ProtoDurations.of("wait", message.getWait()) : null);
  }

  static BalanceRequest balance(dev.sluice.limiter.grpc.BalanceRequest message) {
    return balance("", message);
  }

  private static BalanceRequest balance(
      String field, dev.sluice.limiter.grpc.BalanceRequest message) {
    return new BalanceRequest(
        message.getKey(),
        message.hasPermits() ? message.getPermits() : null,
        message.hasPolicy() ? message.getPolicy() : null,
        message.hasLimit() ? limit(field + "limit.", message.getLimit()) : null);
  }

  static ResetRequest reset(dev.sluice.limiter.grpc.ResetRequest message) {
    return new ResetRequest(
        message.getKey(),
        message.hasPolicy() ? message.getPolicy() : null,
        message.hasLimit() ? limit("limit.", message.getLimit()) : null);
  }

  private static AcquireRequest.Limit limit(String field, dev.sluice.limiter.grpc.Limit limit) {
    return new AcquireRequest.Limit(
        switch (limit.getAlgorithm()) {
          case TOKEN_BUCKET -> Algorithm.TOKEN_BUCKET;
          case SLIDING_WINDOW -> Algorithm.SLIDING_WINDOW;
          case FIXED_WINDOW -> Algorithm.FIXED_WINDOW;
          case UNRECOGNIZED ->
              throw invalid(
                  field + "algorithm", "must be TOKEN_BUCKET, SLIDING_WINDOW or FIXED_WINDOW");
        },
        limit.getRate(),
        limit.hasPer() ? ProtoDurations.of(field + "per", limit.getPer()) : null,
        limit.hasUnit() ? limit.getUnit() : null,
        limit.hasBurst() ? limit.getBurst() : null);
  }

  private static ProblemException invalid(String field, String allowed) {
    return ProblemException.invalid(List.of(new FieldError(field, null, allowed)));
  }
}
