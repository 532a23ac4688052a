package dev.sluice.cookbook.soup;

import dev.sluice.cookbook.orders.Order;
import dev.sluice.cookbook.orders.OrderDesk;
import dev.sluice.cookbook.orders.Prices;
import dev.sluice.cookbook.orders.Receipt;
import dev.sluice.cookbook.orders.Summary;
import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The order desk, tangled. What is wrong with it:
 *
 * <ul>
 *   <li>Nobody knows who lives. A pricer for each order, a look-up for each pricer, and whoever has
 *       started them has forgotten them.
 *   <li>A look-up that comes after the time limit waits for ever to hand over its price.
 *   <li>{@link #running} is a wish: it is seen by those who look, when they look.
 *   <li>{@link #close} waits a while for {@link #pending} and hopes. A customer may be told
 *       "closed" of an order that is booked a moment later.
 *   <li>The ticker is never closed, and a process that fails tells nobody.
 *   <li>Nothing bounds the number of pricers.
 * </ul>
 */
public final class SoupDesk implements OrderDesk {
  private static final Duration POLL = Duration.ofMillis(10);
  private static final int SURELY_ENOUGH = 10;

  private record Request(Order order, Channel<Receipt> receipt) {}

  private final Prices prices;
  private final Clock clock;
  private final Channel<Request> inbox = Channel.buffered(16);
  private final Channel<Summary> summaries = Channel.buffered(1);
  private final Map<String, Long> balances = new ConcurrentHashMap<>();
  private final AtomicInteger booked = new AtomicInteger();
  private final AtomicInteger pending = new AtomicInteger();
  private volatile boolean running = true;

  private SoupDesk(Prices prices, Clock clock) {
    this.prices = prices;
    this.clock = clock;
  }

  /**
   * Opens a desk.
   *
   * @param prices asked by several processes at once
   * @param clock by which it goes
   * @return a desk that takes orders, and that cannot be got rid of
   */
  public static SoupDesk open(Prices prices, Clock clock) {
    var desk = new SoupDesk(prices, clock);
    desk.go("intake", desk::takeIn);
    desk.go("reporter", desk::report);
    return desk;
  }

  /** As {@code go} does it: starts, and forgets. */
  private void go(String name, Scope.Body body) {
    Scope.open(name, clock).start(name, body);
  }

  @Override
  public Receipt submit(Order order) throws InterruptedException {
    var request = new Request(order, Channel.buffered(1));
    pending.incrementAndGet();
    boolean sent = false;
    while (running) {
      sent = sent || inbox.trySend(request, POLL);
      @Nullable Receipt receipt = sent ? request.receipt().tryReceive(POLL) : null;
      if (receipt != null) {
        return receipt;
      }
    }
    return Receipt.CLOSED; // probably
  }

  private void takeIn() throws InterruptedException {
    while (running) {
      @Nullable Request request = inbox.tryReceive(POLL); // now and then, look at the flag
      if (request != null) {
        startPricer(request);
      }
    }
  }

  private void startPricer(Request request) {
    go("pricer for " + request.order().customer(), () -> price(request));
  }

  private void price(Request request) throws InterruptedException {
    Channel<OptionalInt> found = Channel.rendezvous();
    Channel<RuntimeException> failed = Channel.rendezvous();
    String item = request.order().item();
    go("lookup of " + item, () -> lookUp(item, found, failed));
    var select = Select.fair(clock);
    var price = select.receive(found);
    var failure = select.receive(failed);
    select.after(PRICE_LIMIT);
    var first = select.await();
    if (first == price) {
      book(request, price.value());
    } else if (first == failure) {
      answer(request, new Receipt.Refused("no price: " + failure.value()));
    } else {
      answer(request, new Receipt.Refused("no price within " + PRICE_LIMIT));
    }
  }

  private void lookUp(String item, Channel<OptionalInt> found, Channel<RuntimeException> failed)
      throws InterruptedException {
    try {
      found.send(prices.priceOf(item));
    } catch (RuntimeException failure) {
      failed.send(failure);
    }
  }

  private void book(Request request, OptionalInt price) throws InterruptedException {
    Order order = request.order();
    if (price.isEmpty()) {
      answer(request, new Receipt.Refused("there is no " + order.item()));
      return;
    }
    long amount = order.amount(price.getAsInt());
    balances.merge(order.customer(), amount, Long::sum);
    booked.incrementAndGet();
    answer(request, new Receipt.Booked(amount));
  }

  private void answer(Request request, Receipt receipt) throws InterruptedException {
    pending.decrementAndGet();
    request.receipt().send(receipt);
  }

  private void report() {
    for (Instant _ : Ticker.every(SUMMARY_PERIOD, clock).channel()) {
      if (!running) {
        return;
      }
      summaries.tryReceive();
      summaries.trySend(new Summary(booked.get()));
    }
  }

  @Override
  public Map<String, Long> balances() {
    if (!running) {
      throw new IllegalStateException("the desk is closed");
    }
    return Map.copyOf(balances);
  }

  @Override
  public ReceiveChannel<Summary> summaries() {
    return summaries;
  }

  @Override
  public void close() {
    if (!running) {
      return;
    }
    running = false;
    try {
      for (int i = 0; i < SURELY_ENOUGH && pending.get() > 0; i++) {
        Thread.sleep(POLL); // they will see it by then
      }
    } catch (InterruptedException tooLate) {
      Thread.currentThread().interrupt();
    }
    summaries.close(); // the reporter has surely ended
  }
}
