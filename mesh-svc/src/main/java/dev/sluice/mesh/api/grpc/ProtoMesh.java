package dev.sluice.mesh.api.grpc;

import dev.sluice.mesh.grpc.Group;
import dev.sluice.mesh.grpc.MeshView;
import dev.sluice.mesh.grpc.Router;
import dev.sluice.mesh.grpc.RouterCounts;
import dev.sluice.mesh.grpc.RouterJoined;
import dev.sluice.mesh.grpc.RouterLeft;
import dev.sluice.mesh.grpc.Shard;
import dev.sluice.mesh.grpc.ShardOwned;
import dev.sluice.mesh.grpc.Worker;
import dev.sluice.mesh.grpc.WorkerFenced;
import dev.sluice.mesh.grpc.WorkerJoined;
import dev.sluice.mesh.grpc.WorkerLoad;
import dev.sluice.mesh.grpc.WorkerOutOfService;
import dev.sluice.mesh.grpc.WorkerState;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.service.grpc.ProtoDurations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The mesh, and what happens to it, as gRPC has it. */
final class ProtoMesh {
  private ProtoMesh() {}

  static MeshView view(dev.sluice.mesh.model.MeshView view) {
    var message =
        MeshView.newBuilder()
            .setReassignments(view.reassignments())
            .setGathering(view.isGathering())
            .setHeartbeat(ProtoDurations.of(view.heartbeat()));
    view.shards().forEach(shard -> message.addShards(shard(shard)));
    view.workers().forEach(worker -> message.addWorkers(worker(worker)));
    view.routers().forEach(router -> message.addRouters(router(router)));
    view.groups()
        .forEach(group ->
            message.addGroups(
                Group.newBuilder().setName(group.name()).addAllOps(group.ops()).build()));
    return message.build();
  }

  static dev.sluice.mesh.grpc.MeshEvent first(dev.sluice.mesh.model.MeshView view) {
    return dev.sluice.mesh.grpc.MeshEvent.newBuilder().setMesh(view(view)).build();
  }

  static dev.sluice.mesh.grpc.MeshEvent event(MeshEvent event) {
    var message = dev.sluice.mesh.grpc.MeshEvent.newBuilder();
    switch (event) {
      case MeshEvent.WorkerJoined joined -> message.setWorkerJoined(joined(joined));
      case MeshEvent.WorkerFenced fenced -> message.setWorkerFenced(fenced(fenced));
      case MeshEvent.WorkerOutOfService(String worker, String reason) ->
          message.setWorkerOutOfService(
              WorkerOutOfService.newBuilder().setWorker(worker).setReason(reason));
      case MeshEvent.ShardOwned owned -> message.setShardOwned(owned(owned));
      case MeshEvent.RouterJoined(String router, String target, Long pid) ->
          message.setRouterJoined(
              RouterJoined.newBuilder().setRouter(router).setTarget(target).setPid(pid(pid)));
      case MeshEvent.RouterLeft(String router, String reason) ->
          message.setRouterLeft(RouterLeft.newBuilder().setRouter(router).setReason(reason));
    }
    return message.build();
  }

  static WorkerState state(dev.sluice.mesh.model.WorkerState state) {
    return switch (state) {
      case STARTING -> WorkerState.WORKER_STATE_STARTING;
      case LIVE -> WorkerState.WORKER_STATE_LIVE;
      case LEAVING -> WorkerState.WORKER_STATE_LEAVING;
      case RESTARTING -> WorkerState.WORKER_STATE_RESTARTING;
      case GONE -> WorkerState.WORKER_STATE_GONE;
      case OUT_OF_SERVICE -> WorkerState.WORKER_STATE_OUT_OF_SERVICE;
    };
  }

  private static Shard shard(dev.sluice.mesh.model.MeshView.Shard shard) {
    var message =
        Shard.newBuilder()
            .setGroup(shard.slice().group())
            .setShard(shard.slice().shard())
            .setEpoch(shard.epoch());
    if (shard.owner() != null) {
      message.setWorker(shard.owner());
    }
    return message.build();
  }

  private static Worker worker(dev.sluice.mesh.model.MeshView.Worker worker) {
    var message =
        Worker.newBuilder()
            .setName(worker.name())
            .setGroup(worker.group())
            .setState(state(worker.state()))
            .setIncarnation(worker.incarnation())
            .setPid(pid(worker.pid()))
            .setRestarts(worker.restarts());
    Duration since = worker.sinceHeartbeat();
    if (since != null) {
      message.setSinceHeartbeat(ProtoDurations.of(since));
    }
    if (worker.reason() != null) {
      message.setReason(worker.reason());
    }
    return message.build();
  }

  private static Router router(dev.sluice.mesh.model.MeshView.Router router) {
    var message =
        Router.newBuilder()
            .setName(router.name())
            .setTarget(router.target())
            .setLinked(router.isLinked())
            .setPid(pid(router.pid()))
            .setRestarts(router.restarts());
    Duration since = router.sinceHeartbeat();
    if (since != null) {
      message.setSinceHeartbeat(ProtoDurations.of(since));
    }
    if (router.counts() != null) {
      message.setCounts(counts(router.counts()));
    }
    return message.build();
  }

  private static RouterCounts counts(dev.sluice.mesh.model.RouterCounts counts) {
    var message =
        RouterCounts.newBuilder()
            .setInFlight(counts.inFlight())
            .setWaiting(counts.waiting())
            .setLogged(counts.logged())
            .setAccepted(counts.accepted())
            .setAnswered(counts.answered())
            .setRecovered(counts.recovered())
            .setGivenUp(counts.givenUp())
            .setNotInTime(counts.notInTime())
            .setOverloaded(counts.overloaded())
            .setRedelivered(counts.redelivered())
            .setStale(counts.stale());
    counts
        .workers()
        .forEach((worker, load) ->
            message.putWorkers(
                worker,
                WorkerLoad.newBuilder()
                    .setLinked(load.isLinked())
                    .setInFlight(load.inFlight())
                    .setServed(load.served())
                    .build()));
    return message.build();
  }

  private static WorkerJoined joined(MeshEvent.WorkerJoined joined) {
    return WorkerJoined.newBuilder()
        .setWorker(joined.worker().name())
        .setIncarnation(joined.worker().incarnation())
        .setGroup(joined.group())
        .setPid(pid(joined.pid()))
        .build();
  }

  private static WorkerFenced fenced(MeshEvent.WorkerFenced fenced) {
    return WorkerFenced.newBuilder()
        .setWorker(fenced.worker().name())
        .setIncarnation(fenced.worker().incarnation())
        .setReason(fenced.reason())
        .setSilent(ProtoDurations.of(fenced.silent()))
        .setNext(state(fenced.next()))
        .build();
  }

  private static ShardOwned owned(MeshEvent.ShardOwned owned) {
    return ShardOwned.newBuilder()
        .setGroup(owned.slice().group())
        .setShard(owned.slice().shard())
        .setWorker(owned.owner().name())
        .setIncarnation(owned.owner().incarnation())
        .setEpoch(owned.epoch())
        .build();
  }

  private static long pid(@Nullable Long pid) {
    return pid == null ? 0 : pid;
  }
}
