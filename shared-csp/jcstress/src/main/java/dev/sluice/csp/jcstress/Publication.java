package dev.sluice.csp.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Select;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What was written before a send or a close is seen after what has seen it. */
public final class Publication {
  private Publication() {}

  /** Written and read without any care of its own. */
  static final class Box {
    int one;
    int other;

    Box(int value) {
      one = value;
      other = value;
    }

    int sum() {
      return one + other;
    }
  }

  private static int sum(@Nullable Box box) {
    return box == null ? 0 : box.sum();
  }

  /** Through the buffer. */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "not there yet")
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "all of it")
  @Outcome(expect = FORBIDDEN, desc = "a part of it")
  @State
  public static class Buffered {
    private final Channel<Box> channel = Channel.buffered(1);

    @Actor
    public void sender() {
      channel.trySend(new Box(1));
    }

    @Actor
    public void receiver(I_Result seen) {
      seen.r1 = sum(channel.tryReceive());
    }
  }

  /** From hand to hand, to a receiver that may be parked by then. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "all of it")
  @Outcome(expect = FORBIDDEN, desc = "a part of it, or nothing")
  @State
  public static class HandedOver {
    private final Channel<Box> channel = Channel.rendezvous();

    @Actor
    public void sender() {
      Uninterrupted.send(channel, new Box(1));
    }

    @Actor
    public void receiver(I_Result seen) {
      seen.r1 = sum(Uninterrupted.receiveOrNull(channel));
    }
  }

  /** To a select that waits on two channels. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "all of it")
  @Outcome(expect = FORBIDDEN, desc = "a part of it, or nothing")
  @State
  public static class HandedToSelect {
    private final Channel<Box> channel = Channel.rendezvous();
    private final Channel<Box> other = Channel.rendezvous();

    @Actor
    public void sender() {
      Uninterrupted.send(channel, new Box(1));
    }

    @Actor
    public void receiver(I_Result seen) {
      var select = Select.fair();
      select.receive(other);
      var in = select.receive(channel);
      Uninterrupted.await(select);
      seen.r1 = in.value().sum();
    }
  }

  /** What the closer wrote before, and that whoever sees the end sees all values first. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not closed yet")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "written, not closed yet")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "closed and seen")
  @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "closed, but what came before is not seen")
  @State
  public static class Close {
    private final Channel<Box> channel = Channel.buffered(1);
    private int before;

    @Actor
    public void closer() {
      before = 1;
      channel.close();
    }

    @Actor
    public void onlooker(II_Result seen) {
      seen.r1 = channel.isClosedForReceive() ? 1 : 0;
      seen.r2 = before;
    }
  }

  /** A value that was sent before the close is not overtaken by it. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the value, then the end")
  @Outcome(expect = FORBIDDEN, desc = "the end came first, or something that was not sent")
  @State
  public static class CloseAfterSend {
    private final Channel<Box> channel = Channel.buffered(1);

    @Actor
    public void sender() {
      Uninterrupted.send(channel, new Box(1));
      channel.close();
    }

    @Actor
    public void receiver(II_Result seen) {
      Box first = Uninterrupted.receiveOrNull(channel);
      seen.r1 = sum(first) / 2;
      seen.r2 = sum(Uninterrupted.receiveOrNull(channel));
    }
  }
}
