package dev.sluice.mesh.api.grpc;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Select;
import dev.sluice.mesh.api.Refusals;
import dev.sluice.mesh.grpc.InFlight;
import dev.sluice.mesh.grpc.PipelineAnswer;
import dev.sluice.mesh.grpc.PipelineEntry;
import dev.sluice.mesh.grpc.PipelineRequest;
import dev.sluice.mesh.grpc.PipelineResponse;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.process.Ask;
import dev.sluice.mesh.process.Told;
import dev.sluice.service.ProblemException;
import dev.sluice.service.Problems;
import dev.sluice.service.grpc.Grpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code Pipeline}: a process that owns what is in flight on it.
 *
 * <pre>
 *   caller --messages--> [inbox] --> process --ask--> router
 *                           ^                           |
 *                           +---------- told -----------+
 * </pre>
 *
 * <p>Requests are taken as long as fewer than the bound are in flight or answered and not sent, and
 * messages are read as long as requests are taken: so a caller that does not read is not read. All
 * that is answered in one round of the process is sent as one message.
 */
final class Pipeline implements StreamObserver<PipelineRequest> {
  /** How many messages may be here and not taken. */
  private static final int MESSAGES = 2;

  /** What one message to the caller has at most; the last answer may make it more. */
  private static final int MOST_ANSWERS = 1_000;

  private static final int MOST_CHARS = 256 * 1_024;

  /** So many characters of payloads and replies may be in hand, and no more requests are taken. */
  private static final long CHARS_IN_HAND = 1_024L * 1_024;

  /** How long a service that stops waits for a caller that does not read. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** What the process is told. */
  private sealed interface Input {
    record Message(PipelineRequest message) implements Input {}

    record End() implements Input {}
  }

  private enum Ready {
    NOW
  }

  private final ServerCallStreamObserver<PipelineResponse> caller;
  private final Pipelines.Asking asking;
  private final int bound;
  private final ReceiveChannel<Void> stopping;
  private final Clock clock;

  /** Has room for all that can come: the messages asked for, an answer a request, the end. */
  private final Channel<Input> inbox;

  /** Says that the caller takes more. */
  private final Channel<Ready> ready = Channel.buffered(1);

  /** Closed when nobody is there any more. */
  private final Channel<Void> gone = Channel.rendezvous();

  // Owned by the process.
  private final List<Input> round = new ArrayList<>();
  private final Deque<PipelineRequest> messages = new ArrayDeque<>();
  private final Set<Flight> flights = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<PipelineAnswer> answers = new ArrayDeque<>();
  private int next;
  private int asked;
  private long chars;
  private boolean inputEnded;
  private boolean draining;

  /** To be made before the method of the service returns. */
  Pipeline(
      ServerCallStreamObserver<PipelineResponse> caller,
      Pipelines.Asking asking,
      int bound,
      ReceiveChannel<Void> stopping,
      Clock clock) {
    this.caller = caller;
    this.asking = asking;
    this.bound = bound;
    this.stopping = stopping;
    this.clock = clock;
    this.inbox = Channel.buffered(bound + MESSAGES + 1);
    caller.disableAutoRequest();
    caller.setOnReadyHandler(() -> ready.trySend(Ready.NOW));
    caller.setOnCancelHandler(gone::tryClose);
    caller.setOnCloseHandler(gone::tryClose); // also when others have ended it
  }

  @Override
  public void onNext(PipelineRequest message) {
    tell(new Input.Message(message));
  }

  @Override
  public void onError(Throwable broken) {
    gone.tryClose();
  }

  @Override
  public void onCompleted() {
    tell(new Input.End());
  }

  private void tell(Input input) {
    try {
      inbox.trySend(input);
    } catch (ChannelClosedException over) {
      // nobody wants to know any more
    }
  }

  /** Runs until the stream has ended. */
  void run() {
    try {
      serve();
    } catch (InterruptedException stopped) {
      fail(Refusals.draining());
    } catch (RuntimeException fault) { // it must not end the service
      fail(fault);
    } finally {
      inbox.close();
      flights.forEach(flight -> flight.reply.abandon());
    }
  }

  private void serve() throws InterruptedException {
    var select = Select.prioritised(clock);
    var over = select.receive(gone);
    var input = select.receive(inbox);
    select.receive(ready);
    var stop = select.receive(stopping);
    var late = select.after(null);
    readOn();
    while (!isDone()) {
      late.in(draining && !answers.isEmpty() ? PATIENCE : null);
      var what = select.await();
      if (what == over) {
        return;
      } else if (what == input) {
        take(input.value());
      } else if (what == stop) {
        draining = true;
        stop.from(null);
      } else if (what == late) {
        break;
      }
      do {
        askOn();
      } while (flush()); // what is sent makes room
      readOn();
    }
    if (draining) {
      fail(Refusals.draining());
    } else {
      caller.onCompleted();
    }
  }

  private boolean isDone() {
    return (inputEnded || draining) && messages.isEmpty() && flights.isEmpty() && answers.isEmpty();
  }

  private void take(@Nullable Input first) {
    if (first != null) {
      round.add(first);
    }
    inbox.drainTo(round, bound);
    for (Input input : round) {
      switch (input) {
        case Input.Message(PipelineRequest message) -> {
          asked--;
          messages.add(message);
        }
        case Input.End() -> inputEnded = true;
        case Flight flight -> land(flight);
      }
    }
    round.clear();
  }

  private boolean hasRoom() {
    return flights.size() + answers.size() < bound && chars < CHARS_IN_HAND;
  }

  /** Takes requests, while there is room. */
  private void askOn() {
    while (!messages.isEmpty() && hasRoom()) {
      PipelineRequest message = messages.element();
      if (next < message.getEntriesCount()) {
        ask(message.getEntries(next++));
      } else {
        messages.remove();
        next = 0;
      }
    }
  }

  private void ask(PipelineEntry entry) {
    Ask ask;
    try {
      ask = asking.check(entry.getRequest());
    } catch (RuntimeException bad) {
      answers.add(answer(entry.getNumber()).setProblem(Grpc.status(bad)).build());
      return;
    }
    boolean isNamed = !entry.getRequest().getId().isEmpty();
    var flight = new Flight(entry.getNumber(), ask, isNamed, asking.ask(ask));
    flights.add(flight);
    chars += ask.request().payload().length();
    flight.reply.stage().whenComplete(flight);
  }

  private void land(Flight flight) {
    flights.remove(flight);
    var answer = answer(flight.number);
    if (!flight.isNamed) {
      answer.setId(flight.ask.request().id());
    }
    Told told = flight.told;
    if (told == null) {
      answer.setProblem(Grpc.status(noAnswer(flight.failure)));
    } else {
      asking.count(flight.ask, told);
      render(flight.ask, told, answer);
    }
    chars += answer.getReply().length() - flight.ask.request().payload().length();
    answers.add(answer.build());
  }

  private static void render(Ask ask, Told told, PipelineAnswer.Builder answer) {
    switch (told) {
      case Told.Done(Outcome.Replied(int shard, String worker, long epoch, String reply)) ->
          answer.setShard(shard).setWorker(worker).setEpoch(epoch).setReply(reply);
      case Told.NotInTime(int shard) when ask.maxWait().isZero() ->
          answer.setShard(shard).setInFlight(InFlight.getDefaultInstance());
      case Told problem -> answer.setProblem(Grpc.status(Refusals.problem(ask.request(), problem)));
    }
  }

  /** That there is no answer is no fault when the router has ended. */
  private static ProblemException noAnswer(@Nullable Throwable failure) {
    return failure == null
            || failure instanceof CancellationException
            || failure instanceof ChannelClosedException
        ? Refusals.draining()
        : Problems.of(failure, "pipeline");
  }

  private static PipelineAnswer.Builder answer(long number) {
    return PipelineAnswer.newBuilder().setNumber(number);
  }

  /** Sends what is answered; answers whether that was anything. */
  private boolean flush() {
    boolean sent = false;
    while (!answers.isEmpty() && caller.isReady()) {
      var message = PipelineResponse.newBuilder();
      long size = 0;
      while (!answers.isEmpty() && message.getAnswersCount() < MOST_ANSWERS && size < MOST_CHARS) {
        PipelineAnswer answer = answers.remove();
        size += answer.getReply().length();
        message.addAnswers(answer);
      }
      chars -= size;
      caller.onNext(message.build());
      sent = true;
    }
    return sent;
  }

  /** Lets more messages come. */
  private void readOn() {
    int more = MESSAGES - messages.size() - asked;
    if (more > 0 && !inputEnded && !draining) {
      asked += more;
      caller.request(more);
    }
  }

  private void fail(Throwable why) {
    if (!caller.isCancelled()) {
      caller.onError(StatusProto.toStatusRuntimeException(Grpc.status(why)));
    }
  }

  /** A request that the router has; tells the process when there is an answer. */
  private final class Flight implements Input, BiConsumer<@Nullable Told, @Nullable Throwable> {
    final long number;
    final Ask ask;
    final boolean isNamed;
    final Reply<Told> reply;

    // Written before it is sent.
    @Nullable Told told;
    @Nullable Throwable failure;

    Flight(long number, Ask ask, boolean isNamed, Reply<Told> reply) {
      this.number = number;
      this.ask = ask;
      this.isNamed = isNamed;
      this.reply = reply;
    }

    @Override
    public void accept(@Nullable Told now, @Nullable Throwable why) {
      told = now;
      failure = why;
      tell(this);
    }
  }
}
