package dev.sluice.mesh.remote.link;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.link.grpc.MembershipGrpc;
import dev.sluice.mesh.link.grpc.MembershipGrpc.MembershipStub;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.mesh.process.Dialer;
import dev.sluice.mesh.process.Link;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Links over gRPC. Each link has a connection of its own: one that is dialled again never gets a
 * connection that is dead without anybody knowing yet, and no beat waits behind the state of a
 * shard.
 */
public final class GrpcDialer implements Dialer {
  private static final Logger LOG = Logger.getLogger(GrpcDialer.class);

  private final Scope scope;
  private final String supervisor;
  private final Runnable heard;

  /**
   * From this process.
   *
   * @param scope where the links' processes live
   * @param supervisor {@code host:port} of its gRPC
   * @param heard told each time that the supervisor is heard of; by any thread, must not wait
   */
  public GrpcDialer(Scope scope, String supervisor, Runnable heard) {
    this.scope = scope;
    this.supervisor = supervisor;
    this.heard = heard;
  }

  @Override
  public Link<WorkerReport, WorkerOrder> join(WorkerJoin join) {
    return dial(
        "supervisor",
        supervisor,
        (channel, answers) -> stub(channel).joinWorker(answers),
        WorkerControl.join(join),
        WorkerControl::sendReport,
        WorkerControl.orders(),
        Capacities.CONTROL);
  }

  @Override
  public Link<RouterReport, RouterOrder> join(RouterJoin join) {
    return dial(
        "supervisor",
        supervisor,
        (channel, answers) -> stub(channel).joinRouter(answers),
        RouterControl.join(join),
        RouterControl::sendReport,
        RouterControl.orders(),
        Capacities.CONTROL);
  }

  @Override
  public Link<Beat, BeatAck> beats() {
    return dial(
        "supervisor, beats",
        supervisor,
        (channel, answers) -> stub(channel).beats(answers),
        null,
        Beating::sendBeat,
        this::ack,
        Capacities.BEATS);
  }

  @Override
  public Link<FromWorker, ToWorker> work(RouterAddress router, WorkerHello hello) {
    return dial(
        router.name(),
        router.target(),
        (channel, answers) -> dev.sluice.mesh.link.grpc.WorkGrpc.newStub(channel).work(answers),
        Data.hello(hello),
        Data::sendFromWorker,
        Data::toWorker,
        Capacities.data(hello.window()));
  }

  private BeatAck ack(dev.sluice.mesh.link.grpc.BeatAck ack) {
    heard.run();
    return Beating.ack(ack);
  }

  private static MembershipStub stub(ManagedChannel channel) {
    return MembershipGrpc.newStub(channel);
  }

  private <O, I, P, Q> Link<O, I> dial(
      String peer,
      String target,
      BiFunction<ManagedChannel, StreamObserver<Q>, StreamObserver<P>> method,
      @Nullable P first,
      Encoder<O, P> encoder,
      Decoder<Q, I> decoder,
      int capacity) {
    ManagedChannel connection;
    try {
      connection = Connections.to(target);
    } catch (IllegalArgumentException noTarget) {
      LOG.warnf("%s cannot be dialled at %s: %s", peer, target, noTarget.getMessage());
      return broken(capacity);
    }
    var observer = new Observer<P, Q>(peer, target, scope.clock());
    method.apply(connection, observer);
    GrpcStream<P, Q> stream = observer.stream();
    var bridge = new Bridge<>(peer, stream, encoder, decoder, capacity);
    try {
      scope.start(
          "from " + peer,
          () -> {
            try {
              bridge.read();
            } finally {
              connection.shutdownNow();
            }
          });
    } catch (CancellationException stopping) {
      connection.shutdownNow();
      return broken(capacity);
    }
    bridge.startWriter(scope, first);
    stream.open();
    return bridge.link();
  }

  private static <O, I> Link<O, I> broken(int capacity) {
    Channel<I> in = Channel.buffered(1);
    in.close();
    return new Link<>(Channel.buffered(capacity), in, () -> {});
  }

  /** What gRPC calls back. */
  private static final class Observer<P, Q> implements ClientResponseObserver<P, Q> {
    private final String peer;
    private final String target;
    private final Clock clock;
    private @Nullable GrpcStream<P, Q> stream;

    Observer(String peer, String target, Clock clock) {
      this.peer = peer;
      this.target = target;
      this.clock = clock;
    }

    GrpcStream<P, Q> stream() {
      return Objects.requireNonNull(stream, "gRPC gives it before the call starts");
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<P> call) {
      call.disableAutoRequestWithInitial(0);
      stream = new GrpcStream<>(call, true, clock);
      call.setOnReadyHandler(stream::onReady);
    }

    @Override
    public void onNext(Q message) {
      stream().onMessage(message);
    }

    @Override
    public void onError(Throwable broken) {
      Status status = Status.fromThrowable(broken);
      LOG.logf(
          isTheirWord(status) ? Logger.Level.WARN : Logger.Level.DEBUG,
          "the link with %s at %s has ended: %s",
          peer,
          target,
          status);
      stream().onEnd();
    }

    /** They do not take what is sent, and will not the next time; all else heals or is known. */
    private static boolean isTheirWord(Status status) {
      return switch (status.getCode()) {
        case INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED, UNKNOWN, INTERNAL -> true;
        default -> false;
      };
    }

    @Override
    public void onCompleted() {
      stream().onEnd();
    }
  }
}
