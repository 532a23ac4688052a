package dev.sluice.mesh.api;

import dev.sluice.mesh.grpc.GetMeshRequest;
import dev.sluice.mesh.grpc.Mesh;
import dev.sluice.mesh.grpc.MeshReply;
import dev.sluice.mesh.grpc.MeshView;
import dev.sluice.mesh.grpc.Shard;
import dev.sluice.mesh.grpc.Worker;
import dev.sluice.service.grpc.Grpc;
import dev.sluice.service.grpc.ProtoDurations;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;

/** {@code sluice.mesh.v1.Mesh}. */
@GrpcService
public class MeshGrpc implements Mesh {
  private final MeshOperation operation;

  @Inject
  MeshGrpc(MeshOperation operation) {
    this.operation = operation;
  }

  @Override
  public Uni<MeshReply> request(dev.sluice.mesh.grpc.MeshRequest message) {
    return Grpc.answer(() -> operation.request(record(message)).thenApply(MeshGrpc::reply));
  }

  @Override
  public Uni<MeshView> getMesh(GetMeshRequest message) {
    return Grpc.answer(() -> operation.look().thenApply(MeshGrpc::view));
  }

  private MeshRequest record(dev.sluice.mesh.grpc.MeshRequest message) {
    return new MeshRequest(
        message.getId().isEmpty() ? null : message.getId(),
        message.getKey(),
        message.getOp(),
        operation.payload(message.getPayload()),
        message.hasWait() ? ProtoDurations.of("wait", message.getWait()) : null);
  }

  private static MeshReply reply(MeshAnswer answer) {
    return MeshReply.newBuilder()
        .setId(answer.id())
        .setKey(answer.key())
        .setOp(answer.op())
        .setShard(answer.shard())
        .setWorker(answer.worker())
        .setEpoch(answer.epoch())
        .setReply(answer.reply())
        .build();
  }

  private static MeshView view(MeshOverview overview) {
    var view =
        MeshView.newBuilder()
            .setAccepted(overview.router().accepted())
            .setAnswered(overview.router().answered())
            .setInFlight(overview.router().inFlight());
    overview.shards().forEach(shard -> view.addShards(shard(shard)));
    overview.workers().forEach(worker -> view.addWorkers(worker(worker)));
    return view.build();
  }

  private static Shard shard(MeshOverview.Shard shard) {
    var message = Shard.newBuilder().setShard(shard.shard()).setEpoch(shard.epoch());
    if (shard.worker() != null) {
      message.setWorker(shard.worker());
    }
    return message.build();
  }

  private static Worker worker(MeshOverview.Worker worker) {
    var message =
        Worker.newBuilder()
            .setName(worker.name())
            .setState(worker.state())
            .setRestarts(worker.restarts())
            .setInFlight(worker.inFlight())
            .setServed(worker.served());
    Duration since = worker.sinceHeartbeat();
    if (since != null) {
      message.setSinceHeartbeat(ProtoDurations.of(since));
    }
    return message.build();
  }
}
