package dev.sluice.mesh.remote.link;

import dev.sluice.mesh.link.grpc.Fenced;
import dev.sluice.mesh.link.grpc.Leaving;
import dev.sluice.mesh.link.grpc.Own;
import dev.sluice.mesh.link.grpc.Owned;
import dev.sluice.mesh.link.grpc.Refused;
import dev.sluice.mesh.link.grpc.Release;
import dev.sluice.mesh.link.grpc.Released;
import dev.sluice.mesh.link.grpc.Routers;
import dev.sluice.mesh.link.grpc.Stall;
import dev.sluice.mesh.link.grpc.SupervisorToWorker;
import dev.sluice.mesh.link.grpc.WorkerToSupervisor;
import dev.sluice.mesh.link.grpc.WorkerWelcome;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.service.grpc.ProtoDurations;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a worker and the supervisor say to each other. */
final class WorkerControl {
  /** The most ops of a worker, and the most routers of a mesh. */
  static final int MOST = 1024;

  private WorkerControl() {}

  // Of the worker

  static WorkerToSupervisor join(WorkerJoin join) {
    var message =
        dev.sluice.mesh.link.grpc.WorkerJoin.newBuilder()
            .setName(join.name())
            .setGroup(join.group())
            .addAllOps(join.ops())
            .setLaunch(join.launch())
            .setIncarnation(join.incarnation())
            .putAllHolds(join.holds());
    if (join.pid() != null) {
      message.setPid(join.pid());
    }
    return WorkerToSupervisor.newBuilder().setJoin(message).build();
  }

  static WorkerJoin join(WorkerToSupervisor first) {
    if (!first.hasJoin()) {
      throw Check.missing("join");
    }
    var join = first.getJoin();
    return new WorkerJoin(
        Check.name("join.name", join.getName()),
        Check.name("join.group", join.getGroup()),
        ops(join.getOpsList()),
        Check.within("join.launch", join.getLaunch(), 0, Long.MAX_VALUE),
        Check.within("join.incarnation", join.getIncarnation(), 0, Long.MAX_VALUE),
        holds(join.getHoldsMap()),
        pid(join.getPid()));
  }

  static SortedSet<String> ops(Iterable<String> names) {
    var ops = new TreeSet<String>();
    names.forEach(op -> ops.add(Check.name("ops", op)));
    Check.within("the number of ops", ops.size(), 1, MOST);
    return ops;
  }

  private static Map<Integer, Long> holds(Map<Integer, Long> holds) {
    var checked = new HashMap<Integer, Long>();
    holds.forEach((shard, epoch) -> checked.put(Check.shard(shard), Check.epoch(epoch)));
    return checked;
  }

  static @Nullable Long pid(long pid) {
    Check.within("pid", pid, 0, Long.MAX_VALUE);
    return pid == 0 ? null : pid;
  }

  static void sendReport(WorkerReport report, Encoder.Sink<WorkerToSupervisor> to)
      throws InterruptedException {
    switch (report) {
      case WorkerReport.Owned(int shard, long epoch) ->
          to.send(
              WorkerToSupervisor.newBuilder()
                  .setOwned(Owned.newBuilder().setShard(shard).setEpoch(epoch))
                  .build());
      case WorkerReport.Released(int shard, long epoch, ShardState state) ->
          States.split(
              state,
              (part, more) ->
                  to.send(
                      WorkerToSupervisor.newBuilder()
                          .setReleased(
                              Released.newBuilder()
                                  .setShard(shard)
                                  .setEpoch(epoch)
                                  .setState(part)
                                  .setMore(more))
                          .build()));
      case WorkerReport.Leaving() ->
          to.send(WorkerToSupervisor.newBuilder().setLeaving(Leaving.getDefaultInstance()).build());
    }
  }

  static Decoder<WorkerToSupervisor, WorkerReport> reports() {
    var states = new States.Joiner();
    return message -> {
      if (!message.hasReleased()) {
        states.requireWhole();
      }
      return switch (message.getMessageCase()) {
        case JOIN -> throw Check.unexpected("join");
        case OWNED ->
            new WorkerReport.Owned(
                Check.shard(message.getOwned().getShard()),
                Check.epoch(message.getOwned().getEpoch()));
        case RELEASED -> released(message.getReleased(), states);
        case LEAVING -> new WorkerReport.Leaving();
        case MESSAGE_NOT_SET -> throw Check.missing("message");
      };
    };
  }

  private static WorkerReport.@Nullable Released released(Released released, States.Joiner states) {
    int shard = Check.shard(released.getShard());
    long epoch = Check.epoch(released.getEpoch());
    ShardState state = states.join(shard, epoch, released.getState(), released.getMore());
    return state == null ? null : new WorkerReport.Released(shard, epoch, state);
  }

  // Of the supervisor

  static void sendOrder(WorkerOrder order, Encoder.Sink<SupervisorToWorker> to)
      throws InterruptedException {
    switch (order) {
      case WorkerOrder.Own(int shard, long epoch, ShardState state) ->
          States.split(
              state,
              (part, more) ->
                  to.send(
                      SupervisorToWorker.newBuilder()
                          .setOwn(
                              Own.newBuilder()
                                  .setShard(shard)
                                  .setEpoch(epoch)
                                  .setState(part)
                                  .setMore(more))
                          .build()));
      default -> to.send(encode(order).build());
    }
  }

  private static SupervisorToWorker.Builder encode(WorkerOrder order) {
    var message = SupervisorToWorker.newBuilder();
    return switch (order) {
      case WorkerOrder.Welcome welcome ->
          message.setWelcome(
              WorkerWelcome.newBuilder()
                  .setName(welcome.worker().name())
                  .setIncarnation(welcome.worker().incarnation())
                  .setHeartbeat(ProtoDurations.of(welcome.heartbeat())));
      case WorkerOrder.Refused(String reason) ->
          message.setRefused(Refused.newBuilder().setReason(reason));
      case WorkerOrder.Own(int shard, long epoch, _) ->
          message.setOwn(Own.newBuilder().setShard(shard).setEpoch(epoch));
      case WorkerOrder.Release(int shard, long epoch) ->
          message.setRelease(Release.newBuilder().setShard(shard).setEpoch(epoch));
      case WorkerOrder.Routers routers -> message.setRouters(routers(routers));
      case WorkerOrder.Fenced(String reason) ->
          message.setFenced(Fenced.newBuilder().setReason(reason));
      case WorkerOrder.Stall stall ->
          message.setStall(Stall.newBuilder().setTime(ProtoDurations.of(stall.time())));
    };
  }

  private static Routers routers(WorkerOrder.Routers routers) {
    var message = Routers.newBuilder();
    routers.routers().forEach(router -> message.addRouters(address(router)));
    return message.build();
  }

  static dev.sluice.mesh.link.grpc.RouterAddress address(RouterAddress router) {
    return dev.sluice.mesh.link.grpc.RouterAddress.newBuilder()
        .setName(router.name())
        .setTarget(router.target())
        .build();
  }

  static RouterAddress address(dev.sluice.mesh.link.grpc.RouterAddress router) {
    return new RouterAddress(
        Check.name("router.name", router.getName()),
        Check.name("router.target", router.getTarget()));
  }

  static Decoder<SupervisorToWorker, WorkerOrder> orders() {
    var states = new States.Joiner();
    return message -> {
      if (!message.hasOwn()) {
        states.requireWhole();
      }
      return switch (message.getMessageCase()) {
        case WELCOME -> welcome(message.getWelcome());
        case REFUSED -> new WorkerOrder.Refused(message.getRefused().getReason());
        case OWN -> own(message.getOwn(), states);
        case RELEASE ->
            new WorkerOrder.Release(
                Check.shard(message.getRelease().getShard()),
                Check.epoch(message.getRelease().getEpoch()));
        case ROUTERS -> routers(message.getRouters());
        case FENCED -> new WorkerOrder.Fenced(message.getFenced().getReason());
        case STALL ->
            new WorkerOrder.Stall(Check.positive("stall.time", message.getStall().getTime()));
        case MESSAGE_NOT_SET -> throw Check.missing("message");
      };
    };
  }

  private static WorkerOrder welcome(WorkerWelcome welcome) {
    return new WorkerOrder.Welcome(
        new WorkerId(
            Check.name("welcome.name", welcome.getName()),
            Check.within("welcome.incarnation", welcome.getIncarnation(), 1, Long.MAX_VALUE)),
        Check.positive("welcome.heartbeat", welcome.getHeartbeat()));
  }

  private static WorkerOrder.@Nullable Own own(Own own, States.Joiner states) {
    int shard = Check.shard(own.getShard());
    long epoch = Check.epoch(own.getEpoch());
    ShardState state = states.join(shard, epoch, own.getState(), own.getMore());
    return state == null ? null : new WorkerOrder.Own(shard, epoch, state);
  }

  private static WorkerOrder routers(Routers routers) {
    Check.within("the number of routers", routers.getRoutersCount(), 0, MOST);
    return new WorkerOrder.Routers(
        routers.getRoutersList().stream().map(WorkerControl::address).toList());
  }
}
