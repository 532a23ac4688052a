package dev.sluice.mesh.remote.link;

import dev.sluice.mesh.link.grpc.Counts;
import dev.sluice.mesh.link.grpc.Drained;
import dev.sluice.mesh.link.grpc.Fence;
import dev.sluice.mesh.link.grpc.GiveUp;
import dev.sluice.mesh.link.grpc.Groups;
import dev.sluice.mesh.link.grpc.KnownEpoch;
import dev.sluice.mesh.link.grpc.Load;
import dev.sluice.mesh.link.grpc.Route;
import dev.sluice.mesh.link.grpc.RouterToSupervisor;
import dev.sluice.mesh.link.grpc.RouterWelcome;
import dev.sluice.mesh.link.grpc.SupervisorToRouter;
import dev.sluice.mesh.model.Group;
import dev.sluice.mesh.model.RouterCounts;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.service.grpc.ProtoDurations;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a router and the supervisor say to each other. */
final class RouterControl {
  private RouterControl() {}

  // Of the router

  static RouterToSupervisor join(RouterJoin join) {
    var message =
        dev.sluice.mesh.link.grpc.RouterJoin.newBuilder()
            .setAddress(WorkerControl.address(join.address()))
            .setLaunch(join.launch())
            .setHasHistory(join.hasHistory());
    if (join.pid() != null) {
      message.setPid(join.pid());
    }
    join.epochs()
        .forEach((slice, epoch) ->
            message.addEpochs(
                KnownEpoch.newBuilder()
                    .setGroup(slice.group())
                    .setShard(slice.shard())
                    .setEpoch(epoch)));
    return RouterToSupervisor.newBuilder().setJoin(message).build();
  }

  static RouterJoin join(RouterToSupervisor first) {
    if (!first.hasJoin()) {
      throw Check.missing("join");
    }
    var join = first.getJoin();
    Map<Slice, Long> epochs = new HashMap<>();
    join.getEpochsList()
        .forEach(known ->
            epochs.put(
                new Slice(
                    Check.name("epochs.group", known.getGroup()), Check.shard(known.getShard())),
                Check.epoch(known.getEpoch())));
    return new RouterJoin(
        WorkerControl.address(join.getAddress()),
        Check.within("join.launch", join.getLaunch(), 0, Long.MAX_VALUE),
        epochs,
        join.getHasHistory(),
        WorkerControl.pid(join.getPid()));
  }

  static void sendReport(RouterReport report, Encoder.Sink<RouterToSupervisor> to)
      throws InterruptedException {
    var message = RouterToSupervisor.newBuilder();
    switch (report) {
      case RouterReport.Counts(RouterCounts counts) -> message.setCounts(counts(counts));
      case RouterReport.Drained() -> message.setDrained(Drained.getDefaultInstance());
    }
    to.send(message.build());
  }

  static Counts counts(RouterCounts counts) {
    var message =
        Counts.newBuilder()
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
                Load.newBuilder()
                    .setLinked(load.isLinked())
                    .setInFlight(load.inFlight())
                    .setServed(load.served())
                    .build()));
    return message.build();
  }

  static Decoder<RouterToSupervisor, RouterReport> reports() {
    return message ->
        switch (message.getMessageCase()) {
          case JOIN -> throw Check.unexpected("join");
          case COUNTS -> new RouterReport.Counts(counts(message.getCounts()));
          case DRAINED -> new RouterReport.Drained();
          case MESSAGE_NOT_SET -> throw Check.missing("message");
        };
  }

  private static RouterCounts counts(Counts counts) {
    Check.within("the number of workers", counts.getWorkersCount(), 0, WorkerControl.MOST);
    Map<String, RouterCounts.Load> workers = new LinkedHashMap<>();
    counts
        .getWorkersMap()
        .forEach((worker, load) ->
            workers.put(
                Check.name("workers", worker),
                new RouterCounts.Load(load.getLinked(), load.getInFlight(), load.getServed())));
    return new RouterCounts(
        counts.getInFlight(),
        counts.getWaiting(),
        counts.getLogged(),
        counts.getAccepted(),
        counts.getAnswered(),
        counts.getRecovered(),
        counts.getGivenUp(),
        counts.getNotInTime(),
        counts.getOverloaded(),
        counts.getRedelivered(),
        counts.getStale(),
        workers);
  }

  // Of the supervisor

  static void sendOrder(RouterOrder order, Encoder.Sink<SupervisorToRouter> to)
      throws InterruptedException {
    var message = SupervisorToRouter.newBuilder();
    switch (order) {
      case RouterOrder.Welcome welcome ->
          message.setWelcome(
              RouterWelcome.newBuilder()
                  .setHeartbeat(ProtoDurations.of(welcome.heartbeat()))
                  .setShards(welcome.shards()));
      case RouterOrder.Groups groups -> message.setGroups(groups(groups));
      case RouterOrder.Route(Slice slice, WorkerId owner, long epoch) ->
          message.setRoute(
              Route.newBuilder()
                  .setGroup(slice.group())
                  .setShard(slice.shard())
                  .setWorker(owner.name())
                  .setIncarnation(owner.incarnation())
                  .setEpoch(epoch));
      case RouterOrder.Fence(WorkerId worker) ->
          message.setFence(
              Fence.newBuilder().setWorker(worker.name()).setIncarnation(worker.incarnation()));
      case RouterOrder.GiveUp(String group) ->
          message.setGiveUp(GiveUp.newBuilder().setGroup(group));
    }
    to.send(message.build());
  }

  private static Groups groups(RouterOrder.Groups groups) {
    var message = Groups.newBuilder();
    groups
        .groups()
        .forEach(group ->
            message.addGroups(
                dev.sluice.mesh.link.grpc.Group.newBuilder()
                    .setName(group.name())
                    .addAllOps(group.ops())));
    return message.build();
  }

  static Decoder<SupervisorToRouter, RouterOrder> orders() {
    return message ->
        switch (message.getMessageCase()) {
          case WELCOME ->
              new RouterOrder.Welcome(
                  Check.positive("welcome.heartbeat", message.getWelcome().getHeartbeat()),
                  (int)
                      Check.within(
                          "welcome.shards",
                          message.getWelcome().getShards(),
                          1,
                          Check.MOST_SHARDS));
          case GROUPS -> groups(message.getGroups());
          case ROUTE -> route(message.getRoute());
          case FENCE ->
              new RouterOrder.Fence(
                  worker(message.getFence().getWorker(), message.getFence().getIncarnation()));
          case GIVE_UP ->
              new RouterOrder.GiveUp(Check.name("give_up.group", message.getGiveUp().getGroup()));
          case MESSAGE_NOT_SET -> throw Check.missing("message");
        };
  }

  private static RouterOrder groups(Groups groups) {
    return new RouterOrder.Groups(
        groups.getGroupsList().stream()
            .map(group ->
                new Group(
                    Check.name("group.name", group.getName()),
                    WorkerControl.ops(group.getOpsList())))
            .toList());
  }

  private static RouterOrder route(Route route) {
    return new RouterOrder.Route(
        new Slice(Check.name("route.group", route.getGroup()), Check.shard(route.getShard())),
        worker(route.getWorker(), route.getIncarnation()),
        Check.epoch(route.getEpoch()));
  }

  static WorkerId worker(String name, long incarnation) {
    return new WorkerId(
        Check.name("worker", name), Check.within("incarnation", incarnation, 1, Long.MAX_VALUE));
  }
}
