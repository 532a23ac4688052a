package dev.sluice.mesh.api.grpc;

import dev.sluice.csp.Reply;
import dev.sluice.mesh.api.events.EventsOperation;
import dev.sluice.mesh.api.mesh.KillRequest;
import dev.sluice.mesh.api.mesh.MeshOperation;
import dev.sluice.mesh.api.requests.Requests;
import dev.sluice.mesh.grpc.GetMeshRequest;
import dev.sluice.mesh.grpc.GetRequestRequest;
import dev.sluice.mesh.grpc.KillWorkerRequest;
import dev.sluice.mesh.grpc.KillWorkerResponse;
import dev.sluice.mesh.grpc.MeshEvent;
import dev.sluice.mesh.grpc.MeshGrpc;
import dev.sluice.mesh.grpc.MeshReply;
import dev.sluice.mesh.grpc.MeshRequest;
import dev.sluice.mesh.grpc.MeshView;
import dev.sluice.mesh.grpc.PipelineRequest;
import dev.sluice.mesh.grpc.PipelineResponse;
import dev.sluice.mesh.grpc.RequestState;
import dev.sluice.mesh.grpc.StallWorkerRequest;
import dev.sluice.mesh.grpc.StallWorkerResponse;
import dev.sluice.mesh.grpc.WatchMeshRequest;
import dev.sluice.service.Pending;
import dev.sluice.service.grpc.CheckedMessages;
import dev.sluice.service.grpc.Grpc;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionStage;

/** {@code sluice.mesh.v1.Mesh}. */
@GrpcService
public class MeshEndpoint extends MeshGrpc.MeshImplBase {
  private final Requests requests;
  private final MeshOperation mesh;
  private final EventsOperation events;
  private final Pipelines pipelines;
  private final ProtoRequests messages;

  @Inject
  MeshEndpoint(
      Requests requests,
      MeshOperation mesh,
      EventsOperation events,
      Pipelines pipelines,
      ProtoRequests messages) {
    this.requests = requests;
    this.mesh = mesh;
    this.events = events;
    this.pipelines = pipelines;
    this.messages = messages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return CheckedMessages.of(super.bindService());
  }

  @Override
  public void request(MeshRequest message, StreamObserver<MeshReply> caller) {
    Grpc.answerPending(
        caller, requests.request(messages.request(message)).thenApply(ProtoAnswers::reply));
  }

  @Override
  public void getRequest(GetRequestRequest message, StreamObserver<RequestState> caller) {
    Grpc.answerPending(caller, requests.find(message.getId()).thenApply(ProtoAnswers::state));
  }

  @Override
  public StreamObserver<PipelineRequest> pipeline(StreamObserver<PipelineResponse> caller) {
    return pipelines.open((ServerCallStreamObserver<PipelineResponse>) caller);
  }

  @Override
  public void getMesh(GetMeshRequest message, StreamObserver<MeshView> caller) {
    answer(caller, mesh.view().thenApply(ProtoMesh::view));
  }

  @Override
  public void watchMesh(WatchMeshRequest message, StreamObserver<MeshEvent> caller) {
    var watch = new GrpcWatch((ServerCallStreamObserver<MeshEvent>) caller);
    events
        .watch()
        .thenApply(watched -> events.start(watched, watch))
        .whenComplete((_, failure) -> {
          if (failure != null) {
            watch.fail(failure);
          }
        });
  }

  @Override
  public void stallWorker(StallWorkerRequest message, StreamObserver<StallWorkerResponse> caller) {
    answer(
        caller,
        mesh.stall(ProtoRequests.stall(message))
            .thenApply(_ -> StallWorkerResponse.getDefaultInstance()));
  }

  @Override
  public void killWorker(KillWorkerRequest message, StreamObserver<KillWorkerResponse> caller) {
    answer(
        caller,
        mesh.kill(new KillRequest(ProtoRequests.text(message.getWorker())))
            .thenApply(_ -> KillWorkerResponse.getDefaultInstance()));
  }

  private static <T> void answer(StreamObserver<T> caller, CompletionStage<T> answer) {
    Grpc.answerPending(caller, new Pending<>(answer, new Reply<>()));
  }
}
