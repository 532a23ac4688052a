package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ReplyTest {
  private final Reply<Integer> reply = new Reply<>();

  @Test
  void theAnswerIsWaitedFor() throws Exception {
    var asker = Call.of(reply::await);
    Await.until(() -> asker.thread().getState() == Thread.State.WAITING);
    assertFalse(reply.isDone());
    assertTrue(reply.complete(1));
    assertEquals(1, asker.result());
    assertTrue(reply.isDone());
    assertFalse(reply.isAbandoned());
    assertEquals(1, reply.await());
  }

  @Test
  void theAnswerCompletesAStageOnAThreadThatDoesNotBlock() {
    var seen = new ArrayList<String>();
    reply.stage().thenAccept(value -> seen.add("got " + value));
    assertEquals(List.of(), seen);
    assertTrue(reply.complete(1));
    assertEquals(List.of("got 1"), seen);
  }

  @Test
  void aFailureReachesTheStage() {
    var seen = new ArrayList<Throwable>();
    var failure = new IllegalArgumentException("bad");
    reply.stage().whenComplete((_, thrown) -> seen.add(thrown));
    assertTrue(reply.fail(failure));
    assertEquals(List.of(failure), seen);
    assertFalse(reply.isAbandoned());
  }

  @Test
  void anUncheckedFailureIsThrownAsItIs() {
    var failure = new IllegalArgumentException("bad");
    assertTrue(reply.fail(failure));
    assertSame(failure, assertThrows(IllegalArgumentException.class, reply::await));
  }

  @Test
  void anErrorIsThrownAsItIs() {
    var failure = new AssertionError("bad");
    assertTrue(reply.fail(failure));
    assertSame(failure, assertThrows(AssertionError.class, reply::await));
  }

  @Test
  void aCheckedFailureIsWrapped() {
    var failure = new IOException("bad");
    assertTrue(reply.fail(failure));
    var thrown = assertThrows(ProcessFailedException.class, reply::await);
    assertSame(failure, thrown.getCause());
    assertEquals("the reply failed: java.io.IOException: bad", thrown.getMessage());
  }

  @Test
  void aFailureThatLooksLikeTheFuturesOwnIsThrownAsItIs() {
    var cancelled = new CancellationException("the owner has been cancelled");
    assertTrue(reply.fail(cancelled));
    assertSame(cancelled, assertThrows(CancellationException.class, reply::await));
    assertFalse(reply.isAbandoned(), "it was answered");

    var other = new Reply<Integer>();
    var completion = new CompletionException("bad", new IOException("cause"));
    assertTrue(other.fail(completion));
    assertSame(completion, assertThrows(CompletionException.class, other::await));
  }

  @Test
  void theFirstAnswerCounts() throws Exception {
    assertTrue(reply.complete(1));
    assertFalse(reply.complete(2));
    assertFalse(reply.fail(new IOException("late")));
    assertFalse(reply.abandon());
    assertFalse(reply.isAbandoned());
    assertEquals(1, reply.await());
  }

  @Test
  void whoAbandonsItTellsTheOwner() {
    assertTrue(reply.abandon());
    assertTrue(reply.isAbandoned());
    assertTrue(reply.isDone());
    assertFalse(reply.complete(1));
    assertFalse(reply.fail(new IOException("late")));
    assertThrows(CancellationException.class, reply::await);
  }

  @Test
  void itIsAbandonedOnce() {
    assertTrue(reply.abandon());
    assertFalse(reply.abandon());
  }

  @Test
  void cancellingTheStageAbandonsIt() {
    assertTrue(reply.stage().toCompletableFuture().cancel(true));
    assertTrue(reply.isAbandoned());
    assertFalse(reply.complete(1));
  }

  @Test
  void interruptionAbandonsIt() throws Exception {
    var asker = Call.of(reply::await);
    Await.until(() -> asker.thread().getState() == Thread.State.WAITING);
    asker.interrupt();
    assertInstanceOf(InterruptedException.class, asker.failure());
    assertFalse(asker.endedInterrupted());
    assertTrue(reply.isAbandoned());
    assertFalse(reply.complete(1));
  }

  @Test
  void inARaceWithInterruptionBothAgreeWhetherItWasAnswered() throws Exception {
    for (int round = 0; round < 20_000; round++) {
      var asked = new Reply<Integer>();
      var interrupted = new AtomicBoolean();
      var asker =
          Call.of(() -> {
            Integer answer = asked.await();
            Await.until(interrupted::get);
            return answer;
          });
      var interrupter =
          Call.run(() -> {
            asker.interrupt();
            interrupted.set(true);
          });
      boolean answered = asked.complete(round);
      interrupter.result();
      if (answered) {
        assertEquals(round, asker.result());
        assertTrue(asker.endedInterrupted(), "the interrupt stays");
      } else {
        assertInstanceOf(InterruptedException.class, asker.failure());
      }
    }
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without null checks can do
  void nullIsNoAnswer() {
    assertThrows(NullPointerException.class, () -> reply.complete(null));
    assertThrows(NullPointerException.class, () -> reply.fail(null));
    assertFalse(reply.isDone());
  }
}
