package dev.sluice.demo;

import static dev.sluice.demo.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NoLeaks
class TallyTest {

  private final VirtualClock clock = new VirtualClock();
  private Scope scope;
  private Tally tally;

  @BeforeEach
  void start() {
    scope = Scope.open("test", clock);
    tally = Tally.start(scope);
  }

  @AfterEach
  void stop() {
    scope.close();
  }

  @Test
  void nothingToldIsNothingCounted() throws InterruptedException {
    assertEquals(new Tally.Snapshot(Figures.NONE, Map.of(), List.of()), tally.ask());
  }

  @Test
  void anEventIsFollowedFromItsArrivalToItsEnd() throws InterruptedException {
    Webhook event = event("e1", "/flaky/crm", "acct");
    var ending = new Fact.Ending("job-1", true, 3, 2, "200");

    tally.tell(new Fact.Arrived(event));
    tally.tell(new Fact.Sharded(event, 1, 1, 4, "worker-2"));
    tally.tell(new Fact.Granted(event, false, Duration.ofMillis(3)));
    tally.tell(new Fact.Arrived(event));
    tally.tell(new Fact.Dropped(event));
    tally.tell(new Fact.Accepted(event, "job-1", 0, Duration.ofMillis(2)));
    assertEquals(1, tally.ask().figures().open());
    tally.tell(new Fact.Ended(event, ending));

    Tally.Snapshot now = tally.ask();
    Figures figures = now.figures();
    assertEquals(2, figures.in());
    assertEquals(1, figures.dropped());
    assertEquals(1, figures.sharded());
    assertEquals(1, figures.accounts());
    assertEquals(0, figures.outOfOrder());
    assertEquals(Figures.Waits.NONE, figures.throttled());
    assertEquals(Figures.Waits.NONE, figures.pushedBack());
    assertEquals(1, figures.accepted());
    assertEquals(1, figures.delivered());
    assertEquals(Map.of(), figures.failed());
    assertEquals(1, figures.retried());
    assertEquals(3, figures.attempts());
    assertEquals(1, figures.unanswered());
    assertEquals(0, figures.open());
    Fate fate = now.fates().get("e1");
    assertNotNull(fate);
    assertEquals(2, fate.arrivals());
    assertEquals(1, fate.dropped());
    assertEquals(List.of("job-1"), fate.jobs());
    assertEquals(ending, fate.ending());
  }

  @Test
  void failuresAreCountedByReason() throws InterruptedException {
    fail("e1", 1, "422");
    fail("e2", 1, "422");
    fail("e3", 3, "500");

    Figures figures = tally.ask().figures();

    assertEquals(Map.of("422", 2, "500 x3", 1), figures.failed());
    assertEquals(3, figures.failures());
    assertEquals(1, figures.retried());
  }

  @Test
  void onlyThoseWhoHadToWaitCountAsThrottledOrPushedBack() throws InterruptedException {
    for (int seconds = 1; seconds <= 4; seconds++) {
      Webhook event = event("e" + seconds);
      tally.tell(new Fact.Granted(event, seconds != 4, Duration.ofSeconds(seconds)));
      tally.tell(
          new Fact.Accepted(event, "job", seconds == 2 ? 1 : 0, Duration.ofSeconds(seconds)));
    }
    Figures figures = tally.ask().figures();

    assertEquals(
        new Figures.Waits(3, Duration.ofSeconds(6), Duration.ofSeconds(2), Duration.ofSeconds(3)),
        figures.throttled());
    assertEquals(
        new Figures.Waits(1, Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(2)),
        figures.pushedBack());
  }

  @Test
  void anEventThatIsNotItsAccountsNextIsOutOfOrder() throws InterruptedException {
    tally.tell(new Fact.Sharded(event("e1", "/fast/x", "a"), 1, 1, 0, "w"));
    tally.tell(new Fact.Sharded(event("e2", "/fast/x", "a"), 2, 3, 0, "w"));

    assertEquals(1, tally.ask().figures().outOfOrder());
  }

  @Test
  void whatHappensForTheFirstTimeIsNotedOnceWithItsTime() throws InterruptedException {
    clock.advance(Duration.ofMillis(1_500));
    tally.tell(new Fact.Dropped(event("e1")));
    tally.ask();
    clock.advance(Duration.ofMillis(1_000));
    tally.tell(new Fact.Dropped(event("e2")));
    fail("e3", 1, "422");

    assertEquals(
        List.of(
            " 1.5 s  t of s dropped: dedup-svc had seen it before", " 2.5 s  t of s failed: 422"),
        tally.ask().notes());
  }

  @Test
  void aSnapshotDoesNotChangeAfterwards() throws InterruptedException {
    Tally.Snapshot before = tally.ask();

    tally.tell(new Fact.Arrived(event("e1")));
    fail("e1", 1, "422");

    assertEquals(2, tally.ask().fates().size() + tally.ask().notes().size());
    assertEquals(Map.of(), before.fates());
    assertEquals(List.of(), before.notes());
    assertEquals(Map.of(), before.figures().failed());
  }

  @Test
  void manyTellAtOnceAndNothingIsMissed() throws InterruptedException {
    try (var tellers = scope.child("tellers")) {
      for (int teller = 0; teller < 50; teller++) {
        String prefix = "e" + teller + "-";
        tellers.start(
            "teller-" + teller,
            () -> {
              for (int i = 0; i < 100; i++) {
                tally.tell(new Fact.Arrived(event(prefix + i)));
              }
            });
      }
      tellers.join();
    }
    Tally.Snapshot now = tally.ask();

    assertEquals(5_000, now.figures().in());
    assertEquals(5_000, now.fates().size());
    assertNull(now.fates().get("e49-99").ending());
  }

  @Test
  void itEndsWhenItIsClosed() throws InterruptedException {
    tally.close();

    scope.join();
    assertEquals(List.of(), scope.processes());
  }

  private void fail(String id, int attempts, String reason) throws InterruptedException {
    tally.tell(
        new Fact.Ended(event(id), new Fact.Ending("job", false, attempts, attempts, reason)));
  }
}
