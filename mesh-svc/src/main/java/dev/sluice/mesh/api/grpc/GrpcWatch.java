package dev.sluice.mesh.api.grpc;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.mesh.api.events.EventsOutlet;
import dev.sluice.mesh.grpc.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.grpc.Grpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A watcher over gRPC. */
final class GrpcWatch implements EventsOutlet {
  private enum Ready {
    NOW
  }

  private final ServerCallStreamObserver<MeshEvent> caller;

  /** Says that the caller takes more; closed when it is gone. */
  private final Channel<Ready> ready = Channel.buffered(1);

  private final Reply<Boolean> gone = new Reply<>();

  /** To be made before the method of the service returns. */
  GrpcWatch(ServerCallStreamObserver<MeshEvent> caller) {
    this.caller = caller;
    caller.setOnReadyHandler(this::ready);
    caller.setOnCancelHandler(this::cancelled);
  }

  private void cancelled() {
    ready.tryClose();
    gone.complete(true);
  }

  @Override
  public CompletionStage<Boolean> gone() {
    return gone.stage();
  }

  private void ready() {
    try {
      ready.trySend(Ready.NOW);
    } catch (ChannelClosedException gone) {
      // nothing is sent any more
    }
  }

  @Override
  public boolean awaitReady(Duration patience) throws InterruptedException {
    while (!ready.isClosedForSend()) {
      if (caller.isReady()) {
        return true;
      }
      if (ready.tryReceive(patience) == null) {
        return false;
      }
    }
    return false;
  }

  @Override
  public void send(MeshView view) {
    send(ProtoMesh.first(view));
  }

  @Override
  public void send(dev.sluice.mesh.model.MeshEvent event) {
    send(ProtoMesh.event(event));
  }

  private void send(MeshEvent message) {
    if (!caller.isCancelled()) {
      caller.onNext(message);
    }
  }

  /** HTTP/2 has its own. */
  @Override
  public void heartbeat() {}

  @Override
  public void end(ProblemException why) {
    if (ready.tryClose()) {
      fail(why);
    }
  }

  @Override
  public void hangUp() {
    end(
        new ProblemException(
            ProblemType.OVERLOADED, "the watch has ended: it was read too slowly"));
  }

  void fail(Throwable failure) {
    if (!caller.isCancelled()) {
      caller.onError(StatusProto.toStatusRuntimeException(Grpc.status(failure)));
    }
  }
}
