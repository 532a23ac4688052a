package dev.sluice.limiter.api;

import dev.sluice.limiter.grpc.AcquireResult;
import dev.sluice.limiter.grpc.AcquireStreamRequest;
import dev.sluice.limiter.grpc.AcquireStreamResponse;
import dev.sluice.service.Pending;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vertx.core.Context;
import java.util.HashSet;
import java.util.Set;

/**
 * One call of {@code AcquireStream}. Requests are read as long as fewer than a window's worth are
 * under way and the caller takes the answers: a caller that does not read is not read from.
 *
 * <p>Its state belongs to the event loop's context that the call came in on; what comes from
 * elsewhere, as answers do, goes there first.
 */
final class AcquireStream implements StreamObserver<AcquireStreamRequest> {
  private final AcquireOperation operation;
  private final ServerCallStreamObserver<AcquireStreamResponse> caller;
  private final Context context;

  private final Set<Pending<?>> underWay = new HashSet<>();

  /** How many requests may be read once the caller takes answers again. */
  private int held;

  /** No further requests will come. */
  private boolean ended;

  private AcquireStream(
      AcquireOperation operation,
      ServerCallStreamObserver<AcquireStreamResponse> caller,
      Context context) {
    this.operation = operation;
    this.caller = caller;
    this.context = context;
  }

  /**
   * Begins to read; to be called before the method of the service returns.
   *
   * @param window how many requests may be under way
   */
  static AcquireStream start(
      AcquireOperation operation,
      ServerCallStreamObserver<AcquireStreamResponse> caller,
      Context context,
      int window) {
    var stream = new AcquireStream(operation, caller, context);
    caller.disableAutoRequest();
    caller.setOnReadyHandler(() -> stream.own(stream::readOn));
    caller.setOnCancelHandler(() -> stream.own(stream::abandon));
    caller.request(window);
    return stream;
  }

  @Override
  public void onNext(AcquireStreamRequest message) {
    own(() -> ask(message));
  }

  @Override
  public void onError(Throwable broken) {
    own(this::abandon);
  }

  @Override
  public void onCompleted() {
    own(() -> {
      ended = true;
      endIfAnswered();
    });
  }

  private void own(Runnable step) {
    context.runOnContext(_ -> step.run());
  }

  private void ask(AcquireStreamRequest message) {
    Pending<AcquireAnswer> pending;
    try {
      pending = operation.acquire(ProtoRequests.acquire(message.getRequest()));
    } catch (RuntimeException refused) {
      answer(message, ProtoAnswers.refused(refused));
      return;
    }
    underWay.add(pending);
    pending
        .answer()
        .whenComplete((answer, failure) ->
            own(() -> {
              underWay.remove(pending);
              answer(
                  message,
                  failure == null ? ProtoAnswers.granted(answer) : ProtoAnswers.refused(failure));
            }));
  }

  private void answer(AcquireStreamRequest message, AcquireResult result) {
    if (caller.isCancelled()) {
      return;
    }
    caller.onNext(
        AcquireStreamResponse.newBuilder().setId(message.getId()).setResult(result).build());
    held++;
    readOn();
    endIfAnswered();
  }

  private void readOn() {
    if (held > 0 && caller.isReady()) {
      caller.request(held);
      held = 0;
    }
  }

  private void endIfAnswered() {
    if (ended && underWay.isEmpty() && !caller.isCancelled()) {
      caller.onCompleted();
    }
  }

  private void abandon() {
    underWay.forEach(Pending::abandon);
  }
}
