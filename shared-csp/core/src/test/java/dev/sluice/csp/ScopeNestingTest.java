package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoOpenScopes.class)
class ScopeNestingTest {
  private final Channel<Integer> channel = Channel.rendezvous();
  private final IllegalStateException bad = new IllegalStateException("bad");

  @Test
  void aScopeInsideIsListedUnderItsOuterOneUntilItIsClosed() {
    try (var outer = Scope.open("outer")) {
      var inner = outer.child("inner");
      assertEquals(List.of(inner), outer.children());
      assertEquals(List.of(outer), Processes.scopes());
      assertSame(outer.clock(), inner.clock());
      inner.close();
      assertEquals(List.of(), outer.children());
    }
  }

  @Test
  void joiningTheOuterWaitsForTheProcessesInside() throws Exception {
    try (var outer = Scope.open("outer")) {
      var innermost = outer.child("inner").child("innermost");
      var process = innermost.start("inside", () -> channel.send(1));
      var joining = Call.run(outer::join);
      Await.until(() -> joining.thread().getState() == Thread.State.WAITING);
      assertEquals(1, channel.receive());
      joining.result();
      assertFalse(process.isAlive());
    }
  }

  @Test
  void everyJoinOfTheOuterThrowsWhatNobodyAskedTheInnerFor() throws Exception {
    var outer = Scope.open("outer");
    var inner = outer.child("inner");
    inner.start(
        "failing",
        () -> {
          throw bad;
        });
    assertSame(bad, assertThrows(IllegalStateException.class, outer::join));
    assertSame(bad, assertThrows(IllegalStateException.class, outer::join));
    outer.close();
  }

  @Test
  void scopesNestSoDeepAndNoDeeper() throws Exception {
    try (var outermost = Scope.open("outermost")) {
      Scope scope = outermost;
      for (int depth = 1; depth < Scope.MAX_DEPTH; depth++) {
        scope = scope.child("inside");
      }
      Scope innermost = scope;
      var error = assertThrows(IllegalStateException.class, () -> innermost.child("too deep"));
      assertEquals(
          "scope inside stands inside 255 others, no more can be opened in it", error.getMessage());
      scope.start("waiting", channel::receive);
      Await.waitingReceivers(channel, 1);
      var seen = Processes.snapshot();
      assertTrue(seen.toText().contains("waiting"));
      assertTrue(seen.toJson().contains("waiting"));
      assertTrue(seen.toMermaid().contains("waiting"));
    }
  }

  @Test
  void aClosedScopeMakesNoChannel() {
    var scope = Scope.open("scope");
    scope.close();
    assertThrows(IllegalStateException.class, () -> scope.channel("late", 0));
  }

  @Test
  void joiningTheInnerDoesNotWaitForTheOuter() throws Exception {
    try (var outer = Scope.open("outer")) {
      var outside = outer.start("outside", channel::receive);
      try (var inner = outer.child("inner")) {
        inner.start("inside", () -> {});
        inner.join();
      }
      assertTrue(outside.isAlive());
      assertFalse(outer.isCancelled());
    }
  }

  @Test
  void cancellingTheOuterReachesTheScopesInside() throws Exception {
    try (var outer = Scope.open("outer")) {
      var inner = outer.child("inner");
      var innermost = inner.child("innermost");
      var process = innermost.start("inside", channel::receive);
      Await.waitingReceivers(channel, 1);
      outer.cancel();
      assertTrue(inner.isCancelled());
      assertTrue(innermost.isCancelled());
      assertTrue(innermost.done().isClosedForReceive());
      innermost.join();
      assertFalse(process.isAlive());
      assertThrows(CancellationException.class, () -> innermost.start("late", () -> {}));
    }
  }

  @Test
  void cancellingTheInnerLeavesTheOuterAlone() throws Exception {
    try (var outer = Scope.open("outer")) {
      var outside = outer.start("outside", channel::receive);
      var inner = outer.child("inner");
      inner.start("inside", channel::receive);
      Await.waitingReceivers(channel, 2);
      inner.cancel();
      inner.join();
      assertFalse(outer.isCancelled());
      assertTrue(outside.isAlive());
    }
  }

  @Test
  void aFailureInsideIsTheSupervisorsToAnswer() throws Exception {
    try (var outer = Scope.open("outer")) {
      var outside = outer.start("outside", channel::receive);
      try (var inner = outer.child("inner")) {
        inner.start("failing", this::fail);
        assertSame(bad, assertThrows(IllegalStateException.class, inner::join));
      }
      assertFalse(outer.isCancelled());
      assertTrue(outside.isAlive());
      outer.cancel();
      outer.join(); // throws nothing: it was answered
    }
  }

  @Test
  void aSupervisorRestartsWhatFailed() throws Exception {
    try (var outer = Scope.open("outer")) {
      Channel<String> outcomes = outer.channel("outcomes", 3);
      outer.start(
          "supervisor",
          () -> {
            for (int attempt = 1; attempt <= 3; attempt++) {
              boolean fails = attempt < 3;
              try (var inner = outer.child("attempt-" + attempt)) {
                inner.start(
                    "worker",
                    () -> {
                      if (fails) {
                        fail();
                      }
                    });
                inner.join();
                outcomes.send("done");
              } catch (IllegalStateException failed) {
                outcomes.send("failed");
              }
            }
          });
      outer.join();
      assertEquals("failed", outcomes.receive());
      assertEquals("failed", outcomes.receive());
      assertEquals("done", outcomes.receive());
      assertEquals(List.of(), outer.children());
    }
  }

  @Test
  void aFailureInsideThatNobodyAskedForIsThrownByTheOuterJoin() throws Exception {
    try (var outer = Scope.open("outer")) {
      outer.child("inner").child("innermost").start("failing", this::fail);
      assertSame(bad, assertThrows(IllegalStateException.class, outer::join));
      assertFalse(outer.isCancelled());
    }
  }

  @Test
  void aFailureInsideThatNobodyAskedForIsThrownByTheOuterClose() {
    var outer = Scope.open("outer");
    var inner = outer.child("inner");
    inner.start("failing", this::fail);
    Await.until(inner::isCancelled);
    assertSame(bad, assertThrows(IllegalStateException.class, outer::close));
  }

  @Test
  void aFailureInsideIsSuppressedOnThatOfTheOuter() throws Exception {
    try (var outer = Scope.open("outer")) {
      var inner = outer.child("inner");
      inner.start("failing", this::fail);
      Await.until(inner::isCancelled);
      var worse = new IllegalArgumentException("worse");
      outer.start(
          "failing too",
          () -> {
            throw worse;
          });
      assertSame(worse, assertThrows(IllegalArgumentException.class, outer::join));
      assertArrayEquals(new Throwable[] {bad}, worse.getSuppressed());
    }
  }

  @Test
  void closingTheOuterClosesTheScopesInside() {
    var outer = Scope.open("outer");
    var inner = outer.child("inner");
    inner.start("inside", channel::receive);
    Await.waitingReceivers(channel, 1);
    outer.close();
    assertEquals(0, channel.stats().waitingReceivers());
    assertEquals(List.of(), outer.children());
    assertThrows(CancellationException.class, () -> inner.start("late", () -> {}));
    inner.close(); // does nothing
  }

  @Test
  void aProcessInsideCannotWaitForTheOuter() throws Exception {
    try (var outer = Scope.open("outer")) {
      var seen = new Reply<Throwable>();
      outer
          .child("inner")
          .start(
              "inside",
              () -> seen.complete(assertThrows(IllegalStateException.class, outer::join)));
      assertInstanceOf(IllegalStateException.class, seen.await());
      outer.join();
    }
  }

  @Test
  void aProcessOfTheOuterWaitsForTheInner() throws Exception {
    try (var outer = Scope.open("outer")) {
      var inner = outer.child("inner");
      inner.start("inside", () -> channel.send(1));
      outer.start("joins", inner::join);
      assertEquals(1, channel.receive());
      outer.join();
    }
  }

  private void fail() {
    throw bad;
  }
}
