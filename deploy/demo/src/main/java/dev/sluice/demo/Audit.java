package dev.sluice.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Holds our books against the target's: every event that came in must have ended exactly once, as
 * its target behaves, in its account's order, and with no call that the pool does not answer for.
 */
final class Audit {

  private static final int EXAMPLES = 3;

  private final Collection<Fate> fates;
  private final Received received;
  private final List<String> findings = new ArrayList<>();

  private Audit(Collection<Fate> fates, Received received) {
    this.fates = fates;
    this.received = received;
  }

  /** What is wrong, a sentence each; empty when all is accounted for. */
  static List<String> findings(Collection<Fate> fates, Received received) {
    return new Audit(fates, received).findings();
  }

  private List<String> findings() {
    find("lost", fate -> fate.ending() == null, Audit::lastSeen);
    find(
        "let pass by dedup-svc other than once",
        fate -> fate.arrivals() - fate.dropped() != 1,
        fate -> "arrived " + fate.arrivals() + " times, dropped " + fate.dropped() + " times");
    find(
        "submitted more than once",
        fate -> fate.jobs().size() > 1,
        fate -> "as jobs " + fate.jobs());
    find("out of its account's order", Audit::isOutOfOrder, Audit::turns);
    find("never brought to the target", this::isNeverCalled, this::atTarget);
    find("called at the target for a job that is not its own", this::hasStrangeKey, this::atTarget);
    find("called at the target beyond the pool's attempts", this::isCalledTooOften, this::atTarget);
    find(
        "called at the target less often than the pool says",
        this::isCalledTooSeldom,
        this::atTarget);
    find("delivered by one count only", this::isDeliveredByOneCountOnly, this::atTarget);
    find("ended other than its target behaves", Audit::endedOtherwise, this::atTarget);
    findStrangers();
    return List.copyOf(findings);
  }

  private void find(String what, Predicate<Fate> isWrong, Function<Fate, String> how) {
    List<Fate> wrong = fates.stream().filter(isWrong).toList();
    if (!wrong.isEmpty()) {
      String examples =
          wrong.stream()
              .limit(EXAMPLES)
              .map(fate -> fate.event().id() + " (" + how.apply(fate) + ")")
              .collect(Collectors.joining(", "));
      String events = wrong.size() == 1 ? "1 event " : wrong.size() + " events ";
      findings.add(events + what + ": " + examples + (wrong.size() > EXAMPLES ? ", ..." : ""));
    }
  }

  private void findStrangers() {
    Set<String> strangers = new HashSet<>(received.events().keySet());
    fates.forEach(fate -> strangers.remove(fate.event().id()));
    if (!strangers.isEmpty()) {
      findings.add(
          strangers.size() + " events reached the target that never came in: " + strangers);
    }
    if (received.strays() > 0) {
      findings.add(
          received.strays()
              + " calls reached the target without their event, without an "
              + Target.KEY
              + ", or at an unknown path");
    }
  }

  private static String lastSeen(Fate fate) {
    if (!fate.jobs().isEmpty()) {
      return "accepted as job " + fate.jobs().getLast() + ", which has not ended";
    }
    return fate.dropped() == fate.arrivals() ? "every arrival was dropped" : "never accepted";
  }

  private static boolean isOutOfOrder(Fate fate) {
    return fate.turn() != null && !fate.turn().inOrder();
  }

  private static String turns(Fate fate) {
    Fact.Sharded turn = fate.turn();
    return turn == null
        ? "not counted"
        : "number %d of %s, but %s counted %d"
            .formatted(turn.turn(), fate.event().account(), turn.worker(), turn.count());
  }

  private boolean isNeverCalled(Fate fate) {
    return fate.ending() != null && calls(fate).count() == 0;
  }

  private boolean hasStrangeKey(Fate fate) {
    return !fate.jobs().containsAll(calls(fate).byKey().keySet());
  }

  private boolean isCalledTooOften(Fate fate) {
    return fate.ending() != null
        && fate.jobs().size() == 1
        && calls(fate).count() > fate.ending().attempts();
  }

  private boolean isCalledTooSeldom(Fate fate) {
    return fate.ending() != null && calls(fate).count() < fate.ending().answered();
  }

  private boolean isDeliveredByOneCountOnly(Fate fate) {
    return fate.ending() != null && fate.ending().delivered() != calls(fate).taken() > 0;
  }

  private static boolean endedOtherwise(Fate fate) {
    Behaviour target = Behaviour.at(fate.event().path());
    boolean takes = target != null && target.takes(fate.event().id(), Suite.ATTEMPTS);
    return fate.ending() != null && fate.ending().delivered() != takes;
  }

  private Received.Calls calls(Fate fate) {
    return received.of(fate.event().id());
  }

  private String atTarget(Fate fate) {
    Fact.Ending ending = fate.ending();
    return "%s; the pool: %s; the target: %d calls by job %s, %d of them taken"
        .formatted(
            fate.event().path(),
            ending == null ? "no end" : ending.attempts() + " attempts, then " + ending.reason(),
            calls(fate).count(),
            calls(fate).byKey(),
            calls(fate).taken());
  }
}
