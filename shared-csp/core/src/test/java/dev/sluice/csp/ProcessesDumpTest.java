package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoOpenScopes.class)
class ProcessesDumpTest {
  @Test
  void isEmptyWhenNobodyLives() {
    assertEquals("", Processes.dump());
  }

  @Test
  void saysWhoLivesSinceWhenAndOnWhichChannelEachWaits() throws Exception {
    try (var scope = Scope.open("shop", Noon.CLOCK)) {
      Channel<Integer> orders = scope.channel("orders", 2);
      Channel<Integer> results = scope.channel("results", 0);
      Channel<Integer> ended = scope.channel("ended", 1);
      orders.send(1);
      orders.send(2);
      ended.close();
      start(scope, "till", () -> orders.send(3));
      start(scope, "kitchen", results::receive);
      start(scope, "waiter", () -> selectFrom(results, scope.done()));
      var inner = scope.child("cellar");
      start(inner, "cook", results::receive);
      inner.cancel();
      inner.join();
      assertEquals(
          """
          scope shop (since 2026-11-23T12:00:00Z)
            channel orders: 2/2, sent 2, received 0, waiting 1 to send, 0 to receive
            channel results: 0/0, sent 0, received 0, waiting 0 to send, 2 to receive
            channel ended (closed): 0/1, sent 0, received 0, waiting 0 to send, 0 to receive
            process till (since 2026-11-23T12:00:00Z): send on orders (2/2)
            process kitchen (since 2026-11-23T12:00:00Z): receive from results (0/0)
            process waiter (since 2026-11-23T12:00:00Z): select receive from shop.done (0/0) or receive from results (0/0)
            scope cellar (since 2026-11-23T12:00:00Z), cancelled
          stalled: only thread here can wake till, kitchen, waiter
            process till of scope shop: send on orders (2/2)
            process kitchen of scope shop: receive from results (0/0)
            process waiter of scope shop: select receive from shop.done (0/0) or receive from results (0/0)
          """,
          Processes.dump().replace("thread " + Thread.currentThread().getName(), "thread here"));
    }
  }

  @Test
  void whatRunsRuns() throws Exception {
    try (var scope = Scope.open("scope", Noon.CLOCK)) {
      var dumped = new Reply<String>();
      scope.start("busy", () -> dumped.complete(Processes.dump()));
      assertTrue(
          dumped.await().contains("process busy (since 2026-11-23T12:00:00Z): runs\n"),
          dumped.await());
      scope.join();
    }
  }

  @Test
  void scopesStandInTheOrderOfTheirOpening() {
    try (var _ = Scope.open("one", Noon.CLOCK);
        var _ = Scope.open("two", Noon.CLOCK);
        var _ = Scope.open("three", Noon.CLOCK)) {
      assertEquals(
          """
          scope one (since 2026-11-23T12:00:00Z)
          scope two (since 2026-11-23T12:00:00Z)
          scope three (since 2026-11-23T12:00:00Z)
          """,
          Processes.dump());
    }
  }

  /** Starts a process and waits until it waits. */
  private static void start(Scope scope, String name, Scope.Body body) {
    Process process = scope.start(name, body);
    Await.until(() -> process.waitsFor() != null && parked(process));
  }

  private static boolean parked(Process process) {
    return process.thread().getState() == Thread.State.WAITING;
  }

  private static void selectFrom(Channel<Integer> channel, ReceiveChannel<Void> done)
      throws InterruptedException {
    var select = Select.fair();
    select.receive(done);
    select.receive(channel);
    select.await();
  }
}
