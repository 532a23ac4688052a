package dev.sluice.mesh.api.grpc;

import dev.sluice.mesh.api.mesh.StallRequest;
import dev.sluice.mesh.api.requests.MeshRequest;
import dev.sluice.mesh.grpc.StallWorkerRequest;
import dev.sluice.service.grpc.ProtoDurations;
import dev.sluice.service.json.JsonInput;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Requests as gRPC has them, made those of HTTP. */
@Singleton
class ProtoRequests {
  private final JsonInput json;

  @Inject
  ProtoRequests(JsonInput json) {
    this.json = json;
  }

  MeshRequest request(dev.sluice.mesh.grpc.MeshRequest message) {
    return new MeshRequest(
        text(message.getId()),
        text(message.getKey()),
        text(message.getOp()),
        message.getPayload().isEmpty() ? null : json.text("payload", message.getPayload()),
        message.hasWait() ? ProtoDurations.of("wait", message.getWait()) : null,
        message.hasDurable() ? message.getDurable() : null);
  }

  static StallRequest stall(StallWorkerRequest message) {
    return new StallRequest(
        text(message.getWorker()),
        message.hasTime() ? ProtoDurations.of("time", message.getTime()) : null);
  }

  /** What is not set over gRPC is empty. */
  static @Nullable String text(String value) {
    return value.isEmpty() ? null : value;
  }
}
