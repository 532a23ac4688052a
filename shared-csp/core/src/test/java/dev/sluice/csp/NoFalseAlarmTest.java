package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who waits, and can be woken: nobody calls that a deadlock. */
@ExtendWith(NoOpenScopes.class)
class NoFalseAlarmTest {
  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void aServerThatWaitsForTheWorldAtAPort() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> requests = scope.port("requests", 8);
          Channel<Integer> jobs = scope.channel("jobs", 0);
          scope.start("server", () -> pass(requests, jobs));
          scope.start("worker", () -> drain(jobs));
        })) {
      assertEquals(List.of(), owner.settled(2).stalls());
      assertFalse(Processes.dump().contains("deadlock"));
    }
  }

  @Test
  void whoWaitsOnAChannelThatBelongsToNoScope() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> anybodys = Channel.rendezvous();
          scope.start("server", () -> drain(anybodys));
        })) {
      assertEquals(List.of(), owner.settled(1).stalls());
    }
  }

  @Test
  void aChannelOnWhichAStrangerWaitsIsKnownOutside() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> requests = scope.channel("requests", 0);
          scope.start("server", () -> drain(requests));
        })) {
      owner.settled(1);
      var requests = (Channel<?>) Processes.scopes().getFirst().channels().getFirst();
      var stranger = Call.of(requests::receiveOrNull);
      Await.waitingReceivers(requests, 2);
      assertEquals(List.of(), Processes.snapshot().stalls());
      stranger.interrupt();
      stranger.failure();
    }
  }

  @Test
  void aReceiveWithATimeLimit() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> inbox = scope.channel("inbox", 0);
          scope.start("patient", () -> inbox.tryReceive(LONG));
          scope.start("waits", inbox::receive);
        })) {
      assertEquals(List.of(), owner.settled(2).stalls());
    }
  }

  @Test
  void aSendWithATimeLimit() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> outbox = scope.channel("outbox", 0);
          scope.start("patient", () -> outbox.trySend(1, LONG));
          scope.start("waits", () -> outbox.send(2));
        })) {
      assertEquals(List.of(), owner.settled(2).stalls());
    }
  }

  @Test
  void aSelectWithAnAfterCase() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> inbox = scope.channel("inbox", 0);
          scope.start(
              "patient",
              () -> {
                var select = Select.fair();
                select.receive(inbox);
                select.after(LONG);
                select.await();
              });
        })) {
      assertEquals(List.of(), owner.settled(1).stalls());
    }
  }

  @Test
  void aSelectThatATickerDrives() throws Exception {
    try (var ticker = Ticker.every(LONG);
        var owner =
            Owner.joins(scope -> {
              Channel<Integer> inbox = scope.channel("inbox", 0);
              scope.start(
                  "driven",
                  () -> {
                    var select = Select.fair();
                    select.receive(inbox);
                    select.receive(ticker.channel());
                    select.await();
                  });
              scope.start("waits", inbox::receive);
            })) {
      assertEquals(List.of(), owner.settled(2).stalls());
    }
  }

  @Test
  void oneThatRunsMayWakeTheOthers() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> inbox = scope.channel("inbox", 0);
          scope.start("waits", inbox::receive);
          scope.start(
              "busy",
              () -> {
                while (!Thread.interrupted()) {
                  Thread.onSpinWait();
                }
              });
        })) {
      assertEquals(List.of(), owner.settled(1).stalls());
    }
  }

  @Test
  void oneThatWaitsForAReplyMayWakeTheOthers() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> inbox = scope.channel("inbox", 0);
          scope.start("waits", inbox::receive);
          scope.start("asks", () -> inbox.send(new Reply<Integer>().await()));
        })) {
      assertEquals(List.of(), owner.settled(2).stalls());
    }
  }

  @Test
  void whatLivesUntilItIsCancelled() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          scope.start("service", () -> scope.done().receiveOrNull());
          scope.start("nothing", () -> Select.fair().await());
        })) {
      assertEquals(List.of(), owner.settled(2).stalls());
    }
  }

  @Test
  void aScopeThatItsDeadlineWillEnd() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> inbox = scope.channel("inbox", 0);
          scope.child("inside").start("waits", inbox::receive);
          scope.deadline(LONG);
        })) {
      assertEquals(List.of(), owner.settled(1).stalls());
    }
  }

  @Test
  void whoSelectsOnDoneOfAScopeThatItsDeadlineWillEnd() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> inbox = scope.channel("inbox", 0);
          var limited = scope.child("limited").deadline(LONG);
          scope.start(
              "supervisor",
              () -> {
                var select = Select.fair();
                select.receive(limited.done());
                select.receive(inbox);
                select.await();
              });
        })) {
      assertEquals(List.of(), owner.settled(1).stalls());
    }
  }

  @Test
  void aProcessOfAnotherTreeThatCanBeWokenAndWaitsThereTooIsNotForgotten() throws Exception {
    var opened = new Reply<Channel<Integer>>();
    try (var owner =
            Owner.joins(scope -> {
              Channel<Integer> inbox = scope.channel("inbox", 0);
              opened.complete(inbox);
              scope.start("waits", inbox::receive);
            });
        var _ =
            Owner.joins(scope -> {
              Channel<Integer> inbox = opened.await();
              Channel<Integer> requests = scope.port("requests", 0);
              scope.start(
                  "guest",
                  () -> {
                    var select = Select.fair();
                    select.receive(requests); // it may then send to the inbox
                    select.receive(inbox);
                    select.await();
                  });
            })) {
      assertEquals(List.of(), owner.settled(2).stalls());
    }
  }

  /** All but one wait at every instant, so a look that is not of one instant sees all of them. */
  @ParameterizedTest
  @ValueSource(ints = {2, 5, 50})
  void aTokenThatGoesRoundAtFullSpeed(int processes) throws Exception {
    int rounds = 20_000 / processes;
    var owner =
        Owner.joins(scope -> {
          var ring = new ArrayList<Channel<Integer>>();
          for (int i = 0; i < processes; i++) {
            ring.add(scope.channel("to-" + i, i == 0 ? 1 : 0));
          }
          for (int i = 0; i < processes; i++) {
            Channel<Integer> from = ring.get(i);
            Channel<Integer> to = ring.get((i + 1) % processes);
            scope.start("passer-" + i, () -> pass(from, to, rounds));
          }
          ring.getFirst().send(0);
        });
    while (owner.isRunning()) {
      var seen = Processes.snapshot();
      assertEquals(List.of(), seen.deadlocks(), seen::toText);
    }
    owner.close();
  }

  /** Between two looks it waits with a limit, starts a helper, and waits for it without one. */
  @Test
  void oneThatStartsItsHelperBetweenTwoLooks() throws Exception {
    var owner =
        Owner.joins(scope -> {
          Channel<Integer> idle = scope.channel("idle", 0);
          Channel<Integer> answers = scope.channel("answers", 0);
          for (int i = 0; i < 300; i++) { // so that a look takes its time
            scope.start("idle-" + i, idle::receiveOrNull);
          }
          scope.start(
              "asks",
              () -> {
                var early = Select.fair();
                early.receive(answers);
                var late = early.after(Duration.ofNanos(200_000));
                for (int i = 0; i < 1_000; i++) {
                  assertSame(late, early.await());
                  scope.start(
                      "helper",
                      () -> {
                        work(400_000);
                        answers.send(1);
                      });
                  assertEquals(1, answers.receive());
                }
                idle.close();
              });
        });
    while (owner.isRunning()) {
      var seen = Processes.snapshot();
      assertEquals(List.of(), seen.deadlocks(), seen::toText);
    }
    owner.close();
  }

  private static void work(int nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
  }

  private static void pass(Channel<Integer> from, Channel<Integer> to, int rounds)
      throws InterruptedException {
    for (int i = 0; i < rounds; i++) {
      to.send(from.receive());
    }
  }

  private static void pass(Channel<Integer> from, Channel<Integer> to) throws InterruptedException {
    for (int value : from) {
      to.send(value);
    }
  }

  private static void drain(Channel<Integer> from) throws InterruptedException {
    while (from.receiveOrNull() != null) {
      Thread.onSpinWait();
    }
  }
}
