package dev.sluice.mesh.remote.link;

import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Semaphore;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.grpc.Grpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Takes links from others, so many at once. */
public final class ServerStreams {
  private final Scope scope;
  private final Semaphore open;
  private final Duration firstWithin;

  /**
   * For all links of this process.
   *
   * @param scope where their processes live; when it is cancelled, the links end
   * @param max how many may be open
   * @param firstWithin how long a dialler may take to say who it is
   */
  public ServerStreams(Scope scope, int max, Duration firstWithin) {
    this.scope = scope;
    this.open = Semaphore.in(scope, "links", max);
    this.firstWithin = firstWithin;
  }

  /** How many are open. */
  public int count() {
    return open.held();
  }

  /** Makes a bridge of a stream, by its first message. */
  interface Opening<P, Q> {
    /**
     * Opens it.
     *
     * @throws ProblemException the link is not taken
     */
    Bridge<?, ?, P, Q> open(GrpcStream<P, Q> stream, Q first);
  }

  /**
   * Serves a stream; to be called before the method of the service returns.
   *
   * @param name of the process that does
   */
  <P, Q> StreamObserver<Q> serve(String name, StreamObserver<P> caller, Opening<P, Q> opening) {
    var call = (ServerCallStreamObserver<P>) caller;
    call.disableAutoRequest();
    var stream = new GrpcStream<P, Q>(call, false, scope.clock());
    call.setOnReadyHandler(stream::onReady);
    call.setOnCancelHandler(stream::onEnd);
    call.setOnCloseHandler(stream::onEnd);
    Semaphore.@Nullable Permit permit = open.tryAcquire();
    if (permit == null) {
      refuse(stream, overloaded());
    } else {
      start(name, stream, opening, permit);
    }
    return new Inbound<>(stream);
  }

  private <P, Q> void start(
      String name, GrpcStream<P, Q> stream, Opening<P, Q> opening, Semaphore.Permit permit) {
    try {
      scope.start(
          name,
          () -> {
            try (permit) {
              serve(stream, opening);
            }
          });
    } catch (CancellationException stopping) {
      permit.release();
      refuse(stream, draining());
    }
  }

  private <P, Q> void serve(GrpcStream<P, Q> stream, Opening<P, Q> opening)
      throws InterruptedException {
    Bridge<?, ?, P, Q> bridge;
    try {
      Q first = stream.receiveFirst(firstWithin);
      if (first == null) {
        refuse(stream, tooLate());
        return;
      }
      bridge = opening.open(stream, first);
    } catch (RuntimeException refused) {
      refuse(stream, refused);
      return;
    } catch (InterruptedException stopping) {
      refuse(stream, draining());
      throw stopping;
    }
    bridge.startWriter(scope, null);
    stream.open();
    bridge.read();
  }

  private static void refuse(GrpcStream<?, ?> stream, RuntimeException why) {
    if (!stream.isOver()) {
      stream.cut(StatusProto.toStatusRuntimeException(Grpc.status(why)));
    }
    stream.finish();
  }

  static ProblemException notTaken(String what) {
    return new ProblemException(ProblemType.OVERLOADED, what);
  }

  private ProblemException overloaded() {
    return notTaken("all links that may be open are open");
  }

  private static ProblemException draining() {
    return new ProblemException(ProblemType.DRAINING, "the process is stopping");
  }

  private ProblemException tooLate() {
    return new ProblemException(
        ProblemType.NOT_IN_TIME,
        "the first message must come within " + firstWithin.toSeconds() + " s");
  }

  private record Inbound<Q>(GrpcStream<?, Q> stream) implements StreamObserver<Q> {
    @Override
    public void onNext(Q message) {
      stream.onMessage(message);
    }

    @Override
    public void onError(Throwable broken) {
      stream.onEnd();
    }

    @Override
    public void onCompleted() {
      stream.onInputEnd();
    }
  }
}
