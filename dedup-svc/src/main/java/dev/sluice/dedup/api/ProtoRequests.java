package dev.sluice.dedup.api;

import dev.sluice.dedup.grpc.CountRequest;
import dev.sluice.dedup.grpc.DedupBatchItem;
import dev.sluice.dedup.grpc.ForgetRequest;
import dev.sluice.dedup.grpc.PeekRequest;
import dev.sluice.service.grpc.ProtoDurations;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads gRPC's messages as what HTTP's bodies are. */
final class ProtoRequests {
  private ProtoRequests() {}

  @SuppressWarnings("NullAway") // what is missing is for the operation to complain of
  static DedupRequest dedup(dev.sluice.dedup.grpc.DedupRequest message) {
    return new DedupRequest(
        message.getKey(),
        message.hasTtl() ? ProtoDurations.of("ttl", message.getTtl()) : null,
        message.hasNamespace() ? message.getNamespace() : null,
        message.getExtend());
  }

  static DedupBatchRequest batch(dev.sluice.dedup.grpc.DedupBatchRequest message) {
    List<DedupBatchItem> requests = message.getRequestsList();
    var items = new ArrayList<DedupBatchRequest.@Nullable Item>(requests.size());
    for (int i = 0; i < requests.size(); i++) {
      items.add(item(requests.get(i), i));
    }
    return new DedupBatchRequest(
        items,
        message.hasNamespace() ? message.getNamespace() : null,
        message.hasTtl() ? ProtoDurations.of("ttl", message.getTtl()) : null,
        message.getExtend());
  }

  private static DedupBatchRequest.Item item(DedupBatchItem message, int place) {
    return new DedupBatchRequest.Item(
        message.getKey(),
        message.hasTtl()
            ? ProtoDurations.of("requests[" + place + "].ttl", message.getTtl())
            : null,
        message.hasNamespace() ? message.getNamespace() : null,
        message.hasExtend() ? message.getExtend() : null);
  }

  static KeyRequest peek(PeekRequest message) {
    return new KeyRequest(message.getKey(), message.hasNamespace() ? message.getNamespace() : null);
  }

  static KeyRequest forget(ForgetRequest message) {
    return new KeyRequest(message.getKey(), message.hasNamespace() ? message.getNamespace() : null);
  }

  static String count(CountRequest message) {
    return message.hasNamespace() ? message.getNamespace() : DedupRequest.DEFAULT_NAMESPACE;
  }
}
