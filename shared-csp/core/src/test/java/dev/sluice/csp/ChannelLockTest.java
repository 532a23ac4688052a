package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever holds a channel's lock runs: it neither waits nor calls code of others. Each of these
 * would spin for ever, on a lock whose holder does not come to unlock.
 */
class ChannelLockTest {
  private final Channel<Integer> a = Channel.buffered(1);
  private final Channel<Integer> b = Channel.buffered(1);

  @Test
  void aSelectThatCannotHaveAllItsLocksHoldsNone() throws Exception {
    var select = Select.fair();
    select.receive(b);
    select.receive(a);
    var otherwise = select.otherwise();
    var begun = new AtomicBoolean();
    b.lock(); // as a partner does that the operating system has put aside
    var selecting =
        Call.of(() -> {
          begun.set(true);
          return select.await();
        });
    Await.until(begun::get);
    var looked = new AtomicInteger();
    Call.runOnPlatformThread(() -> {
      while (true) {
        a.stats();
        looked.incrementAndGet();
      }
    });
    Await.until(() -> looked.get() > 20_000);
    b.unlock();
    assertSame(otherwise, selecting.result());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoAsksWhetherItIsClosedWaitsForTheLockAndOpensItForNobodyElse(boolean receives)
      throws Exception {
    var ended = new AtomicBoolean();
    var asked = new AtomicInteger();
    var asking =
        Call.runOnPlatformThread(() -> {
          while (!ended.get()) {
            assertFalse(receives ? a.isClosedForReceive() : a.isClosedForSend());
            asked.incrementAndGet();
          }
        });
    Await.until(() -> asked.get() > 0);
    boolean opened = false;
    for (int round = 0; round < 1_000; round++) {
      a.lock();
      opened |= a.lockSoon(); // tries for a while
      a.unlock();
    }
    ended.set(true);
    asking.result();
    assertFalse(opened, "the lock was released while this thread held it");
  }

  @Test
  void aCollectionThatIsDrainedToMayUseTheChannel() throws Exception {
    a.send(1);
    var into =
        new AbstractList<Integer>() {
          private final List<Integer> values = new ArrayList<>();

          @Override
          public void add(int index, Integer value) {
            a.trySend(value + 1);
            values.add(index, value);
          }

          @Override
          public Integer get(int index) {
            return values.get(index);
          }

          @Override
          public int size() {
            return values.size();
          }
        };
    var draining = Call.runOnPlatformThread(() -> a.drainTo(into, 10));
    draining.result();
    assertEquals(List.of(1), into);
    assertEquals(2, a.receive());
  }

  @Test
  void aGeneratorOfASelectMayUseItsChannels() throws Exception {
    RandomGenerator looksAround = () -> a.stats().depth() + b.stats().depth();
    var select = Select.fair(Clock.system(), looksAround);
    select.receive(a);
    select.receive(b);
    var otherwise = select.otherwise();
    var selecting =
        Call.<Object>of(() -> {
          for (int round = 0; round < 10; round++) {
            assertSame(otherwise, select.await());
          }
          return otherwise;
        });
    assertSame(otherwise, selecting.result());
  }
}
