package dev.sluice.csp.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Select;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who gets a value when several reach for it at once: exactly one, and all agree on it. */
public final class Exactness {
  private Exactness() {}

  private static int orZero(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  @JCStressTest
  @Outcome(id = "7, 0", expect = ACCEPTABLE, desc = "the one")
  @Outcome(id = "0, 7", expect = ACCEPTABLE, desc = "the other")
  @Outcome(expect = FORBIDDEN, desc = "both or neither")
  @State
  public static class TwoReceiversOfOneValue {
    private final Channel<Integer> channel = Channel.buffered(1);

    public TwoReceiversOfOneValue() {
      channel.trySend(7);
    }

    @Actor
    public void one(II_Result got) {
      got.r1 = orZero(channel.tryReceive());
    }

    @Actor
    public void other(II_Result got) {
      got.r2 = orZero(channel.tryReceive());
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the one")
  @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "the other")
  @Outcome(expect = FORBIDDEN, desc = "both or neither, or not what was sent")
  @State
  public static class TwoSendersOfOnePlace {
    private final Channel<Integer> channel = Channel.buffered(1);

    @Actor
    public void one(III_Result got) {
      got.r1 = channel.trySend(1) ? 1 : 0;
    }

    @Actor
    public void other(III_Result got) {
      got.r2 = channel.trySend(2) ? 1 : 0;
    }

    @Arbiter
    public void after(III_Result got) {
      got.r3 = orZero(channel.tryReceive());
    }
  }

  /** A receiver is served in the very moment in which it takes back its offer. */
  @JCStressTest
  @Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "delivered")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "taken back")
  @Outcome(expect = FORBIDDEN, desc = "lost, or from nowhere")
  @State
  public static class InterruptedReceiver {
    private final Channel<Integer> channel = Channel.rendezvous();
    private final Victim victim = new Victim();

    @Actor
    public void receiver(II_Result got) {
      victim.isThisThread();
      try {
        got.r2 = channel.receive();
      } catch (InterruptedException takenBack) {
        got.r2 = 0;
      }
      victim.isNoMore();
    }

    @Actor
    public void sender(II_Result got) {
      victim.interrupt();
      got.r1 = channel.trySend(7) ? 1 : 0;
    }
  }

  /** The same of a sender. */
  @JCStressTest
  @Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "delivered")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "taken back")
  @Outcome(expect = FORBIDDEN, desc = "lost, or from nowhere")
  @State
  public static class InterruptedSender {
    private final Channel<Integer> channel = Channel.rendezvous();
    private final Victim victim = new Victim();

    @Actor
    public void sender(II_Result got) {
      victim.isThisThread();
      try {
        channel.send(7);
        got.r1 = 1;
      } catch (InterruptedException takenBack) {
        got.r1 = 0;
      }
      victim.isNoMore();
    }

    @Actor
    public void receiver(II_Result got) {
      victim.interrupt();
      got.r2 = orZero(channel.tryReceive());
    }
  }

  /** The same of a select, which two want. */
  @JCStressTest
  @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the one delivered")
  @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "the other delivered")
  @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "taken back")
  @Outcome(expect = FORBIDDEN, desc = "lost, doubled, or from nowhere")
  @State
  public static class InterruptedSelect {
    private final Channel<Integer> a = Channel.rendezvous();
    private final Channel<Integer> b = Channel.rendezvous();
    private final Victim victim = new Victim();

    @Actor
    public void receiver(III_Result got) {
      var select = Select.fair();
      var fromA = select.receive(a);
      var fromB = select.receive(b);
      victim.isThisThread();
      try {
        got.r3 = select.await() == fromA ? fromA.value() : fromB.value();
      } catch (InterruptedException takenBack) {
        got.r3 = 0;
      }
      victim.isNoMore();
    }

    @Actor
    public void senders(III_Result got) {
      victim.interrupt();
      got.r1 = a.trySend(1) ? 1 : 0;
      got.r2 = b.trySend(2) ? 1 : 0;
    }
  }

  /** What a send that races with the close has answered is what is left in the buffer. */
  @JCStressTest
  @Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "sent before the close")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "failed")
  @Outcome(expect = FORBIDDEN, desc = "lost, or from nowhere")
  @State
  public static class SendAndClose {
    private final Channel<Integer> channel = Channel.buffered(1);

    @Actor
    public void sender(II_Result got) {
      try {
        Uninterrupted.send(channel, 7);
        got.r1 = 1;
      } catch (ChannelClosedException closed) {
        got.r1 = 0;
      }
    }

    @Actor
    public void closer() {
      channel.close();
    }

    @Arbiter
    public void after(II_Result got) {
      got.r2 = orZero(channel.tryReceive());
    }
  }

  /**
   * The thread that is to be interrupted while it waits. There are two actors, no more: a test of
   * three is left out on a machine of two processors.
   */
  private static final class Victim {
    private volatile @Nullable Thread thread;
    private volatile boolean interrupted;

    void isThisThread() {
      thread = Thread.currentThread();
    }

    void interrupt() {
      Thread victim = thread;
      while (victim == null) {
        Thread.onSpinWait();
        victim = thread;
      }
      victim.interrupt();
      interrupted = true;
    }

    /** Until it has been: the next round must not hear of it. */
    void isNoMore() {
      while (!interrupted) {
        Thread.onSpinWait();
      }
      Thread.interrupted();
    }
  }
}
