package dev.sluice.mesh.remote.link;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Select;
import io.grpc.Status;
import io.grpc.stub.CallStreamObserver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One end of a stream, for two processes: one that receives, and one that sends and ends it. What
 * gRPC calls back never waits.
 *
 * @param <P> what is sent
 * @param <Q> what is received
 */
final class GrpcStream<P, Q> {
  /** How many messages may have come that nobody has received. */
  private static final int WINDOW = 4;

  /** How long the other side may take to end the stream when this one has said its last. */
  private static final Duration LINGER = Duration.ofSeconds(10);

  private final CallStreamObserver<P> call;
  private final boolean dials;
  private final Clock clock;
  private final Channel<Q> received = Channel.buffered(WINDOW);
  private final Channel<Boolean> ready = Channel.buffered(1);

  /** Closed when the stream has ended or is to be cut. */
  private final Channel<Void> over = Channel.rendezvous();

  /** Why it is to be cut: what the first said who did. */
  private final Channel<Throwable> why = Channel.buffered(1);

  /** Closed by the sender, at its end. */
  private final Channel<Void> finished = Channel.rendezvous();

  /** The receiver's: how many it has taken and not asked for again. */
  private int taken;

  /** The sender's: until the stream takes more. */
  private final Select untilReady = Select.prioritised();

  /**
   * An end.
   *
   * @param dials whether it is the one that has called
   */
  GrpcStream(CallStreamObserver<P> call, boolean dials, Clock clock) {
    this.call = call;
    this.dials = dials;
    this.clock = clock;
    untilReady.receive(over);
    untilReady.receive(ready);
  }

  boolean dials() {
    return dials;
  }

  // Called back by gRPC

  void onMessage(Q message) {
    try {
      received.trySend(message); // there is room: no more was asked for
    } catch (ChannelClosedException cut) {
      // nobody receives any more
    }
  }

  void onReady() {
    ready.trySend(true);
  }

  /** No more will come. */
  void onInputEnd() {
    received.tryClose();
  }

  void onEnd() {
    over.tryClose();
    received.tryClose();
  }

  // The receiver's

  /**
   * The first message; waits for it.
   *
   * @return null when none came in time, or the stream is over
   */
  @Nullable Q receiveFirst(Duration limit) throws InterruptedException {
    call.request(1);
    Select select = Select.prioritised(clock);
    Select.ReceiveCase<Q> first = select.receive(received);
    select.after(limit);
    return select.await() == first ? first.valueOrNull() : null;
  }

  /** Asks for as many messages as there is room for; after the first, or when none is awaited. */
  void open() {
    call.request(WINDOW);
  }

  /** The next message, or null when no more will come; waits for it. */
  @Nullable Q receive() throws InterruptedException {
    Q next = received.receiveOrNull();
    if (next != null && ++taken >= WINDOW / 2) {
      call.request(taken);
      taken = 0;
    }
    return next;
  }

  /** When nothing more will come: waits until nothing is sent any more, for some time only. */
  void awaitFinish() throws InterruptedException {
    Select select = Select.prioritised(clock);
    select.receive(finished);
    select.after(LINGER);
    select.await();
    cut(Status.ABORTED.withDescription("the stream was not ended").asRuntimeException());
    finished.receiveOrNull();
  }

  // Anybody's

  /** Breaks the stream at once; the first who does says why. */
  void cut(Throwable reason) {
    why.trySend(reason);
    onEnd();
  }

  // The sender's

  ReceiveChannel<Void> over() {
    return over;
  }

  boolean isOver() {
    return over.isClosedForSend();
  }

  /** Sends when the stream takes more; does nothing when it is over. */
  void send(P message) throws InterruptedException {
    while (!isOver() && !call.isReady()) {
      untilReady.await();
    }
    if (!isOver()) {
      call.onNext(message);
    }
  }

  /** Ends the stream: well, or with why it was cut. */
  void finish() {
    try {
      if (!isOver()) {
        call.onCompleted();
        if (dials) {
          awaitEnd();
        }
      } else {
        tellWhy();
      }
    } catch (IllegalStateException ended) {
      // by the other side, in this instant
    } finally {
      onEnd();
      finished.tryClose();
    }
  }

  /** What the other side had sent is still received; an answerer's end is the end of all. */
  private void awaitEnd() {
    Select select = Select.prioritised(clock);
    Select.ReceiveCase<Void> ended = select.receive(over);
    select.after(LINGER);
    try {
      if (select.await() != ended) {
        cut(Status.CANCELLED.withDescription("the stream was not ended").asRuntimeException());
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      cut(Status.CANCELLED.withDescription("stopping").asRuntimeException());
    }
    tellWhy();
  }

  private void tellWhy() {
    Throwable reason = why.tryReceive();
    if (reason != null) {
      call.onError(reason);
    }
  }
}
