package dev.sluice.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.consumer.RecordingStream;

/**
 * Counts how often a virtual thread waited while it was pinned to its carrier (which then serves
 * nobody else): the JDK's own event, without its usual threshold, over some seconds of each
 * contestant's work. Writes JSON.
 */
public final class Pinned {
  private static final List<String> RENDEZVOUS = List.of("sluice", "jox", "SynchronousQueue");
  private static final List<String> BUFFERED =
      List.of("sluice", "jox", "ArrayBlockingQueue", "LinkedBlockingQueue", "LockedQueue");
  private static final List<String> SELECT = List.of("sluice", "jox");

  private Pinned() {}

  /** Takes the file to write and how many seconds to look at each contestant in each shape. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, Long> counts = count(Duration.ofMillis((long) (Double.parseDouble(args[1]) * 1e3)));
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(Path.of(args[0]).toFile(), counts);
  }

  static Map<String, Long> count(Duration each) throws InterruptedException {
    Map<String, Long> counts = new LinkedHashMap<>();
    count(counts, RENDEZVOUS, new Shape.Flow(0, 1, 1, 10_000), each);
    count(counts, RENDEZVOUS, new Shape.Pairs(1_000, 10), each);
    count(counts, BUFFERED, new Shape.Flow(16, 8, 8, 16_000), each);
    count(counts, SELECT, new Shape.Selecting(true, 8, 8_000), each);
    return counts;
  }

  private static void count(
      Map<String, Long> counts, List<String> contestants, Shape shape, Duration each)
      throws InterruptedException {
    for (String name : contestants) {
      counts.merge(name, count(Contestant.named(name), shape, each), Long::sum);
    }
  }

  private static long count(Contestant contestant, Shape shape, Duration each)
      throws InterruptedException {
    AtomicLong pinned = new AtomicLong();
    try (var events = new RecordingStream()) {
      events.enable("jdk.VirtualThreadPinned").withoutThreshold();
      events.onEvent("jdk.VirtualThreadPinned", _ -> pinned.incrementAndGet());
      events.startAsync();
      long end = System.nanoTime() + each.toNanos();
      do {
        contestant.runChecked(shape);
      } while (System.nanoTime() < end);
      events.stop(); // hands over what happened until now
    }
    return pinned.get();
  }
}
