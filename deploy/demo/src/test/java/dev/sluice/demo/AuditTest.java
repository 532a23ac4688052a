package dev.sluice.demo;

import static dev.sluice.demo.Events.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each test changes one thing about books that agree, and one finding must name it. */
class AuditTest {

  private static final Fate ARRIVED = Fate.of(event("e1")).arrived();
  private static final Fate DELIVERED = ARRIVED.accepted("job-1").ended(ended(true, 1, 1));
  private static final Received ONCE = received(Map.of("job-1", 1), 1);

  @Test
  void booksThatAgreeHaveNoFinding() {
    assertEquals(List.of(), findings(DELIVERED, ONCE));
    assertEquals(List.of(), findings(DELIVERED.arrived().drop(), ONCE));
  }

  @Test
  void retriesThatThePoolAnswersForAreNoFinding() {
    Fate flaky =
        Fate.of(event("e1", "/flaky/crm", null))
            .arrived()
            .accepted("job-1")
            .ended(ended(true, 3, 3));

    assertEquals(List.of(), findings(flaky, received(Map.of("job-1", 3), 1)));
  }

  @Test
  void anAttemptWithoutAnAnswerMayHaveReachedTheTargetOrNot() {
    Fate retried = ARRIVED.accepted("job-1").ended(ended(true, 2, 1));

    assertEquals(List.of(), findings(retried, received(Map.of("job-1", 1), 1)));
    assertEquals(List.of(), findings(retried, received(Map.of("job-1", 2), 2)));
  }

  @Test
  void aRejectedEventIsNoFindingWhereTheTargetRejects() {
    Fate rejected =
        Fate.of(event("e1", "/rejecting/erp", null))
            .arrived()
            .accepted("job-1")
            .ended(ended(false, 1, 1));

    assertEquals(List.of(), findings(rejected, received(Map.of("job-1", 1), 0)));
  }

  @Test
  void anEventThatDidNotEndIsLost() {
    assertFound(
        "1 event lost: e1 (accepted as job job-1, which has not ended)",
        ARRIVED.accepted("job-1"),
        ONCE);
    assertFound("1 event lost: e1 (never accepted)", ARRIVED, Received.NOTHING);
    assertFound("1 event lost: e1 (every arrival was dropped)", ARRIVED.drop(), Received.NOTHING);
  }

  @Test
  void anEventThatDedupLetPassTwiceIsFound() {
    assertFound(
        "1 event let pass by dedup-svc other than once: e1 (arrived 2 times, dropped 0 times)",
        DELIVERED.arrived(),
        ONCE);
  }

  @Test
  void anEventWithTwoJobsIsFound() {
    assertFound(
        "1 event submitted more than once: e1 (as jobs [job-1, job-2])",
        ARRIVED.accepted("job-1").accepted("job-2").ended(ended(true, 1, 1)),
        received(Map.of("job-1", 1, "job-2", 1), 2));
  }

  @Test
  void anEventOutOfOrderIsFound() {
    Webhook event = event("e1", "/fast/orders", "acct");
    assertFound(
        "1 event out of its account's order: e1 (number 2 of acct, but worker-1 counted 3)",
        Fate.of(event)
            .arrived()
            .sharded(new Fact.Sharded(event, 2, 3, 0, "worker-1"))
            .accepted("job-1")
            .ended(ended(true, 1, 1)),
        ONCE);
  }

  @Test
  void aCallBeyondThePoolsAttemptsIsFound() {
    assertFound(
        "1 event called at the target beyond the pool's attempts: "
            + "e1 (/fast/orders; the pool: 1 attempts, then 200;"
            + " the target: 2 calls by job {job-1=2}, 2 of them taken)",
        DELIVERED,
        received(Map.of("job-1", 2), 2));
  }

  @Test
  void aCallThatOnlyThePoolKnowsOfIsFound() {
    Fate twice = ARRIVED.accepted("job-1").ended(ended(true, 2, 2));

    assertFound("1 event called at the target less often than the pool says: e1", twice, ONCE);
  }

  @Test
  void aCallForAnotherJobIsFound() {
    assertFound(
        "1 event called at the target for a job that is not its own: e1",
        DELIVERED,
        received(Map.of("job-9", 1), 1));
  }

  @Test
  void anEndWithoutAnyCallIsFound() {
    Fate untried =
        Fate.of(event("e1", "/failing/fax", null))
            .arrived()
            .accepted("job-1")
            .ended(ended(false, 0, 0));

    assertFound("1 event never brought to the target: e1", untried, Received.NOTHING);
  }

  @Test
  void aDeliveryThatTheTargetDoesNotKnowIsFound() {
    assertFound(
        "1 event delivered by one count only: e1", DELIVERED, received(Map.of("job-1", 1), 0));
  }

  @Test
  void aFailureWhereTheTargetTakesEverythingIsFound() {
    Fate failed = ARRIVED.accepted("job-1").ended(ended(false, 1, 0));

    assertFound(
        "1 event ended other than its target behaves: e1", failed, received(Map.of("job-1", 1), 0));
  }

  @Test
  void anEventThatNeverCameInIsFound() {
    var received = new Received(Map.of("e1", ONCE.of("e1"), "e9", ONCE.of("e1")), 0);

    assertFound("1 events reached the target that never came in: [e9]", DELIVERED, received);
  }

  @Test
  void aStrayIsFound() {
    assertFound(
        "2 calls reached the target without their event",
        DELIVERED,
        new Received(ONCE.events(), 2));
  }

  @Test
  void ofManyThreeAreShown() {
    List<Fate> lost =
        List.of("a", "b", "c", "d").stream().map(id -> Fate.of(event(id)).arrived()).toList();

    assertEquals(
        List.of("4 events lost: a (never accepted), b (never accepted), c (never accepted), ..."),
        Audit.findings(lost, Received.NOTHING));
  }

  private static void assertFound(String finding, Fate fate, Received received) {
    List<String> findings = findings(fate, received);
    assertTrue(findings.stream().anyMatch(each -> each.startsWith(finding)), findings::toString);
  }

  private static List<String> findings(Fate fate, Received received) {
    return Audit.findings(List.of(fate), received);
  }

  private static Received received(Map<String, Integer> byKey, int taken) {
    return new Received(Map.of("e1", new Received.Calls(byKey, taken)), 0);
  }

  private static Fact.Ending ended(boolean delivered, int attempts, int answered) {
    return new Fact.Ending("job-1", delivered, attempts, answered, delivered ? "200" : "500");
  }
}
