package dev.sluice.mesh.remote;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.mesh.grpc.GetMeshRequest;
import dev.sluice.mesh.grpc.KillWorkerRequest;
import dev.sluice.mesh.grpc.MeshGrpc;
import dev.sluice.mesh.grpc.StallWorkerRequest;
import dev.sluice.mesh.grpc.WatchMeshRequest;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.process.Topology;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The mesh as a supervisor elsewhere sees it, asked over gRPC. What goes wrong is a {@link
 * io.grpc.StatusRuntimeException}: {@code NOT_FOUND}, with the supervisor's words, when a worker
 * cannot be stalled or killed.
 */
public final class RemoteTopology implements Topology {
  /** How many events wait for a watcher. */
  private static final int EVENTS = 1_024;

  private final ManagedChannel connection;
  private final MeshGrpc.MeshStub supervisor;
  private final Duration patience;

  /**
   * Asks nothing yet.
   *
   * @param supervisor to where it listens; the caller's to shut down
   * @param patience how long an answer may take
   */
  public RemoteTopology(ManagedChannel supervisor, Duration patience) {
    this.connection = supervisor;
    this.supervisor = MeshGrpc.newStub(supervisor);
    this.patience = patience;
  }

  @Override
  public CompletionStage<MeshView> view() {
    var answer = new Answer<dev.sluice.mesh.grpc.MeshView, MeshView>(MeshMessages::view);
    inTime().getMesh(GetMeshRequest.getDefaultInstance(), answer);
    return answer.reply.stage();
  }

  @Override
  public CompletionStage<Watch> watch() {
    var watcher = new Watcher();
    connection.resetConnectBackoff();
    supervisor.watchMesh(WatchMeshRequest.getDefaultInstance(), watcher);
    return watcher.begun.stage();
  }

  @Override
  public CompletionStage<Boolean> stall(String worker, Duration time) {
    var answer = new Answer<Object, Boolean>(_ -> true);
    inTime()
        .stallWorker(
            StallWorkerRequest.newBuilder()
                .setWorker(worker)
                .setTime(MeshMessages.duration(time))
                .build(),
            answer.any());
    return answer.reply.stage();
  }

  @Override
  public CompletionStage<Boolean> kill(String worker) {
    var answer = new Answer<Object, Boolean>(_ -> true);
    inTime().killWorker(KillWorkerRequest.newBuilder().setWorker(worker).build(), answer.any());
    return answer.reply.stage();
  }

  /** Dials at once, however long the supervisor was away. */
  private MeshGrpc.MeshStub inTime() {
    connection.resetConnectBackoff();
    return supervisor.withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Takes the one answer of a call. */
  private static final class Answer<A, T> implements StreamObserver<A> {
    private final Reply<T> reply = new Reply<>();
    private final Function<A, T> read;

    Answer(Function<A, T> read) {
      this.read = read;
    }

    /** The same, for an answer of which nothing is read. */
    @SuppressWarnings("unchecked")
    <B extends A> StreamObserver<B> any() {
      return (StreamObserver<B>) this;
    }

    @Override
    public void onNext(A answer) {
      reply.complete(read.apply(answer));
    }

    @Override
    public void onError(Throwable failure) {
      reply.fail(failure);
    }

    @Override
    public void onCompleted() {
      reply.fail(new IllegalStateException("the call has ended without an answer"));
    }
  }

  /** Takes what happens; has begun when the first message has come, which is how the mesh is. */
  private static final class Watcher
      implements ClientResponseObserver<WatchMeshRequest, dev.sluice.mesh.grpc.MeshEvent> {
    private final Reply<Watch> begun = new Reply<>();
    private final Channel<MeshEvent> events = Channel.buffered(EVENTS);

    /** Written before anything comes. */
    private @Nullable ClientCallStreamObserver<WatchMeshRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchMeshRequest> started) {
      call = started;
    }

    @Override
    public void onNext(dev.sluice.mesh.grpc.MeshEvent message) {
      begun.complete(new Watch(events, this::end));
      MeshEvent event = MeshMessages.event(message);
      try {
        if (event != null && !events.trySend(event)) {
          end(); // it does not keep up
        }
      } catch (ChannelClosedException ended) {
        // nobody watches any more
      }
    }

    @Override
    public void onError(Throwable failure) {
      begun.fail(failure);
      events.tryClose();
    }

    @Override
    public void onCompleted() {
      onError(new IllegalStateException("the watch has ended before it began"));
    }

    private void end() {
      events.tryClose();
      if (call != null) {
        call.cancel("the watcher has gone", null);
      }
    }
  }
}
