package dev.sluice.mesh.remote.link;

import dev.sluice.mesh.link.grpc.Beat;
import dev.sluice.mesh.link.grpc.BeatAck;
import dev.sluice.mesh.link.grpc.RouterToSupervisor;
import dev.sluice.mesh.link.grpc.SupervisorToRouter;
import dev.sluice.mesh.link.grpc.SupervisorToWorker;
import dev.sluice.mesh.link.grpc.WorkerToSupervisor;
import dev.sluice.mesh.process.Supervisor;
import dev.sluice.service.grpc.CheckedMessages;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;
import java.util.Optional;

/** {@code sluice.mesh.link.v1.Membership}: the supervisor's end of the links with all others. */
@GrpcService
public class MembershipGrpc extends dev.sluice.mesh.link.grpc.MembershipGrpc.MembershipImplBase {
  private final Optional<Members> members;
  private final ServerStreams streams;

  @Inject
  MembershipGrpc(Optional<Supervisor> supervisor, ServerStreams streams) {
    this(streams, supervisor.map(Members::of));
  }

  MembershipGrpc(ServerStreams streams, Optional<Members> members) {
    this.members = members;
    this.streams = streams;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return CheckedMessages.of(super.bindService());
  }

  @Override
  public StreamObserver<WorkerToSupervisor> joinWorker(StreamObserver<SupervisorToWorker> caller) {
    return streams.serve(
        "link with a worker",
        caller,
        (stream, first) -> {
          var join = WorkerControl.join(first);
          var bridge =
              new Bridge<>(
                  join.name(),
                  stream,
                  WorkerControl::sendOrder,
                  WorkerControl.reports(),
                  Capacities.CONTROL);
          taken(members().join(join, bridge.link()));
          return bridge;
        });
  }

  @Override
  public StreamObserver<RouterToSupervisor> joinRouter(StreamObserver<SupervisorToRouter> caller) {
    return streams.serve(
        "link with a router",
        caller,
        (stream, first) -> {
          var join = RouterControl.join(first);
          var bridge =
              new Bridge<>(
                  join.address().name(),
                  stream,
                  RouterControl::sendOrder,
                  RouterControl.reports(),
                  Capacities.CONTROL);
          taken(members().join(join, bridge.link()));
          return bridge;
        });
  }

  @Override
  public StreamObserver<Beat> beats(StreamObserver<BeatAck> caller) {
    return streams.serve(
        "beats",
        caller,
        (stream, first) -> {
          var bridge =
              new Bridge<dev.sluice.mesh.model.BeatAck, dev.sluice.mesh.model.Beat, BeatAck, Beat>(
                  first.getMember(), stream, Beating::sendAck, Beating::beat, Capacities.BEATS);
          bridge.put(Beating.beat(first));
          taken(members().beats(bridge.link()));
          return bridge;
        });
  }

  private Members members() {
    return members.orElseThrow(() -> ServerStreams.notTaken("this process is no supervisor"));
  }

  private static void taken(boolean isTaken) {
    if (!isTaken) {
      throw ServerStreams.notTaken("the supervisor takes no more links");
    }
  }
}
