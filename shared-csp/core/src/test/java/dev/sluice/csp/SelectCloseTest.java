package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SelectCloseTest {
  private final Channel<Integer> a = Channel.rendezvous();
  private final Channel<Integer> b = Channel.rendezvous();
  private final Select select = Select.prioritised();

  @Test
  void theReceiveCaseOfAClosedChannelIsAlwaysReadyAndSaysSo() throws Exception {
    var fromA = select.receive(a);
    select.otherwise();
    a.close();
    for (int round = 0; round < 3; round++) {
      assertSame(fromA, select.await());
      assertTrue(fromA.isClosed());
      assertNull(fromA.valueOrNull());
      var error = assertThrows(ChannelClosedException.class, fromA::value);
      assertEquals(a + " is closed", error.getMessage());
    }
  }

  @Test
  void bufferedValuesComeBeforeTheEnd() throws Exception {
    Channel<Integer> channel = Channel.buffered(2);
    channel.send(1);
    channel.send(2);
    channel.close();
    var in = select.receive(channel);
    assertSame(in, select.await());
    assertEquals(1, in.value());
    assertFalse(in.isClosed());
    assertSame(in, select.await());
    assertEquals(2, in.value());
    assertSame(in, select.await());
    assertTrue(in.isClosed());
  }

  @Test
  void aSelectThatWaitsToReceiveSeesTheEnd() throws Exception {
    select.receive(b);
    var fromA = select.receive(a);
    var selecting = Call.of(select::await);
    Await.waitingReceivers(a, 1);
    a.close();
    assertSame(fromA, selecting.result());
    assertTrue(fromA.isClosed());
    assertEquals(0, b.stats().waitingReceivers());
  }

  @Test
  void theEndIsForgottenInTheNextRound() throws Exception {
    var in = select.receive(a);
    a.close();
    assertSame(in, select.await());
    Channel<Integer> channel = Channel.buffered(1);
    channel.send(1);
    in.from(channel);
    assertSame(in, select.await());
    assertFalse(in.isClosed());
    assertEquals(1, in.value());
  }

  @Test
  void sendingOnAClosedChannelFails() throws Exception {
    a.close();
    select.receive(b);
    var toA = select.send(a).value(1);
    var otherwise = select.otherwise();
    var error = assertThrows(ChannelClosedException.class, select::await);
    assertEquals(a + " is closed", error.getMessage());
    assertEquals(0, b.stats().waitingReceivers());
    toA.to(null);
    assertSame(otherwise, select.await());
  }

  @Test
  void aSelectThatWaitsToSendFailsAtTheClose() throws Exception {
    var fromB = select.receive(b);
    var toA = select.send(a).value(1);
    var selecting = Call.of(select::await);
    Await.waitingSenders(a, 1);
    a.close();
    assertInstanceOf(ChannelClosedException.class, selecting.failure());
    assertEquals(0, b.stats().waitingReceivers());

    toA.to(null);
    var again = Call.of(select::await);
    Await.waitingReceivers(b, 1);
    b.send(2);
    assertSame(fromB, again.result());
  }

  @Test
  void bothCasesOnAChannelSeeItsClose() throws Exception {
    select.send(a).value(1);
    var in = select.receive(a);
    var selecting = Call.of(select::await);
    Await.waitingSenders(a, 1);
    Await.waitingReceivers(a, 1);
    a.close();
    assertSame(in, selecting.result());
    assertTrue(in.isClosed());
    assertEquals(0, a.stats().waitingSenders());
  }

  @Test
  void closedChannelsAreSwitchedOffOneByOne() throws Exception {
    var fromA = select.receive(a);
    var fromB = select.receive(b);
    var loop =
        Call.of(() -> {
          int sum = 0;
          for (int open = 2; open > 0; ) {
            var in = select.await() == fromA ? fromA : fromB;
            if (in.isClosed()) {
              in.from(null);
              open--;
            } else {
              sum += in.value();
            }
          }
          return sum;
        });
    a.send(1);
    a.close();
    b.send(2);
    b.send(3);
    b.close();
    assertEquals(6, loop.result());
  }
}
