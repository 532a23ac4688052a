package dev.sluice.mesh.process;

import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.VirtualClock;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Runs virtual threads one at a time on the thread that drives it, in an order drawn from a seed,
 * and moves a {@link VirtualClock} only when all of them wait: so a whole mesh of real processes on
 * real channels is one deterministic program, and a run can be repeated by its seed.
 *
 * <p>Threads belong to a {@link Machine}, and those that they start to the same one, so a machine
 * can be stopped and go on later as by SIGSTOP and SIGCONT, or stop for ever.
 *
 * <p>The JDK has no public way to give a virtual thread a scheduler yet; this takes the one that it
 * has inside, so tests need {@code --add-opens java.base/java.lang=ALL-UNNAMED}.
 */
final class SeededScheduler {
  private static final Method NEW_VIRTUAL_THREAD = newVirtualThread();

  private static final long STEP = Duration.ofMillis(1).toNanos();

  final VirtualClock clock = new VirtualClock();
  private final RandomGenerator random;
  private final List<Machine> machines = new ArrayList<>();
  private final List<Ready> ready = new ArrayList<>();
  private long switches;

  private record Ready(Machine machine, Runnable task) {}

  SeededScheduler(RandomGenerator random) {
    this.random = random;
  }

  /** What a process of a machine does, in a scope of its own. */
  interface Body {
    void run(Scope scope) throws Exception;
  }

  /** Where threads run that can only be stopped together. */
  final class Machine implements Executor {
    final String name;
    private final Queue<Runnable> held = new ArrayDeque<>();
    private final List<Scope> scopes = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private boolean isStopped;

    private Machine(String name) {
      this.name = name;
    }

    @Override
    public void execute(Runnable task) {
      if (isStopped) {
        held.add(task);
      } else {
        ready.add(new Ready(this, task));
      }
    }

    /** Starts a thread. */
    void start(Runnable body) {
      thread(this, body).start();
    }

    /** Starts processes, in a scope of their own. */
    void run(Body body) {
      start(() -> {
        Scope scope = Scope.open(name, clock);
        scopes.add(scope);
        try {
          body.run(scope);
        } catch (Throwable failed) {
          failures.add(failed);
          scope.cancel();
        }
      });
    }

    /** Closes the scopes whose processes have all ended; here, for to join one takes a monitor. */
    private void reap() {
      for (Scope scope : List.copyOf(scopes)) {
        if (scope.processes().isEmpty() && scope.children().isEmpty()) {
          scopes.remove(scope);
          close(scope);
        }
      }
    }

    private void close(Scope scope) {
      try (scope) {
        scope.join();
      } catch (InterruptedException | RuntimeException | Error failed) {
        failures.add(failed);
      }
    }

    /** None of its threads does anything until {@link #proceed}. */
    void stop() {
      isStopped = true;
      ready.removeIf(each -> {
        if (each.machine == this) {
          held.add(each.task);
        }
        return each.machine == this;
      });
    }

    void proceed() {
      isStopped = false;
      held.forEach(task -> ready.add(new Ready(this, task)));
      held.clear();
    }

    boolean isStopped() {
      return isStopped;
    }

    /** Ends its processes: they are interrupted. */
    void cancel() {
      scopes.forEach(Scope::cancel);
    }

    /** What its processes have ended with, if not well. */
    List<Throwable> failures() {
      reap();
      return failures;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  Machine machine(String name) {
    var machine = new Machine(name);
    machines.add(machine);
    return machine;
  }

  /** Lets one thread go on until it waits; false when all wait. */
  boolean step() {
    if (ready.isEmpty()) {
      return false;
    }
    int drawn = random.nextInt(ready.size());
    Ready next = ready.get(drawn);
    Ready last = ready.removeLast();
    if (drawn < ready.size()) {
      ready.set(drawn, last);
    }
    switches++;
    next.task.run();
    return true;
  }

  /** Lets all go on until all wait. */
  void settle() {
    for (long left = 10_000_000; step(); left--) {
      if (left == 0) {
        throw new AssertionError("threads that never wait: " + ready);
      }
    }
  }

  /** Lets time pass, and all go on whenever something is due. */
  void pass(Duration time) {
    settle();
    long end = clock.nanos() + time.toNanos();
    while (end - clock.nanos() > 0) {
      clock.advance(Duration.ofNanos(Math.min(STEP, end - clock.nanos())));
      settle();
    }
  }

  /** Ends all machines, and waits for their threads. */
  void close() {
    machines.forEach(Machine::proceed);
    machines.forEach(Machine::cancel);
    settle();
    machines.forEach(Machine::reap);
  }

  /** What processes have ended with, if not well, and not because they were ended. */
  List<Throwable> failures() {
    return machines.stream()
        .flatMap(machine -> machine.failures().stream())
        .filter(each ->
            !(each instanceof InterruptedException || each instanceof CancellationException))
        .toList();
  }

  /** How many times a thread was let go on. */
  long switches() {
    return switches;
  }

  private static Thread thread(Executor scheduler, Runnable body) {
    try {
      return (Thread) NEW_VIRTUAL_THREAD.invoke(null, scheduler, null, 0, body);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static Method newVirtualThread() {
    try {
      Method method =
          Class.forName("java.lang.ThreadBuilders")
              .getDeclaredMethod(
                  "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
      method.setAccessible(true);
      return method;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
