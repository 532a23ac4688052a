package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoOpenScopes.class)
class ScopeTest {
  private final Channel<Integer> channel = Channel.rendezvous();

  @Test
  void aProcessRunsOnAVirtualThreadOfItsName() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Thread> threads = scope.channel("threads", 1);
      Process process = scope.start("worker", () -> threads.send(Thread.currentThread()));
      scope.join();
      Thread thread = threads.receive();
      assertTrue(thread.isVirtual());
      assertEquals("worker", thread.getName());
      assertEquals("worker", process.name());
      assertEquals("worker", process.toString());
      assertSame(scope, process.scope());
    }
  }

  @Test
  void aProcessThatWaitsInNativeCodeHasAPlatformThreadOfItsName() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Thread> threads = scope.channel("threads", 1);
      Process process =
          scope.startOnPlatformThread("writer", () -> threads.send(Thread.currentThread()));
      scope.join();
      Thread thread = threads.receive();
      assertFalse(thread.isVirtual());
      assertTrue(thread.isDaemon());
      assertEquals("writer", thread.getName());
      assertFalse(process.isAlive());
    }
  }

  @Test
  void cancellingReachesAProcessOnAPlatformThread() throws Exception {
    try (var scope = Scope.open("scope")) {
      scope.startOnPlatformThread("writer", channel::receive);
      scope.cancel();
      scope.join();
      assertEquals(List.of(), scope.processes());
    }
  }

  @Test
  void joinWaitsUntilAllProcessesHaveEnded() throws Exception {
    try (var scope = Scope.open("scope")) {
      var first = scope.start("first", () -> channel.send(1));
      var second = scope.start("second", () -> channel.send(2));
      var joining = Call.run(scope::join);
      assertEquals(3, channel.receive() + receiveAfter(joining));
      joining.result();
      assertFalse(first.isAlive());
      assertFalse(second.isAlive());
      assertEquals(List.of(), scope.processes());
      assertFalse(scope.isCancelled());
    }
  }

  @Test
  void theReceiverOfAPortIsWokenByTheWakerOnceForAllThatWasSentMeanwhile() throws Exception {
    var wakes = new ArrayList<Runnable>();
    try (var scope = Scope.open("scope", Clock.system(), wakes::add)) {
      Channel<Integer> port = scope.child("inside").port("port", 8);
      var receiving = Call.of(() -> port.receive() + port.receive() + port.receive());
      Await.until(() -> receiving.thread().getState() == Thread.State.WAITING);
      for (int value = 1; value <= 3; value++) {
        assertTrue(port.trySend(value));
      }
      assertEquals(1, wakes.size());
      assertEquals(Thread.State.WAITING, receiving.thread().getState());
      wakes.getFirst().run();
      assertEquals(6, receiving.result());
    }
  }

  @Test
  void whatIsNoPortWakesItsReceiverItself() throws Exception {
    var wakes = new ArrayList<Runnable>();
    try (var scope = Scope.open("scope", Clock.system(), wakes::add)) {
      Channel<Integer> inside = scope.channel("inside", 8);
      var receiving = Call.of(inside::receive);
      Await.waitingReceivers(inside, 1);
      assertTrue(inside.trySend(1));
      assertEquals(1, receiving.result());
      assertEquals(List.of(), wakes);
    }
  }

  @Test
  void joinOfAScopeWithoutProcessesReturns() throws Exception {
    try (var scope = Scope.open("scope")) {
      scope.join();
      scope.join();
      assertFalse(scope.isCancelled());
    }
  }

  @Test
  void processesAreStartedAfterAJoinToo() throws Exception {
    try (var scope = Scope.open("scope")) {
      scope.start("first", () -> {});
      scope.join();
      var second = scope.start("second", () -> channel.send(2));
      assertEquals(2, channel.receive());
      scope.join();
      assertFalse(second.isAlive());
    }
  }

  @Test
  void afterJoinNoProcessIsAlive() throws Exception {
    try (var scope = Scope.open("scope")) {
      for (int round = 0; round < 2_000; round++) {
        Process process = scope.start("short", () -> {});
        scope.join();
        assertFalse(process.isAlive());
      }
    }
  }

  @Test
  void afterAProcessHasEndedItsScopeKnows() throws Exception {
    for (int round = 0; round < 500; round++) {
      var scope = Scope.open("scope");
      Process process =
          scope.start(
              "failing",
              () -> {
                throw new IllegalStateException("bad");
              });
      process.join();
      assertFalse(process.isAlive());
      assertTrue(scope.isCancelled());
      assertThrows(IllegalStateException.class, scope::close);
    }
  }

  @Test
  void cancelInterruptsThoseThatWaitAndClosesDoneForThoseThatSelect() throws Exception {
    try (var scope = Scope.open("scope")) {
      Reply<Throwable> waited = new Reply<>();
      scope.start(
          "waits",
          () -> {
            try {
              channel.receive();
            } catch (InterruptedException interrupted) {
              waited.complete(interrupted);
              throw interrupted;
            }
          });
      Reply<Boolean> selected = new Reply<>();
      var outside = // not of the scope, so not interrupted
          Call.run(() -> {
            var select = Select.fair();
            select.receive(channel);
            var done = select.receive(scope.done());
            selected.complete(select.await() == done && done.isClosed());
          });
      Await.waitingReceivers(channel, 2);
      assertFalse(scope.isCancelled());
      scope.cancel();
      assertTrue(scope.isCancelled());
      assertTrue(scope.done().isClosedForReceive());
      assertInstanceOf(InterruptedException.class, waited.await());
      assertTrue(selected.await());
      outside.result();
      scope.join(); // ended by cancellation, so not failed
    }
  }

  @Test
  void cancelTwiceIsCancelOnce() throws Exception {
    try (var scope = Scope.open("scope")) {
      scope.start("waits", channel::receive);
      scope.cancel();
      scope.cancel();
      scope.join();
    }
  }

  @Test
  void nothingIsStartedInACancelledScope() throws Exception {
    try (var scope = Scope.open("scope")) {
      scope.cancel();
      var error =
          assertThrows(CancellationException.class, () -> scope.start("late", channel::close));
      assertEquals("scope scope has been cancelled", error.getMessage());
      assertThrows(CancellationException.class, () -> scope.child("late"));
      assertEquals(List.of(), scope.processes());
      scope.join();
      assertFalse(channel.isClosedForSend());
    }
  }

  @Test
  void nothingIsStartedInAClosedScope() {
    var scope = Scope.open("scope");
    scope.close();
    var error =
        assertThrows(CancellationException.class, () -> scope.start("late", channel::close));
    assertEquals("scope scope is closed", error.getMessage());
    assertThrows(CancellationException.class, () -> scope.child("late"));
    assertFalse(channel.isClosedForSend());
  }

  @Test
  void aThreadInterruptedBeforeItsStartRunsInterrupted() throws Exception {
    // What start relies on when a cancel overtakes it.
    var seen = new Reply<Boolean>();
    Thread thread =
        Thread.ofVirtual().unstarted(() -> seen.complete(Thread.currentThread().isInterrupted()));
    thread.interrupt();
    thread.start();
    assertTrue(seen.await());
  }

  @Test
  void startRacingCancelLeavesNobodyBehind() throws Exception {
    for (int round = 0; round < 200; round++) {
      try (var scope = Scope.open("scope")) {
        var started = new AtomicInteger();
        var starter =
            Call.run(() -> {
              while (!scope.isCancelled() && started.get() < 100) {
                scope.start("waits", channel::receive);
                started.incrementAndGet();
              }
            });
        Await.until(() -> started.get() > 3 || !starter.isRunning());
        scope.cancel();
        scope.join();
        Await.until(() -> !starter.isRunning()); // it may have been refused, or come to its end
        assertEquals(List.of(), scope.processes());
        assertEquals(0, channel.stats().waitingReceivers());
      }
    }
  }

  @Test
  void closeCancelsWhatStillRunsAndWaitsForIt() {
    var ended = new AtomicInteger();
    var scope = Scope.open("scope");
    for (int i = 0; i < 10; i++) {
      scope.start(
          "waits",
          () -> {
            try {
              channel.receive();
            } finally {
              ended.incrementAndGet();
            }
          });
    }
    Await.waitingReceivers(channel, 10);
    scope.close();
    assertEquals(10, ended.get());
    assertTrue(scope.isCancelled());
    scope.close(); // does nothing
  }

  @Test
  void closeWaitsHoweverOftenItIsInterrupted() throws Exception {
    var scope = Scope.open("scope");
    scope.start("stubborn", () -> receiveStubbornly(channel));
    Await.waitingReceivers(channel, 1);
    var closing = Call.run(scope::close);
    Await.until(scope::isCancelled);
    for (int i = 0; i < 3; i++) {
      Await.until(() -> closing.thread().getState() == Thread.State.WAITING);
      closing.interrupt();
    }
    Await.until(() -> closing.thread().getState() == Thread.State.WAITING);
    assertTrue(closing.isRunning());
    channel.send(1);
    closing.result();
    assertTrue(closing.endedInterrupted());
  }

  @Test
  void anInterruptedJoinLeavesTheScopeAsItWas() throws Exception {
    try (var scope = Scope.open("scope")) {
      var process = scope.start("waits", () -> channel.send(1));
      var joining = Call.run(scope::join);
      Await.until(() -> joining.thread().getState() == Thread.State.WAITING);
      joining.interrupt();
      assertInstanceOf(InterruptedException.class, joining.failure());
      assertTrue(process.isAlive());
      assertFalse(scope.isCancelled());
      assertEquals(1, channel.receive());
      scope.join();
    }
  }

  @Test
  void aProcessCannotWaitForItsOwnScope() throws Exception {
    try (var scope = Scope.open("scope")) {
      var seen = new Reply<Throwable>();
      scope.start(
          "inside", () -> seen.complete(assertThrows(IllegalStateException.class, scope::join)));
      assertEquals(
          "a process of scope scope cannot wait for the scope's end", seen.await().getMessage());
      scope.join();
    }
  }

  @Test
  void aProcessThatClosesItsOwnScopeIsRefusedWithoutEffect() throws Exception {
    try (var scope = Scope.open("scope")) {
      var seen = new Reply<Throwable>();
      scope.start(
          "inside", () -> seen.complete(assertThrows(IllegalStateException.class, scope::close)));
      assertNotNull(seen.await());
      scope.join();
      assertFalse(scope.isCancelled());
      assertEquals(List.of(scope), Processes.scopes());
    }
  }

  @Test
  void oneProcessIsCancelledAloneAndHasNotFailed() throws Exception {
    try (var scope = Scope.open("scope")) {
      var one = scope.start("one", channel::receive);
      var two = scope.start("two", () -> channel.forEach(_ -> {}));
      var three = scope.start("three", () -> channel.send(channel.receive()));
      Await.waitingReceivers(channel, 3);
      one.cancel();
      one.join();
      assertTrue(one.isCancelled());
      assertFalse(one.isAlive());
      two.cancel(); // ends with CancellationException
      two.join();
      assertTrue(three.isAlive());
      assertFalse(three.isCancelled());
      assertFalse(scope.isCancelled());
      channel.send(5);
      assertEquals(5, channel.receive());
      scope.join();
    }
  }

  @Test
  void itsChannelsHaveNamesAndAreListed() {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> orders = scope.channel("orders", 3);
      Channel<Integer> results = scope.channel("results", 0);
      assertEquals("orders", orders.toString());
      assertEquals("orders", orders.stats().name());
      assertEquals(3, orders.stats().capacity());
      assertEquals(List.of(orders, results), scope.channels());
      var taken = assertThrows(IllegalArgumentException.class, () -> scope.channel("orders", 1));
      assertEquals("scope scope has a channel named orders already", taken.getMessage());
      assertThrows(IllegalArgumentException.class, () -> scope.channel("less", -1));
      assertEquals(List.of(orders, results), scope.channels());
    }
  }

  @Test
  void whatLivesIsListed() throws Exception {
    assertEquals(List.of(), Processes.scopes());
    try (var first = Scope.open("first");
        var second = Scope.open("second")) {
      assertEquals(List.of(first, second), Processes.scopes());
      Instant before = Instant.now();
      var one = second.start("one", channel::receive);
      var two = second.start("two", channel::receive);
      assertEquals(List.of(one, two), second.processes());
      assertFalse(one.since().isBefore(before));
      assertFalse(second.since().isAfter(one.since()));
      assertTrue(one.isAlive());
    }
    assertEquals(List.of(), Processes.scopes());
  }

  @Test
  void aProcessSaysWhatItWaitsFor() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> orders = scope.channel("orders", 0);
      var receiver = scope.start("receiver", orders::receive);
      Await.waitingReceivers(orders, 1);
      Await.until(() -> receiver.waitsFor() != null);
      assertEquals("receive from orders", receiver.waitsFor());
      receiver.cancel();
      receiver.join();
      assertNull(receiver.waitsFor());
    }
  }

  @Test
  void aProcessThatWaitsForSomethingElseDoesNotRun() throws Exception {
    try (var scope = Scope.open("scope")) {
      var waiting =
          scope.start(
              "waiting",
              () -> {
                while (!Thread.currentThread().isInterrupted()) {
                  LockSupport.park();
                }
              });
      Await.until(() -> waiting.thread().getState() == Thread.State.WAITING);
      assertEquals("waiting", waiting.waitsFor());
      waiting.cancel();
      waiting.join();
    }
  }

  @Test
  void manyProcesses() throws Exception {
    try (var scope = Scope.open("scope")) {
      Channel<Integer> results = scope.channel("results", 16);
      int processes = 10_000;
      for (int i = 0; i < processes; i++) {
        int value = i;
        scope.start("process-" + i, () -> results.send(value));
      }
      var received = new ArrayList<Integer>();
      for (int i = 0; i < processes; i++) {
        received.add(results.receive());
      }
      scope.join();
      assertEquals(processes, received.stream().distinct().count());
    }
  }

  private int receiveAfter(Call<?> stillWaiting) throws InterruptedException {
    assertTrue(stillWaiting.isRunning());
    return channel.receive();
  }

  private static void receiveStubbornly(Channel<Integer> channel) {
    while (true) {
      try {
        channel.receive();
        return;
      } catch (InterruptedException notYet) {
        // once more
      }
    }
  }
}
