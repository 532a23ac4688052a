package dev.sluice.pool.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.service.Pending;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** One question that leads to another. */
class RefusalsTest {
  private final Reply<String> first = new Reply<>();
  private final Reply<String> second = new Reply<>();
  private final Pending<String> both = Refusals.then(of(first), _ -> of(second));

  @Test
  void theAnswerIsTheSecond() {
    first.complete("one");
    second.complete("two");
    assertEquals("two", both.answer().toCompletableFuture().join());
    assertTrue(both.reply().isDone());
  }

  @Test
  void whoGoesAwayDoesNotWaitForTheFirst() {
    both.abandon();
    assertTrue(first.isAbandoned());
    assertTrue(both.answer().toCompletableFuture().isCompletedExceptionally());
  }

  @Test
  void whoGoesAwayDoesNotWaitForTheSecond() {
    first.complete("one");
    assertFalse(second.isDone());
    both.abandon();
    assertTrue(second.isAbandoned());
  }

  private static Pending<String> of(Reply<String> reply) {
    return Pending.of(reply, Function.identity());
  }
}
