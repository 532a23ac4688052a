package dev.sluice.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
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
 * all share counts nothing. Processes are weighed: see {@link Waiting}.
 */
public final class Sizes {
  private static final int WAITERS = 100_000;

  /** Every channel that is measured holds so much, or is a rendezvous. */
  private static final int CAPACITY = 16;

  private Sizes() {}

  /** Takes the file to write. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, Map<String, Long>> sizes = channels();
    sizes.put("process that waits to receive", processes(WAITERS));
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(Path.of(args[0]).toFile(), sizes);
  }

  /** How many bytes which channel takes, by contestant. */
  static Map<String, Map<String, Long>> channels() throws InterruptedException {
    Map<String, Map<String, Long>> sizes = new LinkedHashMap<>();
    for (boolean used : new boolean[] {false, true}) {
      String when = used ? "after use" : "new";
      sizes.put("rendezvous channel, " + when, channels(0, used));
      sizes.put("channel of " + CAPACITY + ", " + when, channels(CAPACITY, used));
    }
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

  /** Each in a JVM of its own: what one leaves behind must not be weighed with the next. */
  private static Map<String, Long> processes(int waiters) throws IOException, InterruptedException {
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (String name : List.of("sluice", "jox", "kotlin", "SynchronousQueue")) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
      command.add("-Xbatch"); // with compilers in the background a stack's size would be chance
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(Waiting.class.getName(), name, String.valueOf(waiters)));
      Process weighing = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
      String answer;
      try (var output = weighing.inputReader()) {
        answer = output.readAllAsString();
      }
      if (weighing.waitFor() != 0) {
        throw new IOException("weighing the waiting processes of " + name + " failed: " + answer);
      }
      bytes.put(name, Long.valueOf(answer.strip()));
    }
    return bytes;
  }
}
