package dev.sluice.limiter.process;

import dev.sluice.limiter.store.LimitStore;
import dev.sluice.limiter.store.MemoryLimitStore;
import dev.sluice.limiter.store.Operation;
import dev.sluice.limiter.store.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The engine in memory, at a distance: what is submitted arrives when the test says so, or gets
 * lost, and the answers are handed over at the next {@link #collect}.
 */
final class LateStore implements LimitStore {
  private final LimitStore store = new MemoryLimitStore(10);
  private final Queue<Sent> sent = new ArrayDeque<>();
  private final Queue<Runnable> answers = new ArrayDeque<>();

  private record Sent(Operation operation, long now, Consumer<? super Outcome> answer) {}

  @Override
  public void submit(Operation operation, long now, Consumer<? super Outcome> answer) {
    sent.add(new Sent(operation, now, answer));
  }

  /** The operations that are under way, in order. */
  List<Operation.Kind> underWay() {
    return sent.stream().map(each -> each.operation.kind()).toList();
  }

  /** All that is under way is carried out. */
  void arrive() {
    for (Sent each : drained()) {
      store.submit(
          each.operation, each.now, outcome -> answers.add(() -> each.answer.accept(outcome)));
    }
  }

  /** All that is under way is lost. */
  void die(Outcome.Unavailable unavailable) {
    for (Sent each : drained()) {
      answers.add(() -> each.answer.accept(unavailable));
    }
  }

  private List<Sent> drained() {
    var all = new ArrayList<>(sent);
    sent.clear();
    return all;
  }

  @Override
  public void collect() {
    for (Runnable next = answers.poll(); next != null; next = answers.poll()) {
      next.run();
    }
  }

  @Override
  public boolean isWaiting() {
    return !sent.isEmpty() || !answers.isEmpty();
  }
}
