package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the dump calls a deadlock. {@link NoFalseAlarmTest} has what it does not. */
@ExtendWith(NoOpenScopes.class)
class DeadlockTest {

  @Test
  void twoThatWaitForEachOtherAreNamedWithWhatEachWaitsFor() throws Exception {
    try (var owner = Owner.joins(DeadlockTest::startPair)) {
      assertEquals(
          """
          scope tree (since 2026-11-23T12:00:00Z)
            channel a: 0/0, sent 0, received 0, waiting 0 to send, 1 to receive
            channel b: 0/0, sent 0, received 0, waiting 0 to send, 1 to receive
            process ping (since 2026-11-23T12:00:00Z): receive from a (0/0)
            process pong (since 2026-11-23T12:00:00Z): receive from b (0/0)
          deadlock: nothing can wake ping, pong, owner
            process ping of scope tree: receive from a (0/0)
            process pong of scope tree: receive from b (0/0)
            thread owner: the end of scope tree
          """,
          owner.settled(2).toText());
    }
  }

  @Test
  void diningPhilosophersStarve() throws Exception {
    int count = 5;
    try (var owner =
        Owner.joins(scope -> {
          var forks = new ArrayList<Channel<String>>();
          for (int i = 0; i < count; i++) {
            Channel<String> fork = scope.channel("fork-" + i, 1);
            fork.send("fork");
            forks.add(fork);
          }
          var allHaveOne = new CountDownLatch(count);
          for (int i = 0; i < count; i++) {
            Channel<String> left = forks.get(i);
            Channel<String> right = forks.get((i + 1) % count);
            scope.start(
                "philosopher-" + i,
                () -> {
                  left.receive();
                  allHaveOne.countDown();
                  allHaveOne.await();
                  right.receive();
                });
          }
          allHaveOne.await();
        })) {
      var deadlock = onlyOne(awaitDeadlock(owner, count));
      assertEquals(
          List.of(
              "philosopher-0: receive from fork-1 (0/1)",
              "philosopher-1: receive from fork-2 (0/1)",
              "philosopher-2: receive from fork-3 (0/1)",
              "philosopher-3: receive from fork-4 (0/1)",
              "philosopher-4: receive from fork-0 (0/1)",
              "owner: the end of scope tree"),
          described(deadlock));
    }
  }

  @Test
  void aSenderWithoutRoomAndAReceiverElsewhere() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> items = scope.channel("items", 2);
          Channel<Integer> control = scope.channel("control", 0);
          scope.start(
              "producer",
              () -> {
                for (int i = 0; i < 3; i++) {
                  items.send(i);
                }
                control.send(0);
              });
          scope.start("consumer", control::receive);
        })) {
      assertEquals(
          List.of(
              "producer: send on items (2/2)",
              "consumer: receive from control (0/0)",
              "owner: the end of scope tree"),
          described(onlyOne(owner.settled(2))));
    }
  }

  @Test
  void aCaseOnDoneWakesNobodyWhileNobodyCancels() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> a = scope.channel("a", 0);
          Channel<Integer> b = scope.channel("b", 0);
          scope.start("ping", () -> select(scope, a, b));
          scope.start("pong", () -> select(scope, a, b));
        })) {
      assertEquals(
          List.of(
              "ping: select receive from tree.done (0/0) or receive from a (0/0) or receive from b (0/0)",
              "pong: select receive from tree.done (0/0) or receive from a (0/0) or receive from b (0/0)",
              "owner: the end of scope tree"),
          described(onlyOne(owner.settled(2))));
    }
  }

  @Test
  void scopesInsideBelongToIt() throws Exception {
    try (var owner =
        Owner.joins(scope ->
            scope.start(
                "parent",
                () -> {
                  try (var inside = scope.child("inside")) {
                    startPair(inside);
                    inside.join();
                  }
                }))) {
      assertEquals(
          List.of(
              "parent: the end of scope inside",
              "ping: receive from a (0/0)",
              "pong: receive from b (0/0)",
              "owner: the end of scope tree"),
          described(onlyOne(owner.settled(3))));
    }
  }

  @Test
  void theOwnerMayWaitOnAChannelItself() throws Exception {
    try (var owner =
        Owner.does(scope -> {
          Channel<Integer> results = scope.channel("results", 0);
          startPair(scope);
          results.receive();
        })) {
      assertEquals(
          List.of(
              "ping: receive from a (0/0)",
              "pong: receive from b (0/0)",
              "owner: receive from results (0/0)"),
          described(onlyOne(owner.settled(2))));
    }
  }

  @Test
  void anOwnerThatHasEndedWakesNobody() throws Exception {
    var opened = new Reply<Scope>();
    Call.run(
            () -> {
              var scope = Scope.open("left", Noon.CLOCK);
              startPair(scope);
              opened.complete(scope);
            })
        .thread()
        .join();
    try (var scope = opened.await()) {
      Await.until(() -> !Processes.snapshot().deadlocks().isEmpty());
      assertEquals(
          List.of("ping: receive from a (0/0)", "pong: receive from b (0/0)"),
          described(onlyOne(Processes.snapshot())));
      scope.cancel();
    }
  }

  @Test
  void oneAloneIsStuckToo() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> inbox = scope.channel("inbox", 4);
          scope.start("reader", inbox::receive);
        })) {
      assertEquals(
          List.of("reader: receive from inbox (0/4)", "owner: the end of scope tree"),
          described(onlyOne(owner.settled(1))));
    }
  }

  @Test
  void whoWaitsAgainThoughCancelledIsStuck() throws Exception {
    var end = new CountDownLatch(1);
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> inbox = scope.channel("inbox", 0);
          scope.start(
              "stubborn",
              () -> {
                while (end.getCount() > 0) {
                  try {
                    inbox.receive();
                  } catch (InterruptedException ignored) {
                    // it goes on, which is the mistake
                  }
                }
              });
          scope.cancel();
        })) {
      Await.until(() -> !Processes.snapshot().deadlocks().isEmpty());
      assertTrue(
          owner.settled(1).toText().contains("tree (since 2026-11-23T12:00:00Z), cancelled"));
      end.countDown();
      Processes.scopes().getFirst().processes().getFirst().cancel();
    }
  }

  @Test
  void whenTheOwnerRunsItIsTheOneThatCanWakeThem() throws Exception {
    try (var owner =
        Owner.does(scope -> {
          startPair(scope);
          runUntilInterrupted();
        })) {
      var stall = owner.running(2).stalls().getFirst();
      assertFalse(stall.isDeadlock());
      assertEquals(List.of("thread owner"), stall.wakers());
      assertEquals(
          List.of("ping: receive from a (0/0)", "pong: receive from b (0/0)"), described(stall));
      assertTrue(
          Processes.dump().contains("stalled: only thread owner can wake ping, pong\n"),
          Processes.dump());
    }
  }

  @Test
  void aStalledScopeInsideIsToldWithTheProcessesThatMayKnowIt() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          startPair(scope.child("inside"));
          scope.start("busy", DeadlockTest::runUntilInterrupted);
        })) {
      var stall = owner.settled(2).stalls().getFirst();
      assertEquals(List.of("process busy of scope tree"), stall.wakers());
      assertEquals(
          List.of(
              "ping: receive from a (0/0)",
              "pong: receive from b (0/0)",
              "owner: the end of scope tree"),
          described(stall));
    }
  }

  @Test
  void twoTreesAreTwoDeadlocks() throws Exception {
    try (var _ = Owner.joins(DeadlockTest::startPair);
        var _ = Owner.joins(DeadlockTest::startPair)) {
      Await.until(() -> Processes.snapshot().deadlocks().size() == 2);
    }
  }

  @Test
  void whoWaitsOnAChannelOfAnotherTreeMayBeWokenByThatTree() throws Exception {
    var made = new Reply<Channel<Integer>>();
    try (var owner =
            Owner.joins(scope -> {
              Channel<Integer> results = made.await();
              scope.start("guest", results::receive);
            });
        var _ =
            Owner.joins(scope -> {
              scope.start("host", DeadlockTest::runUntilInterrupted);
              made.complete(scope.child("inside").channel("results", 0));
            })) {
      var stall = owner.settled(1).stalls().getFirst();
      assertEquals(
          List.of("guest: receive from results (0/0)", "owner: the end of scope tree"),
          described(stall));
      assertEquals(List.of("process host of scope tree", "thread owner"), stall.wakers());
    }
  }

  /** Each waits for the other to speak first. */
  private static void startPair(Scope scope) {
    Channel<Integer> a = scope.channel("a", 0);
    Channel<Integer> b = scope.channel("b", 0);
    scope.start(
        "ping",
        () -> {
          a.receive();
          b.send(1);
        });
    scope.start(
        "pong",
        () -> {
          b.receive();
          a.send(1);
        });
  }

  private static void select(Scope scope, Channel<Integer> a, Channel<Integer> b)
      throws InterruptedException {
    var select = Select.fair();
    select.receive(scope.done());
    select.receive(a);
    select.receive(b);
    select.await();
  }

  @Test
  void aCrowdThatWaitsForEachOther() throws Exception {
    int crowd = 10_000;
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> inbox = scope.channel("inbox", 0);
          for (int i = 0; i < crowd; i++) {
            scope.start("waits", inbox::receive);
          }
        })) {
      assertEquals(crowd + 1, onlyOne(owner.settled(crowd)).stuck().size(), "with their owner");
    }
  }

  private static void runUntilInterrupted() throws InterruptedException {
    while (!Thread.interrupted()) {
      Thread.onSpinWait();
    }
    throw new InterruptedException();
  }

  /** The philosophers wait for each other by a latch first. */
  private static Snapshot awaitDeadlock(Owner owner, int processes) {
    Await.until(() -> !owner.settled(processes).deadlocks().isEmpty());
    return Processes.snapshot();
  }

  private static Stall onlyOne(Snapshot snapshot) {
    assertEquals(1, snapshot.deadlocks().size(), snapshot::toText);
    assertEquals(1, snapshot.stalls().size(), snapshot::toText);
    return snapshot.deadlocks().getFirst();
  }

  private static List<String> described(Stall stall) {
    return stall.stuck().stream()
        .map(each -> each.name() + ": " + SnapshotText.describe(each.activity()))
        .toList();
  }
}
