package dev.sluice.cookbook.structured;

import dev.sluice.cookbook.orders.Order;
import dev.sluice.cookbook.orders.OrderDesk;
import dev.sluice.cookbook.orders.Prices;
import dev.sluice.cookbook.orders.Receipt;
import dev.sluice.cookbook.orders.Summary;
import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.DeadlineExceededException;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.Ticker;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The order desk as a tree of scopes.
 *
 * <pre>
 *   scope desk
 *     inbox --order--> pricer-1..3 --amount--> ledger --summary--> summaries
 *                          |
 *                scope lookup, with a deadline
 * </pre>
 *
 * <p>The balances are the ledger's and nobody else's. A look-up has a scope of its own, inside the
 * desk's, so that it ends at its deadline and with the desk, and fails without taking the desk
 * along. A request carries its reply, and whoever has the request in hand when the desk closes
 * answers it: nobody is told "closed" of an order that is booked.
 */
public final class StructuredDesk implements OrderDesk {
  private static final int PRICERS = 3;
  private static final int INBOX = 16;

  private record Request(Order order, Reply<Receipt> receipt) {}

  private sealed interface Entry {
    record Book(Request request, long amount) implements Entry {}

    record Ask(Reply<Map<String, Long>> balances) implements Entry {}
  }

  private final Prices prices;
  private final Scope scope;
  private final Channel<Request> inbox;
  private final Channel<Entry> entries;
  private final Channel<Summary> summaries;

  private StructuredDesk(Prices prices, Clock clock) {
    this.prices = prices;
    this.scope = Scope.open("desk", clock);
    this.inbox = scope.port("inbox", INBOX);
    this.entries = scope.port("entries", 0); // no entry is ever on its way
    this.summaries = scope.port("summaries", 1);
  }

  /**
   * Opens a desk.
   *
   * @param prices asked by several processes at once
   * @param clock by which it goes
   * @return a desk that takes orders, to be closed by the caller
   */
  public static StructuredDesk open(Prices prices, Clock clock) {
    var desk = new StructuredDesk(prices, clock);
    desk.scope.start("ledger", desk::keepLedger);
    for (int i = 1; i <= PRICERS; i++) {
      desk.scope.start("pricer-" + i, desk::price);
    }
    return desk;
  }

  @Override
  public Receipt submit(Order order) throws InterruptedException {
    var request = new Request(order, new Reply<>());
    return handIn(inbox, request) ? request.receipt().await() : Receipt.CLOSED;
  }

  @Override
  public Map<String, Long> balances() throws InterruptedException {
    var balances = new Reply<Map<String, Long>>();
    if (!handIn(entries, new Entry.Ask(balances))) {
      throw new IllegalStateException("the desk is closed");
    }
    return balances.await();
  }

  @Override
  public ReceiveChannel<Summary> summaries() {
    return summaries;
  }

  @Override
  public void close() {
    if (inbox.isClosedForSend()) {
      return;
    }
    try {
      scope.close(); // now nobody works on an order,
    } finally {
      inbox.close(); // now nobody can hand in another,
      Request left = inbox.tryReceive();
      while (left != null) { // and these are all that are left
        left.receipt().complete(Receipt.CLOSED);
        left = inbox.tryReceive();
      }
    }
  }

  /** Sends, unless the desk is closed. */
  private <T> boolean handIn(SendChannel<T> channel, T value) throws InterruptedException {
    var select = Select.prioritised();
    var closed = select.receive(scope.done());
    select.send(channel).value(value);
    try {
      return select.await() != closed;
    } catch (ChannelClosedException closedMeanwhile) {
      return false;
    }
  }

  // The pricers

  private void price() throws InterruptedException {
    for (Request request : inbox) {
      price(request);
    }
  }

  private void price(Request request) throws InterruptedException {
    Order order = request.order();
    try {
      OptionalInt price = lookUp(order.item());
      if (price.isPresent()) {
        entries.send(new Entry.Book(request, order.amount(price.getAsInt())));
      } else {
        request.receipt().complete(new Receipt.Refused("there is no " + order.item()));
      }
    } catch (InterruptedException | Error ending) {
      request.receipt().complete(Receipt.CLOSED);
      throw ending;
    } catch (DeadlineExceededException late) {
      request.receipt().complete(new Receipt.Refused("no price within " + PRICE_LIMIT));
    } catch (RuntimeException failed) {
      request
          .receipt()
          .complete(
              scope.isCancelled() ? Receipt.CLOSED : new Receipt.Refused("no price: " + failed));
    }
  }

  private OptionalInt lookUp(String item) throws InterruptedException {
    var price = new Reply<OptionalInt>();
    try (var lookup = scope.child("lookup of " + item).deadline(PRICE_LIMIT)) {
      lookup.start("lookup", () -> price.complete(prices.priceOf(item)));
      lookup.join();
    }
    return price.await();
  }

  // The ledger

  private void keepLedger() throws InterruptedException {
    var balances = new TreeMap<String, Long>();
    int booked = 0;
    try (var ticker = Ticker.every(SUMMARY_PERIOD, scope.clock())) {
      var select = Select.fair();
      var entry = select.receive(entries);
      select.receive(ticker.channel());
      while (true) {
        if (select.await() != entry) {
          summaries.tryReceive(); // one that nobody wanted
          summaries.trySend(new Summary(booked));
          continue;
        }
        switch (entry.value()) {
          case Entry.Book(Request request, long amount) -> {
            balances.merge(request.order().customer(), amount, Long::sum);
            booked++;
            request.receipt().complete(new Receipt.Booked(amount));
          }
          case Entry.Ask(Reply<Map<String, Long>> reply) -> reply.complete(Map.copyOf(balances));
        }
      }
    } finally {
      summaries.close();
    }
  }
}
