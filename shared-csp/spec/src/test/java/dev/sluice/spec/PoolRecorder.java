package dev.sluice.spec;

import dev.sluice.csp.Channel;
import dev.sluice.csp.patterns.PoolObserver;
import dev.sluice.cspm.Slots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Records what happens in a pool, in one order: everybody tells it before he goes on, so that what
 * depends on an event comes after it.
 */
final class PoolRecorder implements PoolObserver<Integer> {
  private static final int NOBODY = -1;
  private static final int CAPACITY = 1_000;

  /** What happened, to which worker and which job; {@link #NOBODY} where there is none. */
  record Step(String what, int worker, int job) {}

  private final Channel<Step> steps = Channel.buffered(CAPACITY);

  @Override
  public void submitting(Integer job) {
    record("submit", NOBODY, job);
  }

  @Override
  public void accepted(Integer job) {
    record("accept", NOBODY, job);
  }

  @Override
  public void refused(Integer job) {
    record("refuse", NOBODY, job);
  }

  @Override
  public void gaveUp(Integer job) {
    record("giveup", NOBODY, job);
  }

  /** To be called before the reply of the job is abandoned. */
  void abandoning(int job) {
    record("abandon", NOBODY, job);
  }

  @Override
  public void started(int worker, Integer job) {
    record("start", worker, job);
  }

  @Override
  public void finished(int worker, Integer job) {
    record("finish", worker, job);
  }

  @Override
  public void skipped(Integer job) {
    record("skip", NOBODY, job);
  }

  @Override
  public void closing() {
    record("close", NOBODY, NOBODY);
  }

  @Override
  public void closed() {
    record("closed", NOBODY, NOBODY);
  }

  /** To be called before the pool's scope is cancelled. */
  void cancelling() {
    record("cancel", NOBODY, NOBODY);
  }

  private void record(String what, int worker, int job) {
    if (!steps.trySend(new Step(what, worker, job))) {
      throw new IllegalStateException("more than " + CAPACITY + " steps");
    }
  }

  /** All steps so far. */
  List<Step> steps() {
    var all = new ArrayList<Step>();
    steps.drainTo(all, CAPACITY);
    return all;
  }

  /** The steps in the model's names. Of several that close or cancel, the first counts. */
  static List<String> events(List<Step> steps, int slots) {
    var last = new HashMap<Integer, Integer>();
    for (int i = 0; i < steps.size(); i++) {
      last.put(steps.get(i).job, i);
    }
    var names = new Slots<Integer>(slots);
    var seen = new HashSet<String>();
    var events = new ArrayList<String>();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.job != NOBODY) {
        events.add(event(step, names, i, last));
      } else if (isFirst(step, seen)) {
        events.add(step.what);
      }
    }
    return events;
  }

  private static boolean isFirst(Step step, Set<String> seen) {
    return seen.add(step.what);
  }

  private static String event(
      Step step, Slots<Integer> slots, int index, Map<Integer, Integer> last) {
    if (!slots.has(step.job)) {
      slots.take(step.job);
    }
    boolean isLast = last.getOrDefault(step.job, index) == index;
    int slot = isLast ? slots.free(step.job) : slots.of(step.job);
    return step.worker == NOBODY
        ? step.what + "." + slot
        : step.what + "." + step.worker + "." + slot;
  }
}
