package dev.sluice.pool.api.grpc;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.pool.api.events.EventAnswer;
import dev.sluice.pool.api.events.EventsOutlet;
import dev.sluice.pool.grpc.Event;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.grpc.Grpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A watcher over gRPC. */
final class GrpcWatch implements EventsOutlet {
  private enum Ready {
    NOW
  }

  private final ServerCallStreamObserver<Event> caller;

  /** Says that the caller takes more; closed when it is gone. */
  private final Channel<Ready> ready = Channel.buffered(1);

  /** To be made before the method of the service returns. */
  GrpcWatch(ServerCallStreamObserver<Event> caller) {
    this.caller = caller;
    caller.setOnReadyHandler(this::ready);
    caller.setOnCancelHandler(ready::tryClose);
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
  public void send(EventAnswer event) {
    if (!caller.isCancelled()) {
      caller.onNext(ProtoAnswers.event(event));
    }
  }

  /** HTTP/2 has its own. */
  @Override
  public void heartbeat() {}

  @Override
  public void end(@Nullable ProblemException why) {
    if (!ready.tryClose() || caller.isCancelled()) {
      return;
    }
    if (why == null) {
      caller.onCompleted();
    } else {
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
