package dev.sluice.mesh.remote;

import dev.sluice.mesh.grpc.MeshEvent.EventCase;
import dev.sluice.mesh.model.Group;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.RouterCounts;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.model.WorkerState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a supervisor says of the mesh over gRPC, in the words of the mesh. */
final class MeshMessages {
  private MeshMessages() {}

  static MeshView view(dev.sluice.mesh.grpc.MeshView message) {
    return new MeshView(
        message.getGathering(),
        duration(message.getHeartbeat()),
        message.getGroupsList().stream()
            .map(group -> new Group(group.getName(), new TreeSet<>(group.getOpsList())))
            .toList(),
        message.getShardsList().stream().map(MeshMessages::shard).toList(),
        message.getWorkersList().stream().map(MeshMessages::worker).toList(),
        message.getRoutersList().stream().map(MeshMessages::router).toList(),
        message.getReassignments());
  }

  /** What has happened; null for how the mesh is, and for what only newer supervisors know. */
  static @Nullable MeshEvent event(dev.sluice.mesh.grpc.MeshEvent message) {
    EventCase what = message.getEventCase();
    return switch (what) {
      case WORKER_JOINED -> joined(message.getWorkerJoined());
      case WORKER_FENCED -> fenced(message.getWorkerFenced());
      case WORKER_OUT_OF_SERVICE ->
          new MeshEvent.WorkerOutOfService(
              message.getWorkerOutOfService().getWorker(),
              message.getWorkerOutOfService().getReason());
      case SHARD_OWNED -> owned(message.getShardOwned());
      case ROUTER_JOINED ->
          new MeshEvent.RouterJoined(
              message.getRouterJoined().getRouter(),
              message.getRouterJoined().getTarget(),
              pid(message.getRouterJoined().getPid()));
      case ROUTER_LEFT ->
          new MeshEvent.RouterLeft(
              message.getRouterLeft().getRouter(), message.getRouterLeft().getReason());
      case MESH, EVENT_NOT_SET -> null;
    };
  }

  static Duration duration(com.google.protobuf.Duration message) {
    return Duration.ofSeconds(message.getSeconds(), message.getNanos());
  }

  static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  private static MeshView.Shard shard(dev.sluice.mesh.grpc.Shard message) {
    return new MeshView.Shard(
        new Slice(message.getGroup(), message.getShard()),
        text(message.getWorker()),
        message.getEpoch());
  }

  private static MeshView.Worker worker(dev.sluice.mesh.grpc.Worker message) {
    return new MeshView.Worker(
        message.getName(),
        message.getGroup(),
        state(message.getState()),
        message.getIncarnation(),
        pid(message.getPid()),
        message.hasSinceHeartbeat() ? duration(message.getSinceHeartbeat()) : null,
        message.getRestarts(),
        text(message.getReason()));
  }

  private static MeshView.Router router(dev.sluice.mesh.grpc.Router message) {
    return new MeshView.Router(
        message.getName(),
        message.getTarget(),
        message.getLinked(),
        pid(message.getPid()),
        message.hasSinceHeartbeat() ? duration(message.getSinceHeartbeat()) : null,
        message.getRestarts(),
        message.hasCounts() ? counts(message.getCounts()) : null);
  }

  private static RouterCounts counts(dev.sluice.mesh.grpc.RouterCounts message) {
    Map<String, RouterCounts.Load> workers = new HashMap<>();
    message
        .getWorkersMap()
        .forEach((worker, load) ->
            workers.put(
                worker,
                new RouterCounts.Load(load.getLinked(), load.getInFlight(), load.getServed())));
    return new RouterCounts(
        message.getInFlight(),
        message.getWaiting(),
        message.getLogged(),
        message.getAccepted(),
        message.getAnswered(),
        message.getRecovered(),
        message.getGivenUp(),
        message.getNotInTime(),
        message.getOverloaded(),
        message.getRedelivered(),
        message.getStale(),
        workers);
  }

  private static MeshEvent joined(dev.sluice.mesh.grpc.WorkerJoined message) {
    return new MeshEvent.WorkerJoined(
        new WorkerId(message.getWorker(), message.getIncarnation()),
        message.getGroup(),
        pid(message.getPid()));
  }

  private static MeshEvent fenced(dev.sluice.mesh.grpc.WorkerFenced message) {
    return new MeshEvent.WorkerFenced(
        new WorkerId(message.getWorker(), message.getIncarnation()),
        message.getReason(),
        duration(message.getSilent()),
        state(message.getNext()));
  }

  private static MeshEvent owned(dev.sluice.mesh.grpc.ShardOwned message) {
    return new MeshEvent.ShardOwned(
        new Slice(message.getGroup(), message.getShard()),
        new WorkerId(message.getWorker(), message.getIncarnation()),
        message.getEpoch());
  }

  private static WorkerState state(dev.sluice.mesh.grpc.WorkerState message) {
    return switch (message) {
      case WORKER_STATE_STARTING -> WorkerState.STARTING;
      case WORKER_STATE_LIVE -> WorkerState.LIVE;
      case WORKER_STATE_LEAVING -> WorkerState.LEAVING;
      case WORKER_STATE_RESTARTING -> WorkerState.RESTARTING;
      case WORKER_STATE_OUT_OF_SERVICE -> WorkerState.OUT_OF_SERVICE;
      case WORKER_STATE_GONE, WORKER_STATE_UNSPECIFIED, UNRECOGNIZED -> WorkerState.GONE;
    };
  }

  private static @Nullable Long pid(long pid) {
    return pid == 0 ? null : pid;
  }

  private static @Nullable String text(String text) {
    return text.isEmpty() ? null : text;
  }
}
