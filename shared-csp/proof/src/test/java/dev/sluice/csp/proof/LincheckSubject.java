package dev.sluice.csp.proof;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Channels whose calls answer texts that {@link DualModel} understands, and a clock that makes
 * every wait end: a tool that controls the schedule must never be left with a call that nobody
 * answers.
 *
 * <p>The clock does not run. When a call starts to wait and asks to be woken, then its time has
 * come at once, or, for a call that is to be interrupted, its own thread is interrupted at once. So
 * between the arrival of the offer and its taking back there is all that the schedule puts there,
 * and no more: a partner, a close, another's arrival.
 */
abstract class LincheckSubject implements DualVerifier.Subject {
  private static final Duration LIMIT = Duration.ofNanos(1);

  /**
   * How often a stress test lets others go first before a wait ends; a model checker needs none.
   */
  static volatile int patience;

  final List<Channel<Integer>> channels = new ArrayList<>();
  final EagerClock clock = new EagerClock();

  LincheckSubject() {
    // A scope only hands out channels that go by another clock; they outlive it.
    try (var scope = Scope.open("lincheck", clock)) {
      for (int capacity : capacities()) {
        channels.add(scope.channel("channel-" + channels.size(), capacity));
      }
    }
  }

  final String trySend(int channel, int value) {
    return answer(() -> sent(channel, channels.get(channel).trySend(value)), channel);
  }

  final String tryReceive(int channel) {
    return received(channel, channels.get(channel).tryReceive());
  }

  final String sendFor(int channel, int value) {
    SendChannel<Integer> to = channels.get(channel);
    return answer(() -> sent(channel, to.trySend(value, LIMIT)), channel);
  }

  final String receiveFor(int channel) {
    ReceiveChannel<Integer> from = channels.get(channel);
    return answer(() -> received(channel, from.tryReceive(LIMIT)), channel);
  }

  final String close(int channel) {
    try {
      channels.get(channel).close();
      return "closes";
    } catch (ChannelClosedException twice) {
      return "closed already";
    }
  }

  interface Body {
    String run() throws InterruptedException;
  }

  /** Runs with an interrupt that comes while it waits. */
  final String interrupted(Body body, int channel) {
    clock.interrupting.set(true);
    String answer;
    try {
      answer = answer(body, channel);
    } finally {
      clock.interrupting.set(false);
    }
    boolean came = clock.interrupted.get();
    clock.interrupted.set(false);
    boolean stays = Thread.interrupted();
    boolean taken = answer.equals(DualModel.INTERRUPTED);
    if ((taken && !came) || stays != (came && !taken)) {
      return "%s, but the interrupt came: %s, stays: %s".formatted(answer, came, stays);
    }
    return answer;
  }

  final String answer(Body body, int channel) {
    try {
      return body.run();
    } catch (InterruptedException interrupted) {
      return DualModel.INTERRUPTED;
    } catch (ChannelClosedException closed) {
      return channel + ":closed";
    }
  }

  static String sent(int channel, boolean sent) {
    return sent ? channel + ":sent" : DualModel.NO;
  }

  static String received(int channel, @Nullable Integer value) {
    return value == null ? DualModel.NO : channel + ":" + value;
  }

  static final class EagerClock implements Clock {
    final ThreadLocal<Boolean> interrupting = ThreadLocal.withInitial(() -> false);
    final ThreadLocal<Boolean> interrupted = ThreadLocal.withInitial(() -> false);
    private final AtomicLong now = new AtomicLong();

    @Override
    public long nanos() {
      return now.get();
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH;
    }

    @Override
    public Alarm schedule(long atNanos, Runnable action) {
      for (int spins = patience; spins > 0; spins--) {
        Thread.onSpinWait();
      }
      if (interrupting.get()) {
        interrupted.set(true);
        Thread.currentThread().interrupt();
      } else {
        now.accumulateAndGet(atNanos, Math::max);
        action.run();
      }
      return () -> {};
    }
  }
}
