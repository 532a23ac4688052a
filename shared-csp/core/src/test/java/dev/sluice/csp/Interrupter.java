package dev.sluice.csp;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Interrupts threads at random until it is closed. */
final class Interrupter implements AutoCloseable {
  private volatile boolean closed;

  static Interrupter of(Stream<? extends Call<?>> victims, RandomGenerator random) {
    var interrupter = new Interrupter();
    List<Thread> threads = victims.<Thread>map(Call::thread).toList();
    Thread.ofPlatform().daemon().start(() -> interrupter.run(threads, random));
    return interrupter;
  }

  @Override
  public void close() {
    closed = true;
  }

  @SuppressWarnings("ThreadPriorityCheck") // leaves the processor to its victims
  private void run(List<Thread> victims, RandomGenerator random) {
    while (!closed) {
      victims.get(random.nextInt(victims.size())).interrupt();
      for (int pause = random.nextInt(50); pause > 0; pause--) {
        Thread.yield();
      }
    }
  }
}
