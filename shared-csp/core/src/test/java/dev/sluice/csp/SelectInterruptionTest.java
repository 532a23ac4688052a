package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectInterruptionTest {
  private final Channel<Integer> a = Channel.rendezvous();
  private final Channel<Integer> b = Channel.rendezvous();
  private final Select select = Select.fair();

  @Test
  void beforeTheCallNothingHappens() throws Exception {
    Channel<Integer> ready = Channel.buffered(1);
    ready.send(1);
    select.receive(ready);
    select.otherwise();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, select::await);
    assertFalse(Thread.interrupted());
    assertEquals(1, ready.receive());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whileItWaitsAllOffersAreTakenBack(boolean limited) throws Exception {
    var fromA = select.receive(a);
    select.send(b).value(1);
    if (limited) {
      select.after(Duration.ofDays(1));
    }
    var selecting = Call.of(select::await);
    Await.waitingSenders(b, 1);
    selecting.interrupt();
    assertInstanceOf(InterruptedException.class, selecting.failure());
    assertFalse(selecting.endedInterrupted());
    assertEquals(0, a.stats().waitingReceivers());
    assertEquals(0, b.stats().waitingSenders());
    assertFalse(a.trySend(1));
    assertNull(b.tryReceive());

    var again = Call.of(select::await);
    Await.waitingReceivers(a, 1);
    a.send(2);
    assertSame(fromA, again.result());
    assertEquals(2, fromA.value());
  }

  @Test
  void aCaseThatHappensInTheSameInstantHasHappenedAndTheThreadStaysInterrupted() throws Exception {
    var fromA = select.receive(a);
    select.receive(b);
    var selecting = Call.of(select::await);
    Await.waitingReceivers(b, 1);
    b.lock(); // the select has to take back its offer there before it can return
    a.lock();
    boolean delivered = a.deliver(1);
    a.unlockAndWake();
    selecting.interrupt();
    b.unlock();
    assertTrue(delivered);
    assertSame(fromA, selecting.result());
    assertEquals(1, fromA.value());
    assertTrue(selecting.endedInterrupted());
  }

  @Test
  void inARaceWithAPartnerBothAgreeWhatHappened() throws Exception {
    var fromA = select.receive(a);
    var toB = select.send(b).value(7);
    for (int round = 0; round < 2_000; round++) {
      var selecting = Call.of(select::await);
      Await.waitingSenders(b, 1);
      var interrupter = Call.run(selecting::interrupt);
      boolean delivered = round % 2 == 0 ? a.trySend(round) : b.tryReceive() != null;
      interrupter.result();
      if (delivered) {
        assertSame(round % 2 == 0 ? fromA : toB, selecting.result());
        if (round % 2 == 0) {
          assertEquals(round, fromA.value());
        }
      } else {
        assertInstanceOf(InterruptedException.class, selecting.failure());
        assertNull(fromA.valueOrNull());
      }
      assertEquals(0, a.stats().waitingReceivers());
      assertEquals(0, b.stats().waitingSenders());
    }
  }

  @Test
  void inARaceWithAPartnerTheInterruptIsReportedOrStays() throws Exception {
    var fromA = select.receive(a);
    select.receive(b);
    for (int round = 0; round < 2_000; round++) {
      var interrupted = new AtomicBoolean();
      var selecting =
          Call.of(() -> {
            var happened = select.await();
            Await.until(interrupted::get);
            return happened;
          });
      Await.waitingReceivers(b, 1);
      var interrupter =
          Call.run(() -> {
            selecting.interrupt();
            interrupted.set(true);
          });
      boolean delivered = a.trySend(round);
      interrupter.result();
      if (delivered) {
        assertSame(fromA, selecting.result());
        assertTrue(selecting.endedInterrupted());
      } else {
        assertInstanceOf(InterruptedException.class, selecting.failure());
        assertFalse(selecting.endedInterrupted());
      }
    }
  }
}
