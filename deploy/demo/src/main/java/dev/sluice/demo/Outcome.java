package dev.sluice.demo;

import java.time.Duration;
import java.util.List;

/**
 * How a run ended.
 *
 * @param figures our count
 * @param received the target's count
 * @param lost events that came in and did not end
 * @param findings what does not fit together, a sentence each
 * @param took how long the run took
 */
public record Outcome(
    Figures figures, Received received, int lost, List<String> findings, Duration took) {

  static Outcome of(Tally.Snapshot books, Received received, Duration took) {
    int lost = (int) books.fates().values().stream().filter(fate -> fate.ending() == null).count();
    List<String> findings = Audit.findings(books.fates().values(), received);
    return new Outcome(books.figures(), received, lost, findings, took);
  }

  /** Whether every event is accounted for, by us and by the target alike. */
  public boolean isGood() {
    return findings.isEmpty();
  }
}
