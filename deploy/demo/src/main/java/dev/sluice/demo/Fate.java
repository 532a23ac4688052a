package dev.sluice.demo;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one event so far.
 *
 * @param arrivals how often it came in
 * @param dropped how often it was dropped as a duplicate
 * @param turn its turn among its account's events by our count and the mesh's, or null when the
 *     mesh has not counted it
 * @param jobs the jobs that the pool has taken for it; more than one is a fault
 * @param ending how its job ended, or null while it has not
 */
record Fate(
    Webhook event,
    int arrivals,
    int dropped,
    Fact.@Nullable Sharded turn,
    List<String> jobs,
    Fact.@Nullable Ending ending) {

  static Fate of(Webhook event) {
    return new Fate(event, 0, 0, null, List.of(), null);
  }

  Fate arrived() {
    return new Fate(event, arrivals + 1, dropped, turn, jobs, ending);
  }

  Fate drop() {
    return new Fate(event, arrivals, dropped + 1, turn, jobs, ending);
  }

  Fate sharded(Fact.Sharded its) {
    return new Fate(event, arrivals, dropped, its, jobs, ending);
  }

  Fate accepted(String job) {
    List<String> more = new ArrayList<>(jobs);
    more.add(job);
    return new Fate(event, arrivals, dropped, turn, List.copyOf(more), ending);
  }

  Fate ended(Fact.Ending how) {
    return new Fate(event, arrivals, dropped, turn, jobs, how);
  }
}
