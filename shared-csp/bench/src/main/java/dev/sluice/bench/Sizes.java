package dev.sluice.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jol.info.GraphLayout;

/**
 * How many bytes an idle channel and a waiting process take. Writes JSON.
 *
 * <p>Channels are walked with JOL: what one more channel adds to what another reaches, so that what
 * all share counts nothing. Processes are weighed: the heap after a full collection, with very many
 * of them waiting on one rendezvous channel and without.
 */
public final class Sizes {
  private static final int WAITERS = 100_000;

  /** Every channel that is measured holds so much, or is a rendezvous. */
  private static final int CAPACITY = 16;

  private static final int ROUNDS = 6;

  /** So many of them count. */
  private static final int LAST = 3;

  /** What the heap of a JVM that does nothing else may change by. */
  private static final long NOISE = 64 * 1024;

  private Sizes() {}

  /** Takes the file to write. */
  public static void main(String[] args) throws IOException, InterruptedException {
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(Path.of(args[0]).toFile(), measure(WAITERS, ROUNDS));
  }

  /** What takes how many bytes, by contestant. */
  static Map<String, Map<String, Long>> measure(int waiters, int rounds) throws InterruptedException {
    Map<String, Map<String, Long>> sizes = new LinkedHashMap<>();
    for (boolean used : new boolean[] {false, true}) {
      String when = used ? "after use" : "new";
      sizes.put("rendezvous channel, " + when, channels(0, used));
      sizes.put("channel of " + CAPACITY + ", " + when, channels(CAPACITY, used));
    }
    sizes.put("process that waits to receive", processes(waiters, rounds));
    return sizes;
  }

  private static Map<String, Long> channels(int capacity, boolean used)
      throws InterruptedException {
    Map<String, Long> bytes = new LinkedHashMap<>();
    bytes.put("sluice", channel(new SluiceMedium(), capacity, used));
    bytes.put("jox", channel(new JoxMedium(), capacity, used));
    bytes.put("kotlin", channel(new CoroutineMedium(), capacity, used));
    if (capacity == 0) {
      bytes.put("SynchronousQueue", channel(new QueueMedium("SynchronousQueue"), capacity, used));
    } else {
      for (String queue : List.of("ArrayBlockingQueue", "LinkedBlockingQueue")) {
        bytes.put(queue, channel(new QueueMedium(queue), capacity, used));
      }
      bytes.put("LockedQueue", channel(LockedQueue::new, capacity, used));
    }
    return bytes;
  }

  private static <P extends Pipe> long channel(Medium<P> medium, int capacity, boolean used)
      throws InterruptedException {
    P one = medium.pipe(capacity);
    P other = medium.pipe(capacity);
    if (used) {
      use(one);
      use(other);
    }
    return GraphLayout.parseInstance(one.channel(), other.channel()).totalSize()
        - GraphLayout.parseInstance(one.channel()).totalSize();
  }

  private static void use(Pipe pipe) throws InterruptedException {
    Crew crew = new Crew();
    crew.start(() -> Flows.receive(pipe, 1_000));
    crew.start(() -> Flows.send(pipe, 1_000));
    long sum = crew.join();
    if (sum != Values.sum(1_000)) {
      throw new IllegalStateException("values were lost");
    }
  }

  /**
   * The frames of code that is not yet compiled are larger, and so are the stacks of those who wait
   * in it: only the last rounds count.
   */
  private static Map<String, Long> processes(int waiters, int rounds) throws InterruptedException {
    Map<String, List<Long>> measured = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      add(measured, "sluice", threads(new SluiceMedium(), waiters));
      add(measured, "jox", threads(new JoxMedium(), waiters));
      add(measured, "kotlin", coroutines(waiters));
      add(measured, "SynchronousQueue", threads(new QueueMedium("SynchronousQueue"), waiters));
    }
    Map<String, Long> bytes = new LinkedHashMap<>();
    measured.forEach((name, all) -> bytes.put(name, medianOfLast(all)));
    return bytes;
  }

  private static long medianOfLast(List<Long> all) {
    List<Long> last = all.stream().skip(Math.max(0, all.size() - LAST)).sorted().toList();
    return last.get(last.size() / 2);
  }

  private static void add(Map<String, List<Long>> measured, String name, long bytes) {
    measured.computeIfAbsent(name, _ -> new ArrayList<>()).add(bytes);
  }

  private static long threads(Medium<?> medium, int waiters) throws InterruptedException {
    Pipe pipe = medium.pipe(0);
    List<Thread> threads = new ArrayList<>(waiters);
    long before = heap();
    for (int i = 0; i < waiters; i++) {
      threads.add(Thread.startVirtualThread(() -> waitIn(pipe)));
    }
    for (Thread each : threads) {
      awaitWaiting(each);
    }
    long after = heap();
    for (Thread each : threads) {
      each.interrupt();
    }
    for (Thread each : threads) {
      each.join();
    }
    return (after - before) / waiters;
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

  private static long coroutines(int waiters) {
    long before = heap();
    try (var waiting = new WaitingCoroutines(waiters)) {
      long after = heap();
      return (after - before) / waiting.getCount();
    }
  }

  /** What is in use after full collections: as many as still find something. */
  private static long heap() {
    long used = Long.MAX_VALUE;
    while (true) {
      System.gc();
      long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      if (now > used - NOISE) {
        return now;
      }
      used = now;
    }
  }
}
