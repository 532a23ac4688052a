package dev.sluice.limiter.api.envoy;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.limiter.api.envoy.EnvoyRendering.HeaderNames;
import dev.sluice.limiter.process.envoy.EnvoyDecision;
import dev.sluice.limiter.process.envoy.JsonNull;
import dev.sluice.limiter.process.envoy.RateLimit;
import dev.sluice.service.grpc.ProtoDurations;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import java.util.List;
import java.util.Map;

/** Renders decisions. */
final class EnvoyResponses {
  private final EnvoyRendering rendering;

  EnvoyResponses(EnvoyRendering rendering) {
    this.rendering = rendering;
  }

  RateLimitResponse of(RateLimitRequest request, EnvoyDecision.Decided decision) {
    var response = RateLimitResponse.newBuilder().setOverallCode(code(decision.overLimit()));
    for (EnvoyDecision.Status status : decision.statuses()) {
      response.addStatuses(status(status));
    }
    EnvoyDecision.Status nearest = decision.nearest();
    if (nearest != null) {
      rendering
          .responseHeaders()
          .ifPresent(names -> response.addAllResponseHeadersToAdd(headers(names, nearest)));
      rendering
          .requestHeaders()
          .ifPresent(names -> response.addAllRequestHeadersToAdd(headers(names, nearest)));
    }
    if (rendering.dynamicMetadata()) {
      response.setDynamicMetadata(dynamicMetadata(request, decision.metadata()));
    }
    return response.build();
  }

  private static DescriptorStatus status(EnvoyDecision.Status status) {
    var message =
        DescriptorStatus.newBuilder()
            .setCode(code(status.overLimit()))
            .setLimitRemaining((int) status.remaining()); // unsigned
    RateLimit limit = status.limit();
    if (limit != null) {
      message
          .setCurrentLimit(
              RateLimitResponse.RateLimit.newBuilder()
                  .setName(limit.name())
                  .setRequestsPerUnit((int) limit.requestsPerUnit()) // unsigned
                  .setUnit(RateLimitResponse.RateLimit.Unit.valueOf(limit.unit().name())))
          .setDurationUntilReset(ProtoDurations.of(status.untilReset()));
    }
    return message.build();
  }

  private static Code code(boolean overLimit) {
    return overLimit ? Code.OVER_LIMIT : Code.OK;
  }

  private static List<HeaderValue> headers(HeaderNames names, EnvoyDecision.Status status) {
    RateLimit limit = status.limit();
    return List.of(
        header(names.limit(), limit == null ? 0 : limit.requestsPerUnit()),
        header(names.remaining(), status.remaining()),
        header(names.reset(), status.untilReset().toSeconds()));
  }

  private static HeaderValue header(String name, long value) {
    return HeaderValue.newBuilder().setKey(name).setValue(Long.toString(value)).build();
  }

  /** What was asked, and the metadata of the rules that were met. */
  private static Struct dynamicMetadata(RateLimitRequest request, Map<String, Object> metadata) {
    var descriptors = ListValue.newBuilder();
    for (RateLimitDescriptor descriptor : request.getDescriptorsList()) {
      descriptors.addValues(Value.newBuilder().setStructValue(struct(descriptor)));
    }
    var fields =
        Struct.newBuilder()
            .putFields("domain", value(request.getDomain()))
            .putFields("descriptors", Value.newBuilder().setListValue(descriptors).build());
    if (request.getHitsAddend() != 0) {
      fields.putFields(
          "hitsAddend", value((double) Integer.toUnsignedLong(request.getHitsAddend())));
    }
    if (!metadata.isEmpty()) {
      fields.putFields("metadata", value(metadata));
    }
    return fields.build();
  }

  private static Struct struct(RateLimitDescriptor descriptor) {
    List<String> entries =
        descriptor.getEntriesList().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList();
    var fields = Struct.newBuilder().putFields("entries", value(entries));
    if (descriptor.hasLimit()) {
      var limit = descriptor.getLimit();
      fields.putFields(
          "limit",
          value(
              "requests_per_unit:"
                  + Integer.toUnsignedString(limit.getRequestsPerUnit())
                  + " unit:"
                  + limit.getUnit()));
    }
    if (descriptor.hasHitsAddend()) {
      fields.putFields("hitsAddend", value((double) descriptor.getHitsAddend().getValue()));
    }
    return fields.build();
  }

  private static Value value(Object json) {
    var value = Value.newBuilder();
    switch (json) {
      case String text -> value.setStringValue(text);
      case Double number -> value.setNumberValue(number);
      case Boolean bool -> value.setBoolValue(bool);
      case JsonNull _ -> value.setNullValue(NullValue.NULL_VALUE);
      case List<?> list -> {
        var values = ListValue.newBuilder();
        list.forEach(each -> values.addValues(value(each)));
        value.setListValue(values);
      }
      case Map<?, ?> map -> {
        var struct = Struct.newBuilder();
        map.forEach((key, each) -> struct.putFields((String) key, value(each)));
        value.setStructValue(struct);
      }
      default -> throw new IllegalArgumentException("not of JSON: " + json.getClass());
    }
    return value.build();
  }
}
