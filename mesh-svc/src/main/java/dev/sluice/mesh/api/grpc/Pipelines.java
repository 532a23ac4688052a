package dev.sluice.mesh.api.grpc;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Semaphore;
import dev.sluice.mesh.api.EdgeSettings;
import dev.sluice.mesh.api.Refusals;
import dev.sluice.mesh.api.requests.RequestChecks;
import dev.sluice.mesh.api.requests.RequestCounts;
import dev.sluice.mesh.api.requests.Requests;
import dev.sluice.mesh.grpc.PipelineRequest;
import dev.sluice.mesh.grpc.PipelineResponse;
import dev.sluice.mesh.process.Ask;
import dev.sluice.mesh.process.Router;
import dev.sluice.mesh.process.Told;
import dev.sluice.service.ProblemException;
import dev.sluice.service.grpc.Grpc;
import dev.sluice.service.life.ServiceLife;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Opens pipelines, so many at once. */
@Singleton
@Startup
class Pipelines {
  private final Optional<Router> router;
  private final Requests requests;
  private final RequestChecks checks;
  private final RequestCounts counts;
  private final ProtoRequests messages;
  private final Scope scope;
  private final Semaphore open;
  private final int inFlight;

  /** Closed when the service stops. */
  private final Channel<Void> stopping = Channel.rendezvous();

  @Inject
  Pipelines(
      Optional<Router> router,
      Requests requests,
      RequestChecks checks,
      RequestCounts counts,
      ProtoRequests messages,
      ServiceLife life,
      EdgeSettings settings) {
    this.router = router;
    this.requests = requests;
    this.checks = checks;
    this.counts = counts;
    this.messages = messages;
    this.scope = life.scope();
    this.open = Semaphore.in(scope, "pipelines", settings.pipelines());
    this.inFlight = settings.pipelineInFlight();
    life.onDrain(stopping::tryClose);
  }

  /**
   * Starts the process of a stream, or ends it when it cannot be opened here or now. A problem is
   * not thrown: gRPC logs what is thrown before a stream is there.
   */
  StreamObserver<PipelineRequest> open(ServerCallStreamObserver<PipelineResponse> caller) {
    try {
      return start(caller);
    } catch (ProblemException refused) {
      caller.onError(StatusProto.toStatusRuntimeException(Grpc.status(refused)));
      return new Refused();
    }
  }

  private Pipeline start(ServerCallStreamObserver<PipelineResponse> caller) {
    Router here = router.orElseThrow(() -> requests.notRouter(List.of()));
    Semaphore.Permit permit = open.tryAcquire();
    if (permit == null) {
      throw Refusals.overloaded("all pipelines that may be open are open");
    }
    var pipeline = new Pipeline(caller, new Asking(here), inFlight, stopping, scope.clock());
    try {
      scope.start("pipeline", () -> run(pipeline, permit));
    } catch (CancellationException stopped) {
      permit.release();
      throw Refusals.draining();
    }
    return pipeline;
  }

  private static void run(Pipeline pipeline, Semaphore.Permit permit) {
    try (permit) {
      pipeline.run();
    }
  }

  /** Nobody reads. */
  private static final class Refused implements StreamObserver<PipelineRequest> {
    @Override
    public void onNext(PipelineRequest message) {}

    @Override
    public void onError(Throwable broken) {}

    @Override
    public void onCompleted() {}
  }

  /** What a pipeline asks, and what of. */
  final class Asking {
    private final Router here;

    private Asking(Router here) {
      this.here = here;
    }

    /**
     * Checks a request.
     *
     * @throws ProblemException it is not valid
     */
    Ask check(dev.sluice.mesh.grpc.MeshRequest message) {
      return checks.ask(messages.request(message));
    }

    Reply<Told> ask(Ask ask) {
      return here.ask(ask);
    }

    void count(Ask ask, Told told) {
      counts.count(ask, told);
    }
  }
}
