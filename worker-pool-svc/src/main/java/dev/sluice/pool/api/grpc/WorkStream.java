package dev.sluice.pool.api.grpc;

import dev.sluice.csp.patterns.Semaphore;
import dev.sluice.pool.api.Refusals;
import dev.sluice.pool.api.jobs.StateAnswer;
import dev.sluice.pool.api.work.LeaseAnswer;
import dev.sluice.pool.api.work.NackBody;
import dev.sluice.pool.api.work.WorkOperation;
import dev.sluice.pool.grpc.AckRequest;
import dev.sluice.pool.grpc.ExtendRequest;
import dev.sluice.pool.grpc.NackRequest;
import dev.sluice.pool.grpc.WorkAnswer;
import dev.sluice.pool.grpc.WorkReady;
import dev.sluice.pool.grpc.WorkRequest;
import dev.sluice.pool.grpc.WorkResponse;
import dev.sluice.pool.process.LeaseRequest;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.Problems;
import dev.sluice.service.grpc.Grpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code Work}. Jobs are leased as long as there are credits and the worker reads; what
 * the worker says is read as long as it takes the answers.
 *
 * <p>Its state belongs to the event loop's context that the call came in on; what comes from
 * elsewhere, as answers do, goes there first.
 */
final class WorkStream implements StreamObserver<WorkRequest> {
  /** How many jobs may be in the worker's hands, with those that it has credits for. */
  private static final int MOST_JOBS = 10_000;

  /** How many are leased at once. */
  private static final int BATCH = 100;

  /** How many messages may be under way. */
  private static final int WINDOW = 64;

  private static final Duration LONG_POLL = Duration.ofSeconds(30);
  private static final long AGAIN_MILLIS = 1_000;

  private final ServerCallStreamObserver<WorkResponse> caller;
  private final Context context;
  private final WorkOperation work;
  private final ProtoRequests requests;
  private final Semaphore.@Nullable Permit permit;

  /** The lease of each job that was sent and not ended, by the job's id. */
  private final Map<String, String> inHand = new HashMap<>();

  /** Set by the first message. */
  private @Nullable LeaseRequest request;

  private @Nullable Pending<LeaseAnswer> leasing;
  private int credits;
  private int requested;
  private int answering;
  private boolean inputEnded;
  private boolean draining;
  private boolean over;

  private WorkStream(
      ServerCallStreamObserver<WorkResponse> caller,
      Context context,
      WorkOperation work,
      ProtoRequests requests,
      Semaphore.@Nullable Permit permit) {
    this.caller = caller;
    this.context = context;
    this.work = work;
    this.requests = requests;
    this.permit = permit;
  }

  /**
   * Begins to read; to be called before the method of the service returns.
   *
   * @param permit to be released when the stream ends; null: there are too many
   */
  static WorkStream start(
      ServerCallStreamObserver<WorkResponse> caller,
      Context context,
      WorkOperation work,
      ProtoRequests requests,
      Semaphore.@Nullable Permit permit) {
    var stream = new WorkStream(caller, context, work, requests, permit);
    caller.disableAutoRequest();
    caller.setOnReadyHandler(() -> stream.own(stream::ready));
    caller.setOnCancelHandler(() -> stream.own(stream::gone));
    caller.setOnCloseHandler(() -> stream.own(stream::gone)); // also when others have ended it
    if (permit == null) {
      stream.finish(Refusals.overloaded("all streams of workers that may be open are open"));
    } else {
      stream.readOn();
    }
    return stream;
  }

  @Override
  public void onNext(WorkRequest message) {
    own(() -> take(message));
  }

  @Override
  public void onError(Throwable broken) {
    own(this::gone);
  }

  @Override
  public void onCompleted() {
    own(this::inputEnded);
  }

  /** What goes wrong in here is told to the caller, too. */
  private void own(Runnable step) {
    context.runOnContext(_ -> {
      try {
        step.run();
      } catch (RuntimeException fault) {
        finish(fault);
      }
    });
  }

  // What the worker says

  private void take(WorkRequest message) {
    requested--;
    if (over) {
      return;
    }
    switch (message.getRequestCase()) {
      case READY -> credit(message.getReady());
      case ACK -> ack(message.getAck());
      case NACK -> nack(message.getNack());
      case EXTEND -> extend(message.getExtend());
      case REQUEST_NOT_SET -> throw ProtoRequests.invalid("request", "is required");
    }
    readOn();
    lease();
  }

  private void credit(WorkReady ready) {
    if (request == null) {
      LeaseRequest first = work.checked(ready.getQueue(), ProtoRequests.lease(ready));
      request = new LeaseRequest(first.queue(), 1, first.lease(), LONG_POLL, first.worker());
    } else {
      requireSame(ready, request);
    }
    int room = MOST_JOBS - inHand.size() - credits;
    if (ready.getCredits() < 1 || ready.getCredits() > room) {
      throw ProblemException.invalid(
          "credits",
          ready.getCredits(),
          "must be at least 1, and no more than 10000 with those given before and the jobs that are"
              + " not ended");
    }
    credits += ready.getCredits();
  }

  private static void requireSame(WorkReady ready, LeaseRequest request) {
    if (!ready.getQueue().isEmpty() && !ready.getQueue().equals(request.queue())) {
      throw ProblemException.invalid("queue", ready.getQueue(), "must stay what it was");
    }
    if (ready.hasWorker() && !ready.getWorker().equals(request.worker())) {
      throw ProblemException.invalid("worker", ready.getWorker(), "must stay what it was");
    }
    Duration lease = ProtoTimes.duration("lease", ready.hasLease(), ready.getLease());
    if (lease != null && !lease.equals(request.lease())) {
      throw ProblemException.invalid("lease", lease, "must stay what it was");
    }
  }

  private void ack(AckRequest ack) {
    answer(
        ack.getId(), ack.getLease(), () -> work.ack(ack.getId(), requests.ack(ack)), this::ended);
  }

  private void nack(NackRequest nack) {
    answer(
        nack.getId(),
        nack.getLease(),
        () -> work.nack(nack.getId(), ProtoRequests.nack(nack)),
        this::ended);
  }

  private void extend(ExtendRequest extend) {
    answer(
        extend.getId(),
        null,
        () -> work.extend(extend.getId(), requests.extend(extend)),
        (answer, extended) -> answer.setLeasedUntil(ProtoTimes.timestamp(extended.leasedUntil())));
  }

  private void ended(WorkAnswer.Builder answer, StateAnswer ended) {
    answer.setState(ProtoAnswers.state(ended.state()));
  }

  /**
   * Answers one message; a problem does not end the stream.
   *
   * @param ends the lease that is over then; null: none is
   */
  private <T> void answer(
      String id,
      @Nullable String ends,
      Supplier<Pending<T>> asking,
      BiConsumer<WorkAnswer.Builder, T> render) {
    answering++;
    Pending<T> pending;
    try {
      pending = asking.get();
    } catch (ProblemException refused) {
      answered(id, ends, WorkAnswer.newBuilder(), refused);
      return;
    }
    pending
        .answer()
        .whenComplete((good, failure) -> {
          var answer = WorkAnswer.newBuilder();
          if (failure == null) {
            render.accept(answer, good);
          }
          own(() -> answered(id, ends, answer, failure));
        });
  }

  private void answered(
      String id, @Nullable String ends, WorkAnswer.Builder answer, @Nullable Throwable failure) {
    answering--;
    ProblemException problem = failure == null ? null : Problems.of(failure, "work");
    if (problem != null) {
      answer.setProblem(Grpc.status(problem));
    }
    if (ends != null && (problem == null || isLost(problem))) {
      inHand.remove(id, ends);
    }
    send(WorkResponse.newBuilder().setAnswer(answer.setId(bounded(id))).build());
    readOn();
    endIfDone();
  }

  private static boolean isLost(ProblemException problem) {
    return problem.type() == ProblemType.CLAIM_LOST || problem.type() == ProblemType.NOT_FOUND;
  }

  /** What is no id is not sent back whole. */
  private static String bounded(String id) {
    return id.substring(0, Math.min(id.length(), 64));
  }

  private void ready() {
    readOn();
    lease();
  }

  /** Lets more messages come, unless the worker leaves its answers. */
  private void readOn() {
    int more = WINDOW - answering - requested;
    if (!over && !inputEnded && more > 0 && caller.isReady()) {
      requested += more;
      caller.request(more);
    }
  }

  // Jobs for the worker

  /** Leases jobs, unless there is a reason not to. */
  private void lease() {
    if (request == null
        || leasing != null
        || credits == 0
        || inputEnded
        || draining
        || over
        || !caller.isReady()) {
      return;
    }
    try {
      leasing =
          work.lease(
              new LeaseRequest(
                  request.queue(),
                  Math.min(credits, BATCH),
                  request.lease(),
                  request.maxWait(),
                  request.worker()));
    } catch (ProblemException refused) {
      notLeased(refused);
      return;
    }
    leasing.answer().whenComplete((jobs, failure) -> own(() -> leased(jobs, failure)));
  }

  private void leased(@Nullable LeaseAnswer answer, @Nullable Throwable failure) {
    leasing = null;
    if (failure == null) {
      Objects.requireNonNull(answer).jobs().forEach(this::hand);
      lease();
    } else if (!over && !inputEnded) {
      notLeased(Problems.of(failure, "work"));
    }
    endIfDone();
  }

  private void hand(LeaseAnswer.Leased job) {
    if (over) {
      handBack(job.id().toString(), job.lease());
      return;
    }
    credits--;
    inHand.put(job.id().toString(), job.lease());
    if (!inputEnded) {
      send(WorkResponse.newBuilder().setJob(ProtoAnswers.leased(job)).build());
    }
  }

  private void notLeased(ProblemException why) {
    if (why.type() == ProblemType.DRAINING) {
      draining = true;
      endIfDone();
    } else if (why.type() == ProblemType.INVALID_INPUT) {
      finish(why); // it is, or has become, a push queue
    } else {
      context.owner().setTimer(AGAIN_MILLIS, _ -> own(this::lease));
    }
  }

  // The end

  private void inputEnded() {
    inputEnded = true;
    if (leasing != null) {
      leasing.abandon();
    }
    endIfDone();
  }

  private void endIfDone() {
    if (over || answering > 0 || leasing != null) {
      return;
    }
    if (inputEnded && !inHand.isEmpty()) {
      Map<String, String> unended = Map.copyOf(inHand);
      inHand.clear();
      unended.forEach(this::handBack);
    } else if (inputEnded) {
      finish(null);
    } else if (draining && inHand.isEmpty()) {
      finish(Refusals.draining());
    }
  }

  /** Nobody has worked on it, or will go on; its attempt does not count. */
  private void handBack(String id, String lease) {
    answering++;
    try {
      work.nack(id, new NackBody(lease, null, null, null, false))
          .answer()
          .whenComplete((_, _) -> own(this::handedBack));
    } catch (ProblemException refused) { // its lease runs out
      own(this::handedBack);
    }
  }

  private void handedBack() {
    answering--;
    endIfDone();
  }

  private void send(WorkResponse answer) {
    if (!over && !caller.isCancelled()) {
      caller.onNext(answer);
    }
  }

  /**
   * @param failure null: it ends well
   */
  private void finish(@Nullable Throwable failure) {
    if (over) {
      return;
    }
    gone();
    if (caller.isCancelled()) {
      return;
    }
    if (failure == null) {
      caller.onCompleted();
    } else {
      caller.onError(StatusProto.toStatusRuntimeException(Grpc.status(failure)));
    }
  }

  /** Nobody is there any more, or will be; the leases of what is in hand stand. */
  private void gone() {
    if (over) {
      return;
    }
    over = true;
    if (leasing != null) {
      leasing.abandon();
    }
    if (permit != null) {
      permit.release();
    }
  }
}
