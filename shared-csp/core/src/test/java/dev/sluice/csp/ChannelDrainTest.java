package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import org.junit.jupiter.api.Test;

class ChannelDrainTest {
  private final List<Integer> into = new ArrayList<>();

  @Test
  void takesWhatIsThereInOrder() throws Exception {
    Channel<Integer> channel = filled(3);
    assertEquals(3, channel.drainTo(into, 10));
    assertEquals(List.of(0, 1, 2), into);
    assertEquals(0, channel.drainTo(into, 10));
    assertEquals(List.of(0, 1, 2), into);
  }

  @Test
  void takesNoMoreThanAsked() throws Exception {
    Channel<Integer> channel = filled(3);
    assertEquals(0, channel.drainTo(into, 0));
    assertEquals(2, channel.drainTo(into, 2));
    assertEquals(List.of(0, 1), into);
    assertEquals(2, channel.receive());
  }

  @Test
  void takesFromTheSendersThatWaitToo() throws Exception {
    Channel<Integer> channel = filled(2);
    var senders = new ArrayList<Call<Object>>();
    for (int i = 2; i < 6; i++) {
      int value = i;
      senders.add(Call.run(() -> channel.send(value)));
      Await.waitingSenders(channel, i - 1);
    }
    assertEquals(5, channel.drainTo(into, 5));
    assertEquals(List.of(0, 1, 2, 3, 4), into);
    for (Call<Object> sender : senders) {
      sender.result();
    }
    assertEquals(5, channel.receive());
    assertEquals(6, channel.stats().sent());
    assertEquals(6, channel.stats().received());
  }

  @Test
  void takesFromTheSendersOfARendezvous() throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    var first = Call.run(() -> channel.send(1));
    Await.waitingSenders(channel, 1);
    var second = Call.run(() -> channel.send(2));
    Await.waitingSenders(channel, 2);
    assertEquals(2, channel.drainTo(into, 10));
    assertEquals(List.of(1, 2), into);
    first.result();
    second.result();
  }

  @Test
  void takesTheRestOfAClosedChannel() throws Exception {
    Channel<Integer> channel = filled(2);
    channel.close();
    assertEquals(2, channel.drainTo(into, 10));
    assertEquals(List.of(0, 1), into);
    assertEquals(0, channel.drainTo(into, 10));
  }

  @Test
  void aNegativeNumberIsRefused() throws Exception {
    Channel<Integer> channel = filled(1);
    var refused = assertThrows(IllegalArgumentException.class, () -> channel.drainTo(into, -1));
    assertEquals("max is -1, must be 0 or more", refused.getMessage());
    assertEquals(1, channel.stats().depth());
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without null checks can do
  void withoutACollectionNothingIsTaken() throws Exception {
    Channel<Integer> channel = filled(1);
    assertThrows(NullPointerException.class, () -> channel.drainTo(null, 1));
    assertEquals(0, channel.receive());
  }

  @Test
  void aCollectionThatRefusesAValueHarmsNobodyElse() throws Exception {
    Channel<Integer> channel = filled(1);
    var first = Call.run(() -> channel.send(1));
    Await.waitingSenders(channel, 1);
    var second = Call.run(() -> channel.send(2));
    Await.waitingSenders(channel, 2);
    var small = new ArrayBlockingQueue<Integer>(1);
    assertThrows(IllegalStateException.class, () -> channel.drainTo(small, 10));
    first.result();
    second.result();
    assertEquals(List.of(0), List.copyOf(small));
    assertEquals(3, channel.stats().received());
    channel.send(3);
    assertEquals(3, channel.receive());
  }

  private static Channel<Integer> filled(int capacity) throws InterruptedException {
    Channel<Integer> channel = Channel.buffered(capacity);
    for (int i = 0; i < capacity; i++) {
      channel.send(i);
    }
    return channel;
  }
}
