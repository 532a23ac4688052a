package dev.sluice.mesh.process;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.csp.Channel;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.store.ScriptedLog;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Measures what the router's process alone can do: callers and four workers that answer at once are
 * in the same JVM, nothing is durable. {@code RouterSpeed ROUNDS IN_FLIGHT}. Prints for each round
 * what it did a second, and a second of processor time.
 */
final class RouterSpeed {
  private static final int SHARDS = 32;
  private static final int REQUESTS = 500_000;

  private RouterSpeed() {}

  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int inFlight = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
    try (var scope = Scope.open("speed")) {
      var dialer = new FlakyDialer();
      var members = new PromptMembers(scope, dialer, SHARDS, 4);
      dialer.listen(members);
      var settings =
          new RouterSettings(
              new RouterAddress("router-0", "here"),
              0,
              null,
              8_192,
              16_384,
              4_096,
              1 << 26,
              3,
              100_000,
              1 << 26);
      var monitor = HeartbeatMonitor.start(scope, "heartbeats", Duration.ofSeconds(1));
      var router =
          Router.start(scope, monitor, settings, new ScriptedLog(), dialer, MeshTrace.NONE);
      dialer.listen("router-0", router::join);
      members.link("router-0");
      while (!router.look().await().isJoined()) {
        Thread.onSpinWait();
      }
      for (int round = 0; round < rounds; round++) {
        measure(router, inFlight, round);
      }
      scope.cancel();
    }
  }

  /** Asks so many requests, as many in flight as said. */
  private static void measure(Router router, int inFlight, int round) throws Exception {
    Channel<Told> answers = Channel.buffered(inFlight);
    long from = System.nanoTime();
    long cpuFrom = cpuNanos();
    int sent = 0;
    for (int done = 0; done < REQUESTS; ) {
      while (sent < REQUESTS && sent - done < inFlight) {
        var request =
            new Request(
                "r-" + round + "-" + sent, "key-" + sent % 1_000, "echo", "{\"a\":1}", false);
        router.ask(new Ask(request, Duration.ofSeconds(60))).stage().thenAccept(answers::trySend);
        sent++;
      }
      for (Told told = answers.receive(); told != null; told = answers.tryReceive()) {
        if (!(told instanceof Told.Done)) {
          throw new IllegalStateException("not answered, but " + told);
        }
        done++;
      }
    }
    System.out.printf(
        "%,d requests/s, %,d a second of processor time%n",
        perSecond(System.nanoTime() - from), perSecond(cpuNanos() - cpuFrom));
  }

  private static long perSecond(long nanos) {
    return REQUESTS * 1_000_000_000L / nanos;
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
