package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectTest {
  private final Channel<Integer> a = Channel.rendezvous();
  private final Channel<Integer> b = Channel.rendezvous();
  private final Channel<Integer> full = Channel.buffered(1);
  private final Select select = Select.fair();

  SelectTest() {
    assertTrue(full.trySend(0));
  }

  @Test
  void takesTheValueThatIsThere() throws Exception {
    var fromA = select.receive(a);
    var fromFull = select.receive(full);
    assertSame(fromFull, select.await());
    assertEquals(0, fromFull.value());
    assertEquals(0, fromFull.valueOrNull());
    assertFalse(fromFull.isClosed());
    assertThrows(IllegalStateException.class, fromA::value);
    assertNull(fromA.valueOrNull());
    assertUntouched(a);
  }

  @Test
  void takesTheValueOfTheSenderThatWaits() throws Exception {
    var sender = Call.run(() -> a.send(7));
    Await.waitingSenders(a, 1);
    select.receive(b);
    var fromA = select.receive(a);
    assertSame(fromA, select.await());
    assertEquals(7, fromA.value());
    sender.result();
  }

  @Test
  void sendsWhereThereIsRoom() throws Exception {
    Channel<Integer> roomy = Channel.buffered(1);
    select.send(full).value(8);
    var toRoomy = select.send(roomy).value(9);
    assertSame(toRoomy, select.await());
    assertEquals(9, roomy.receive());
    assertEquals(1, full.stats().depth());
    assertEquals(0, full.stats().waitingSenders());
  }

  @Test
  void sendsToTheReceiverThatWaits() throws Exception {
    var receiver = Call.of(a::receive);
    Await.waitingReceivers(a, 1);
    select.send(b).value(1);
    var toA = select.send(a).value(2);
    assertSame(toA, select.await());
    assertEquals(2, receiver.result());
    assertUntouched(b);
  }

  @Test
  void waitsUntilAValueComesAndLeavesNoTraceOfTheOthers() throws Exception {
    var fromA = select.receive(a);
    select.receive(b);
    select.send(full).value(5);
    var selecting = Call.of(select::await);
    Await.waitingReceivers(a, 1);
    assertEquals(1, b.stats().waitingReceivers());
    assertEquals(1, full.stats().waitingSenders());
    a.send(3);
    assertSame(fromA, selecting.result());
    assertEquals(3, fromA.value());
    assertUntouched(b);
    assertFalse(b.trySend(4));
    assertEquals(0, full.stats().waitingSenders());
    assertEquals(0, full.receive());
    assertNull(full.tryReceive());
  }

  @Test
  void waitsUntilAReceiverComesAndLeavesNoTraceOfTheOthers() throws Exception {
    var toA = select.send(a).value(1);
    select.send(b).value(2);
    select.receive(Channel.<Integer>rendezvous());
    var selecting = Call.of(select::await);
    Await.waitingSenders(b, 1);
    assertEquals(1, a.receive());
    assertSame(toA, selecting.result());
    assertUntouched(b);
    assertNull(b.tryReceive());
  }

  @Test
  void runsInALoop() throws Exception {
    var fromA = select.receive(a);
    var fromB = select.receive(b);
    var sumOfA = new ArrayList<Integer>();
    var sumOfB = new ArrayList<Integer>();
    var loop =
        Call.run(() -> {
          while (true) {
            var happened = select.await();
            var in = happened == fromA ? fromA : fromB;
            if (in.isClosed()) {
              return;
            }
            (in == fromA ? sumOfA : sumOfB).add(in.value());
          }
        });
    for (int i = 0; i < 1_000; i++) {
      (i % 3 == 0 ? a : b).send(i);
    }
    b.close();
    loop.result();
    assertEquals(334, sumOfA.size());
    assertEquals(666, sumOfB.size());
    assertTrue(sumOfA.stream().allMatch(i -> i % 3 == 0));
    assertEquals(sumOfA.stream().sorted().toList(), sumOfA);
    assertEquals(sumOfB.stream().sorted().toList(), sumOfB);
  }

  @Test
  void otherwiseHappensWhenNothingElseIsReady() throws Exception {
    var fromA = select.receive(a);
    select.send(full).value(1);
    var otherwise = select.otherwise();
    assertSame(otherwise, select.await());
    assertUntouched(a);
    assertEquals(0, full.stats().waitingSenders());

    var sender = Call.run(() -> a.send(2));
    Await.waitingSenders(a, 1);
    assertSame(fromA, select.await());
    sender.result();
    assertSame(otherwise, select.await());
  }

  @Test
  void otherwiseComesBeforeAfter() throws Exception {
    select.receive(a);
    select.after(Duration.ZERO);
    var otherwise = select.otherwise();
    assertSame(otherwise, select.await());
  }

  @Test
  void afterZeroOrLessDoesNotWait() throws Exception {
    var fromA = select.receive(a);
    var after = select.after(Duration.ZERO);
    assertSame(after, select.await());
    after.in(Duration.ofSeconds(-1));
    assertSame(after, select.await());
    assertUntouched(a);

    var sender = Call.run(() -> a.send(2));
    Await.waitingSenders(a, 1);
    assertSame(fromA, select.await());
    sender.result();
  }

  @Test
  void afterByTheMachinesClock() throws Exception {
    select.receive(a);
    var after = select.after(Duration.ofMillis(1));
    assertSame(after, select.await());
    assertUntouched(a);
  }

  @Test
  void aNullChannelsCaseNeverHappens() throws Exception {
    var fromNull = select.receive((ReceiveChannel<Integer>) null);
    select.send((SendChannel<Integer>) null);
    var fromFull = select.receive(full);
    assertSame(fromFull, select.await());
    assertNull(fromNull.valueOrNull());
    assertEquals("receive from null", fromNull.toString());
  }

  @Test
  void casesAreSwitchedOffAndOn() throws Exception {
    Channel<Integer> other = Channel.buffered(1);
    var in = select.receive(full);
    var out = select.send(other).value(4);
    var otherwise = select.otherwise();
    in.from(null);
    out.to(null);
    assertSame(otherwise, select.await());
    assertEquals(1, full.stats().depth());
    out.to(other);
    assertSame(out, select.await());
    assertEquals(4, other.receive());
    out.to(null);
    in.from(full);
    assertSame(in, select.await());
    assertEquals(0, in.value());
    other.send(6);
    in.from(other);
    assertSame(in, select.await());
    assertEquals(6, in.value());
  }

  @Test
  void aCaseThatHasWaitedIsSwitchedToAnotherChannel() throws Exception {
    var in = select.receive(a);
    var fromB = select.receive(b);
    var first = Call.of(select::await);
    Await.waitingReceivers(a, 1);
    b.send(1);
    assertSame(fromB, first.result());

    in.from(full);
    fromB.from(null);
    assertSame(in, select.await());
    assertEquals(0, in.value());
    assertUntouched(a);

    in.from(a);
    var second = Call.of(select::await);
    Await.waitingReceivers(a, 1);
    assertEquals(0, b.stats().waitingReceivers());
    a.send(2);
    assertSame(in, second.result());
    assertEquals(2, in.value());
  }

  @Test
  void withEveryCaseOffItWaitsUntilItIsInterrupted() throws Exception {
    select.receive((ReceiveChannel<Integer>) null);
    select.after(null);
    var selecting = Call.of(select::await);
    Await.until(() -> selecting.thread().getState() == Thread.State.WAITING);
    selecting.interrupt();
    assertEquals("interrupted in select", selecting.failure().getMessage());
  }

  @Test
  void withEveryCaseOffOtherwiseHappens() throws Exception {
    var otherwise = select.otherwise();
    assertSame(otherwise, select.await());
  }

  @Test
  void oneChannelMayHaveSeveralCases() throws Exception {
    var one = select.receive(a);
    var two = select.receive(a);
    var selecting = Call.of(select::await);
    Await.waitingReceivers(a, 2);
    a.send(1);
    var happened = selecting.result();
    assertTrue(happened == one || happened == two);
    assertEquals(1, (happened == one ? one : two).value());
    assertNull((happened == one ? two : one).valueOrNull());
    assertUntouched(a);
  }

  @Test
  void aSelectIsNotItsOwnPartner() throws Exception {
    var out = select.send(a).value(1);
    var in = select.receive(a);
    var first = Call.of(select::await);
    Await.waitingSenders(a, 1);
    Await.waitingReceivers(a, 1);
    assertTrue(first.isRunning());
    assertEquals(1, a.receive());
    assertSame(out, first.result());

    var second = Call.of(select::await);
    Await.waitingReceivers(a, 1);
    a.send(2);
    assertSame(in, second.result());
    assertEquals(2, in.value());
    assertUntouched(a);
  }

  @Test
  void twoSelectsMeet() throws Exception {
    var fromA = select.receive(a);
    select.receive(b);
    var receiving = Call.of(select::await);
    Await.waitingReceivers(a, 1);

    var other = Select.fair();
    other.send(full).value(1);
    var toA = other.send(a).value(2);
    assertSame(toA, other.await());
    assertSame(fromA, receiving.result());
    assertEquals(2, fromA.value());
    assertUntouched(a);
    assertUntouched(b);
  }

  @Test
  void aValueGivenOnceIsSentEachTime() throws Exception {
    Channel<Integer> out = Channel.buffered(3);
    var toOut = select.send(out).value(1);
    assertSame(toOut, select.await());
    assertSame(toOut, select.await());
    toOut.value(2);
    assertSame(toOut, select.await());
    var sent = new ArrayList<Integer>();
    out.drainTo(sent, 3);
    assertEquals(List.of(1, 1, 2), sent);
  }

  @Test
  void aValueChangedAfterARoundOfWaitingIsTheOneThatIsSent() throws Exception {
    var toA = select.send(a).value(1);
    var fromB = select.receive(b);
    var first = Call.of(select::await);
    Await.waitingSenders(a, 1);
    b.send(0);
    assertSame(fromB, first.result());
    toA.value(2);
    var second = Call.of(select::await);
    Await.waitingSenders(a, 1);
    assertEquals(2, a.receive());
    assertSame(toA, second.result());
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without null checks can do
  void nullIsNotAValue() {
    var toA = select.send(a);
    assertThrows(NullPointerException.class, () -> toA.value(null));
  }

  @Test
  void aSendCaseWithoutAValueIsAnError() throws Exception {
    var toA = select.send(a);
    var error = assertThrows(IllegalStateException.class, select::await);
    assertEquals(
        "no value to send on " + a + "; give one with value(...), or switch off",
        error.getMessage());
    assertUntouched(a);
    toA.to(null);
    var otherwise = select.otherwise();
    assertSame(otherwise, select.await());
  }

  @Test
  void theValueIsThatOfTheLastRound() throws Exception {
    var in = select.receive(full);
    var otherwise = select.otherwise();
    assertSame(in, select.await());
    assertSame(otherwise, select.await());
    assertNull(in.valueOrNull());
    var error = assertThrows(IllegalStateException.class, in::value);
    assertEquals("the case receive from " + full + " has not happened", error.getMessage());
  }

  @Test
  void thereIsOneAfterAndOneOtherwise() {
    select.after(Duration.ZERO);
    assertThrows(IllegalStateException.class, () -> select.after(Duration.ZERO));
    select.otherwise();
    assertThrows(IllegalStateException.class, select::otherwise);
  }

  @Test
  void anotherThreadMayRunItLater() throws Exception {
    var in = select.receive(a);
    for (int i = 0; i < 3; i++) {
      var selecting = Call.of(select::await);
      Await.waitingReceivers(a, 1);
      a.send(i);
      assertSame(in, selecting.result());
      assertEquals(i, in.value());
    }
  }

  @Test
  void aPrioritisedOneTakesTheFirstReadyInOrder() throws Exception {
    var prioritised = Select.prioritised();
    Channel<Integer> low = Channel.buffered(100);
    Channel<Integer> high = Channel.buffered(100);
    prioritised.receive(a);
    var fromHigh = prioritised.receive(high); // made later than low, asked first
    var fromLow = prioritised.receive(low);
    for (int i = 0; i < 50; i++) {
      low.send(i);
      high.send(i);
    }
    for (int i = 0; i < 50; i++) {
      assertSame(fromHigh, prioritised.await());
    }
    for (int i = 0; i < 50; i++) {
      assertSame(fromLow, prioritised.await());
      assertEquals(i, fromLow.value());
    }
  }

  @Test
  void aPrioritisedOneWaitsForAnyOfItsCases() throws Exception {
    var prioritised = Select.prioritised();
    prioritised.receive(a);
    var fromB = prioritised.receive(b);
    var selecting = Call.of(prioritised::await);
    Await.waitingReceivers(b, 1);
    b.send(1);
    assertSame(fromB, selecting.result());
    assertUntouched(a);
  }

  @Test
  void twoThreadsCannotWaitInItAtOnce() throws Exception {
    var fromA = select.receive(a);
    var selecting = Call.of(select::await);
    Await.waitingReceivers(a, 1);
    var error = assertThrows(IllegalStateException.class, select::await);
    assertEquals("another thread waits in this " + select, error.getMessage());
    a.send(1);
    assertSame(fromA, selecting.result());
    assertEquals(1, fromA.value());
  }

  @Test
  void saysWhatItWaitsFor() throws Exception {
    Channel<Integer> orders = new Channel<>(0, "orders", Clock.system());
    Channel<Integer> results = new Channel<>(0, "results", Clock.system());
    select.receive(orders);
    select.send(results).value(1);
    var selecting = Call.of(select::await);
    Await.waitingReceivers(orders, 1);
    assertEquals("select receive from orders or send on results", select.toString());
    selecting.interrupt();
    assertEquals(
        "interrupted in select receive from orders or send on results",
        selecting.failure().getMessage());
  }

  private static void assertUntouched(Channel<?> channel) {
    ChannelStats stats = channel.stats();
    assertEquals(0, stats.depth());
    assertEquals(0, stats.waitingReceivers());
    assertEquals(0, stats.waitingSenders());
  }
}
