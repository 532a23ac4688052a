package dev.sluice.mesh.remote.link;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.mesh.process.Link;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.grpc.Grpc;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.CancellationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A link over a stream: what the process sends is sent, and what comes it receives.
 *
 * @param <O> what is sent
 * @param <I> what is received
 * @param <P> as which it is sent
 * @param <Q> as which it comes
 */
final class Bridge<O, I, P, Q> {
  private static final Logger LOG = Logger.getLogger(Bridge.class);

  private final String peer;
  private final GrpcStream<P, Q> stream;
  private final Encoder<O, P> encoder;
  private final Decoder<Q, I> decoder;
  private final Channel<O> out;
  private final Channel<I> in;
  private final Select next = Select.prioritised();
  private final Select.ReceiveCase<O> toSend;

  /**
   * Lays it.
   *
   * @param peer who is at the other end
   * @param capacity of either channel
   */
  Bridge(
      String peer,
      GrpcStream<P, Q> stream,
      Encoder<O, P> encoder,
      Decoder<Q, I> decoder,
      int capacity) {
    this.peer = peer;
    this.stream = stream;
    this.encoder = encoder;
    this.decoder = decoder;
    this.out = Channel.buffered(capacity);
    this.in = Channel.buffered(capacity);
    next.receive(stream.over());
    this.toSend = next.receive(out);
  }

  /** The process's end. */
  Link<O, I> link() {
    return new Link<>(out, in, this::cut);
  }

  /** Something has come already; there is room. */
  void put(I message) {
    in.trySend(message);
  }

  /**
   * Starts what sends.
   *
   * @param first what is sent before all that the process sends; null: nothing
   */
  void startWriter(Scope scope, @Nullable P first) {
    try {
      scope.start("to " + peer, () -> write(first));
    } catch (CancellationException stopping) {
      stream.cut(Status.UNAVAILABLE.withDescription("stopping").asRuntimeException());
      stream.finish();
    }
  }

  private void cut() {
    stream.cut(Status.ABORTED.withDescription("the link was cut").asRuntimeException());
    in.tryClose(); // who waits to hand on what nobody receives
  }

  private void write(@Nullable P first) throws InterruptedException {
    try {
      if (first != null) {
        stream.send(first);
      }
      for (O message = next(); message != null; message = next()) {
        encoder.encode(message, stream::send);
      }
    } catch (InterruptedException stopping) {
      stream.cut(Status.UNAVAILABLE.withDescription("stopping").asRuntimeException());
      throw stopping;
    } catch (RuntimeException fault) {
      fail(fault);
    } finally {
      stream.finish();
    }
  }

  private @Nullable O next() throws InterruptedException {
    if (stream.isOver()) {
      return null;
    }
    O waiting = out.tryReceive();
    if (waiting != null) {
      return waiting;
    }
    return next.await() == toSend ? toSend.valueOrNull() : null;
  }

  /** Hands on what comes, until no more does and nothing is sent any more. */
  void read() throws InterruptedException {
    try {
      for (Q message = stream.receive(); message != null; message = stream.receive()) {
        I decoded = decoder.decode(message);
        if (decoded != null) {
          in.send(decoded);
        }
      }
    } catch (ChannelClosedException cut) {
      // nobody receives any more
    } catch (RuntimeException fault) {
      fail(fault);
    } finally {
      in.tryClose();
    }
    stream.awaitFinish();
  }

  private void fail(RuntimeException fault) {
    if (fault instanceof ProblemException problem && problem.type() == ProblemType.INVALID_INPUT) {
      LOG.logf(
          stream.dials() ? Logger.Level.WARN : Logger.Level.DEBUG, // strangers fill no log
          "the link with %s ends, as it has sent what may not come: %s",
          peer,
          problem.detail());
    } else if (!(fault instanceof ProblemException)) {
      LOG.errorf(fault, "the link with %s ends by a fault", peer);
    }
    stream.cut(StatusProto.toStatusRuntimeException(Grpc.status(fault)));
  }
}
