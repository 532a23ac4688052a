package dev.sluice.demo;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the demo writes: pure text, in ASCII, for a terminal of 80 columns and more. */
final class Report {

  private static final String ROW = "  %-24s %8s %9s   %s";

  private final Outcome outcome;
  private final StringBuilder text = new StringBuilder();

  private Report(Outcome outcome) {
    this.outcome = outcome;
  }

  /** What is about to happen. */
  static String opening(Recording recording, Options options, String target) {
    return """
    %s webhooks of %d senders, %s times as fast as they were recorded,
    through dedup, mesh, limiter and pool to %s
    """
        .formatted(
            count(recording.size()),
            recording.senders().size(),
            Options.plain(options.speed()),
            target);
  }

  /** How far everything is, in at most 79 columns. */
  static String progress(Figures now, Duration elapsed) {
    return "%6s  in %d  dup %d  throttled %d  delivered %d  failed %d  open %d"
        .formatted(
            time(elapsed),
            now.in(),
            now.dropped(),
            now.throttled().count(),
            now.delivered(),
            now.failures(),
            now.open());
  }

  /** The table at the end, and what does not fit together. */
  static String table(Outcome outcome) {
    return new Report(outcome).render();
  }

  /** A duration as one reads it: {@code 85 ms}, {@code 2.4 s}, {@code 3 m 20 s}. */
  static String time(Duration duration) {
    if (duration.toMillis() < 1_000) {
      return duration.toMillis() + " ms";
    }
    if (duration.toMillis() < 99_950) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
    }
    return duration.toMinutes() + " m " + duration.toSecondsPart() + " s";
  }

  private String render() {
    Figures ours = outcome.figures();
    Received target = outcome.received();
    line("", "ours", "target's", "");
    line("in", count(ours.in()), "", "");
    line("duplicates dropped", count(ours.dropped()), "", "");
    line(
        "through the mesh",
        count(ours.sharded()),
        "",
        "%d accounts, %s out of order"
            .formatted(
                ours.accounts(), ours.outOfOrder() == 0 ? "none" : count(ours.outOfOrder())));
    line("throttled", count(ours.throttled().count()), "", waits(ours.throttled()));
    line("pushed back by the pool", count(ours.pushedBack().count()), "", waits(ours.pushedBack()));
    both("accepted", ours.accepted(), target.distinct(), "");
    both("delivered", ours.delivered(), target.delivered(), "");
    both("failed", ours.failures(), target.failed(), reasons(ours.failed()));
    both("retried", ours.retried(), target.retried(), "");
    both(
        "calls to the target",
        ours.attempts(),
        target.calls(),
        ours.unanswered() == 0 ? "" : count(ours.unanswered()) + " of ours without an answer");
    line("lost", count(outcome.lost()), "", "");
    text.append('\n');
    if (outcome.isGood()) {
      text.append("All ").append(count(ours.in())).append(" are accounted for, after ");
      text.append(time(outcome.took())).append(".\n");
    } else {
      text.append("!!! NOT ACCOUNTED FOR, after ").append(time(outcome.took())).append(":\n");
      outcome.findings().forEach(finding -> text.append("!!! ").append(finding).append('\n'));
    }
    return text.toString();
  }

  private void both(String what, int ours, int target, String remark) {
    boolean agree =
        ours == target || outcome.isGood(); // a call that broke off counts at one end only
    line(what, count(ours), count(target), agree ? remark : "<<< MISMATCH " + remark);
  }

  private void line(String what, String ours, String target, String remark) {
    text.append(ROW.formatted(what, ours, target, remark).stripTrailing()).append('\n');
  }

  private static String waits(Figures.Waits waits) {
    return waits.count() == 0
        ? ""
        : "%s in all, p50 %s, max %s"
            .formatted(time(waits.total()), time(waits.p50()), time(waits.max()));
  }

  private static String reasons(Map<String, Integer> failed) {
    return failed.entrySet().stream()
        .map(reason -> reason.getValue() + " by " + reason.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String count(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
