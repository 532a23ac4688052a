package dev.sluice.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * How many bytes a process takes that waits to receive: the heap after full collections, with very
 * many of them waiting on one rendezvous channel and without.
 *
 * <p>The frames of code that is not yet compiled are larger, and so are the stacks of those who
 * wait in it. So first fewer wait, again and again, until it is.
 */
public final class Waiting {
  private static final int WARMUPS = 50;
  private static final int FEWER = 1_000;

  private Waiting() {}

  /** Takes the contestant and how many processes are to wait; prints the bytes of each. */
  public static void main(String[] args) throws InterruptedException {
    IO.println(bytes(args[0], Integer.parseInt(args[1])));
  }

  static long bytes(String contestant, int waiters) throws InterruptedException {
    for (int i = 0; i < WARMUPS; i++) {
      hold(contestant, FEWER, () -> {});
    }
    long[] heap = {heap(), 0};
    hold(contestant, waiters, () -> heap[1] = heap());
    return (heap[1] - heap[0]) / waiters;
  }

  /** Looks while so many processes wait. */
  private static void hold(String contestant, int waiters, Runnable look)
      throws InterruptedException {
    switch (contestant) {
      case "kotlin" -> {
        try (var _ = new WaitingCoroutines(waiters)) {
          look.run();
        }
      }
      case "sluice" -> holdThreads(new SluiceMedium().pipe(0), waiters, look);
      case "jox" -> holdThreads(new JoxMedium().pipe(0), waiters, look);
      default -> holdThreads(new QueueMedium(contestant).pipe(0), waiters, look);
    }
  }

  private static void holdThreads(Pipe pipe, int waiters, Runnable look)
      throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < waiters; i++) {
      threads.add(Thread.startVirtualThread(() -> waitIn(pipe)));
    }
    for (Thread each : threads) {
      awaitWaiting(each);
    }
    look.run();
    for (Thread each : threads) {
      each.interrupt();
    }
    for (Thread each : threads) {
      each.join();
    }
  }

  private static void waitIn(Pipe pipe) {
    try {
      Integer received = pipe.receive();
      throw new IllegalStateException("nobody sent " + received);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the measurement is over
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // nothing tells when a thread has begun to wait
  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.yield();
    }
  }

  private static long heap() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
