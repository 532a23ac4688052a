package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.cookbook.LeakDetection.Replica;
import dev.sluice.cookbook.orders.TestRun;
import dev.sluice.csp.Channel;
import dev.sluice.csp.ProcessFailedException;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@NoLeaks
class LeakDetectionTest {
  private static final Replica QUICK = () -> "quick";
  private static final Replica HANGING = () -> Channel.<String>rendezvous().receive();

  // The leak check fails on the leaky version, and passes on the fixed one

  @Test
  void theLeakCheckFailsOnTheLeakyVersion() {
    var run = TestRun.of(Leaky.class);
    assertEquals(1, run.failures().size());
    String failure = run.failures().getFirst();
    assertTrue(failure.startsWith("the test left behind: "), failure);
    assertTrue(failure.contains("process replica-"), failure);
    assertEquals(0, run.succeeded());
  }

  @Test
  void theLeakCheckPassesOnTheFixedVersion() {
    assertEquals(new TestRun(1, List.of()), TestRun.of(Fixed.class));
  }

  @Test
  void roomForAllAnswersLeavesTheOneThatHangs() {
    assertEquals(
        List.of("the test left behind: process replica-1 of scope server"),
        TestRun.of(BufferedAndHanging.class).failures());
  }

  // The fixed version

  @Test
  void theFirstAnswerCountsAndTheOthersAreCancelled() throws InterruptedException {
    Channel<String> begun = Channel.rendezvous();
    Channel<String> ended = Channel.buffered(2);
    Replica winner = () -> begun.receive() + " and " + begun.receive();
    Replica loser =
        () -> {
          begun.send("begun");
          try {
            return HANGING.answer();
          } finally {
            ended.trySend("ended");
          }
        };
    try (var server = Scope.open("server")) {
      assertEquals("begun and begun", LeakDetection.first(server, List.of(loser, winner, loser)));
      assertEquals(2, ended.stats().depth());
      assertEquals(List.of(), server.children());
      assertFalse(server.isCancelled());
    }
  }

  @Test
  void oneReplicaIsEnough() throws InterruptedException {
    try (var server = Scope.open("server")) {
      assertEquals("quick", LeakDetection.first(server, List.of(QUICK)));
    }
  }

  @Test
  void noReplicaIsAnError() {
    try (var server = Scope.open("server")) {
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> LeakDetection.first(server, List.of()));
      assertEquals("there is no replica to ask, must be 1 or more", error.getMessage());
    }
  }

  @Test
  void aFailureBeforeTheAnswerIsTheQuestionsAndNotTheServers() {
    Replica failing =
        () -> {
          throw new IOException("gone");
        };
    try (var server = Scope.open("server")) {
      var failure =
          assertThrows(
              ProcessFailedException.class,
              () -> LeakDetection.first(server, List.of(HANGING, failing)));
      assertInstanceOf(IOException.class, failure.getCause());
      assertFalse(server.isCancelled());
      assertEquals(List.of(), server.children());
    }
  }

  @Test
  void theEndOfTheServerEndsTheQuestion() throws InterruptedException {
    try (var server = Scope.open("server")) {
      Replica last =
          () -> {
            server.cancel();
            return HANGING.answer();
          };
      assertThrows(
          CancellationException.class, () -> LeakDetection.first(server, List.of(last, HANGING)));
    }
  }

  // Run by the tests above only: they stand inside, where Surefire does not look

  abstract static class OnAServer {
    static Scope server = Scope.open("not yet");

    @BeforeAll
    static void open() {
      server.close();
      server = Scope.open("server");
    }

    @AfterAll
    static void close() {
      server.close();
    }
  }

  static class Leaky extends OnAServer {
    @Test
    @NoLeaks
    void firstAnswer() throws InterruptedException {
      assertEquals("quick", LeakDetection.leaky(server, List.of(QUICK, QUICK, QUICK)));
    }
  }

  static class Fixed extends OnAServer {
    @Test
    @NoLeaks
    void firstAnswer() throws InterruptedException {
      assertEquals("quick", LeakDetection.first(server, List.of(HANGING, QUICK, QUICK)));
    }
  }

  static class BufferedAndHanging extends OnAServer {
    @Test
    @NoLeaks
    void firstAnswer() throws InterruptedException {
      assertEquals("quick", LeakDetection.buffered(server, List.of(HANGING, QUICK)));
      for (var process : server.processes()) {
        if (process.name().equals("replica-2")) {
          process.join();
        }
      }
    }
  }
}
