package dev.sluice.pool.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Reply;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.Payload;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A target whose every call is answered by the test. */
final class ScriptedTarget implements Target {

  /** What the test answers a call with. */
  interface Ending {
    Answer end() throws IOException, TargetRefusedException;
  }

  /** A call that waits for its end. */
  record Incoming(LeasedJob job, @Nullable String secret, Reply<Ending> ending) {
    String path() {
      return job.call().url().getPath().substring(1);
    }

    void answer(int status) {
      answer(new Answer(status, null, null));
    }

    void answer(Answer answer) {
      ending.complete(() -> answer);
    }

    void fail(String error) {
      ending.complete(() -> {
        throw new IOException(error);
      });
    }

    void refuse(String error) {
      ending.complete(() -> {
        throw new TargetRefusedException(error);
      });
    }
  }

  static Answer result(int status, String json) {
    return new Answer(status, null, Payload.json(json));
  }

  private final Channel<Incoming> calls = Channel.buffered(10_000);
  private final Channel<Incoming> brokenOff = Channel.buffered(10_000);
  private final Channel<Void> release = Channel.rendezvous();
  private final boolean heedsInterrupts;

  /**
   * @param heedsInterrupts whether a call ends when it is broken off; else it goes on until the
   *     test ends it
   */
  ScriptedTarget(boolean heedsInterrupts) {
    this.heedsInterrupts = heedsInterrupts;
  }

  /** The calls in the order of their beginning. */
  ReceiveChannel<Incoming> calls() {
    return calls;
  }

  /** The calls that were told to end. */
  ReceiveChannel<Incoming> brokenOff() {
    return brokenOff;
  }

  @Override
  public Answer call(LeasedJob job, @Nullable String secret)
      throws IOException, TargetRefusedException, InterruptedException {
    var incoming = new Incoming(job, secret, new Reply<>());
    calls.send(incoming);
    try {
      return incoming.ending().await().end();
    } catch (InterruptedException interrupted) {
      brokenOff.trySend(incoming);
      if (heedsInterrupts) {
        throw interrupted;
      }
      release.receiveOrNull();
      throw interrupted;
    }
  }

  /** Ends the calls that do not heed interrupts. */
  void release() {
    release.tryClose();
  }
}
