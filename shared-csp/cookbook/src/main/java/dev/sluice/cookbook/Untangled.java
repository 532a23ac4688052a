package dev.sluice.cookbook;

import dev.sluice.cookbook.orders.Order;
import dev.sluice.cookbook.orders.OrderDesk;
import dev.sluice.cookbook.orders.Prices;
import dev.sluice.cookbook.orders.Receipt;
import dev.sluice.cookbook.soup.SoupDesk;
import dev.sluice.cookbook.structured.StructuredDesk;
import dev.sluice.csp.Activity;
import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Processes;
import dev.sluice.csp.Scope;
import dev.sluice.csp.ScopeSnapshot;
import dev.sluice.csp.Snapshot;
import dev.sluice.csp.Ticker;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Task 26: a service of processes that are started anywhere and forgotten, and the same service in
 * scopes.
 *
 * <p>Both order desks, {@link SoupDesk} and {@link StructuredDesk}, do the same for their clients.
 * Then each is closed while look-ups of prices hang: the one leaves them and more behind, of the
 * other nothing is left when {@code close} returns. How long that takes is measured.
 *
 * <p>Take the JDK's StructuredTaskScope where a method splits its work into tasks that return. Take
 * a {@link Scope} where processes live as long as a service does, hold state, and talk.
 *
 * <pre>
 *   intake  pricer  lookup  pricer  reporter        desk
 *   lookup  pricer  lookup  (who started whom?)      |-- ledger
 *                                                    |-- pricer-1 -- lookup
 *                                                    `-- pricer-2 -- lookup
 * </pre>
 */
final class Untangled {
  private static final int CUSTOMERS = 3;
  private static final int CLOSINGS = 1_000;
  private static final Duration PROMISED = Duration.ofMillis(200);

  private Untangled() {}

  static void run(PrintStream out) throws InterruptedException {
    Check.equal(Map.of("Ann", 14L, "Bob", 3L), trade(SoupDesk::open), "the balances of the soup");
    Check.equal(Map.of("Ann", 14L, "Bob", 3L), trade(StructuredDesk::open), "those in scopes");
    out.println("Both desks take the same orders and book the same amounts.");

    Set<Scope> before = Set.copyOf(Processes.scopes());
    out.println("\nThe soup, before it is closed:\n");
    out.print(graphWhenClosed(SoupDesk::open));
    out.println("\n" + leftSince(before) + " processes of the soup are left after close.");
    sweepAllSince(before);

    out.println("\nThe same in scopes, before it is closed:\n");
    out.print(graphWhenClosed(StructuredDesk::open));
    Check.equal(0, leftSince(before), "what is left of the desk in scopes");
    out.println("\n0 processes of the desk in scopes are left after close.");

    long[] nanos = closings(CLOSINGS, Clock.system());
    out.printf(
        Locale.ROOT,
        "%nFrom close until all have ended, %,d times: p50 %s, p99 %s, max %s (p99 is to be under"
            + " %,d ms: %s).%n",
        CLOSINGS,
        millis(percentile(nanos, 50)),
        millis(percentile(nanos, 99)),
        millis(percentile(nanos, 100)),
        PROMISED.toMillis(),
        percentile(nanos, 99) < PROMISED.toNanos() ? "it is" : "IT IS NOT");
  }

  /** Some orders, and what the customers have to pay then. */
  static Map<String, Long> trade(OrderDesk.Opening opening) throws InterruptedException {
    Set<Scope> before = Set.copyOf(Processes.scopes());
    Prices prices = item -> item.equals("tea") ? OptionalInt.of(3) : OptionalInt.of(4);
    try (var desk = opening.open(prices, Clock.system())) {
      Check.equal(new Receipt.Booked(6), desk.submit(new Order("Ann", "tea", 2)), "tea for Ann");
      Check.equal(new Receipt.Booked(8), desk.submit(new Order("Ann", "milk", 2)), "milk for Ann");
      Check.equal(new Receipt.Booked(3), desk.submit(new Order("Bob", "tea", 1)), "tea for Bob");
      return desk.balances();
    } finally {
      sweepAllSince(before);
    }
  }

  /** Opens a desk, closes it while prices are looked up, and answers how it looked just before. */
  private static String graphWhenClosed(OrderDesk.Opening opening) throws InterruptedException {
    return whileCustomersWait(
        opening,
        Clock.system(),
        desk -> {
          String graph = atRest().toMermaid();
          desk.close();
          return graph;
        });
  }

  /** How long it takes, in nanoseconds and in ascending order, to close a desk that is busy. */
  static long[] closings(int times, Clock clock) throws InterruptedException {
    var nanos = new long[times];
    for (int i = 0; i < times; i++) {
      nanos[i] =
          whileCustomersWait(
              StructuredDesk::open,
              clock,
              desk -> {
                long start = clock.nanos();
                desk.close();
                return clock.nanos() - start;
              });
    }
    Arrays.sort(nanos);
    return nanos;
  }

  /** The least of the sorted values that {@code percent} of them do not exceed. */
  static long percentile(long[] sorted, int percent) {
    int rank = Math.ceilDiv(sorted.length * percent, 100);
    return sorted[Math.max(1, rank) - 1];
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
  }

  /** Closes a desk, and answers something of it. */
  private interface Closing<T> {
    T close(OrderDesk desk) throws InterruptedException;
  }

  /** Has a desk closed whose customers all wait, because no price ever comes. */
  private static <T> T whileCustomersWait(
      OrderDesk.Opening opening, Clock clock, Closing<T> closing) throws InterruptedException {
    Channel<String> asked = Channel.buffered(CUSTOMERS);
    Channel<OptionalInt> never = Channel.rendezvous();
    Prices prices =
        item -> {
          asked.send(item);
          return never.receive();
        };
    try (var customers = Scope.open("customers");
        var desk = opening.open(prices, clock)) {
      Channel<Receipt> receipts = customers.channel("receipts", CUSTOMERS);
      for (int i = 1; i <= CUSTOMERS; i++) {
        var order = new Order("customer-" + i, "rug", i);
        customers.start(order.customer(), () -> receipts.send(desk.submit(order)));
      }
      for (int i = 1; i <= CUSTOMERS; i++) {
        asked.receive();
      }
      T answer = closing.close(desk);
      for (int i = 1; i <= CUSTOMERS; i++) {
        Check.equal(Receipt.CLOSED, receipts.receive(), "what a customer is told");
      }
      customers.join();
      return answer;
    }
  }

  // What lives

  /** What is seen when everybody waits, or after a while. */
  private static Snapshot atRest() throws InterruptedException {
    try (var ticker = Ticker.every(Duration.ofMillis(1))) {
      for (int looks = 0; looks < 1_000; looks++) {
        var seen = Processes.snapshot();
        if (seen.scopes().stream().allMatch(Untangled::waits)) {
          return seen;
        }
        ticker.channel().receive();
      }
    }
    return Processes.snapshot();
  }

  private static boolean waits(ScopeSnapshot scope) {
    return scope.processes().stream()
            .noneMatch(process -> process.activity() instanceof Activity.Runs)
        && scope.scopes().stream().allMatch(Untangled::waits);
  }

  private static int leftSince(Set<Scope> before) {
    return scopesSince(before).stream().mapToInt(scope -> scope.processes().size()).sum();
  }

  /** What the soup cannot do. */
  private static void sweepAllSince(Set<Scope> before) {
    scopesSince(before).forEach(Scope::close);
  }

  private static Set<Scope> scopesSince(Set<Scope> before) {
    var since = new HashSet<>(Processes.scopes());
    since.removeAll(before);
    return since;
  }
}
