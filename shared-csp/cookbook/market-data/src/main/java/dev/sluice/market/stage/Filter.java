package dev.sluice.market.stage;

import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.Ticker;
import dev.sluice.market.books.Entry;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.Probe;
import dev.sluice.market.model.Quote;
import dev.sluice.market.model.Stage;
import dev.sluice.market.model.Tick;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The process that owns the subscriptions and lets pass what is subscribed to. */
public final class Filter {
  /** The most symbols that it keeps; what is more changes nothing. */
  public static final int MAX_SYMBOLS = 10_000;

  private final ReceiveChannel<Quote> in;
  private final ReceiveChannel<FilterOrder> orders;
  private final SendChannel<Quote> out;
  private final SendChannel<Entry> books;
  private final Clock clock;
  private final Tally tally;
  private final Batch<Quote> batch = new Batch<>();
  private final boolean all;

  /** Those that pass; when all do, those that do not. */
  private final Set<String> symbols = new HashSet<>();

  /**
   * A filter.
   *
   * @param sources how many there are
   * @param in from the normalisers
   * @param orders what it is asked
   * @param out to the aggregator; closed at the end
   * @param books told what was done
   * @param clock the time
   * @param subscribed the symbols that pass at first; null for all
   */
  public Filter(
      int sources,
      ReceiveChannel<Quote> in,
      ReceiveChannel<FilterOrder> orders,
      SendChannel<Quote> out,
      SendChannel<Entry> books,
      Clock clock,
      @Nullable Set<String> subscribed) {
    this.in = in;
    this.orders = orders;
    this.out = out;
    this.books = books;
    this.clock = clock;
    this.tally = new Tally(sources);
    this.all = subscribed == null;
    if (subscribed != null) {
      symbols.addAll(subscribed);
    }
  }

  /**
   * Runs until all ticks have passed.
   *
   * @throws InterruptedException it was cancelled
   */
  public void run() throws InterruptedException {
    try (var ticker = Ticker.every(Entry.EVERY, clock)) {
      var select = Select.fair(clock);
      var next = select.receive(in);
      var order = select.receive(orders);
      var tick = select.receive(ticker.channel());
      while (true) {
        Select.Case happened = select.await();
        if (happened == order) {
          obey(order.value());
        } else if (happened == tick) {
          report();
        } else if (next.isClosed()) {
          report();
          out.close();
          return;
        } else {
          batch.take(next.value(), in, Batch.MOST);
          pass();
        }
      }
    }
  }

  private void pass() throws InterruptedException {
    for (; batch.hasNext(); batch.done()) {
      switch (batch.current()) {
        case Tick tick -> pass(tick);
        case Probe probe ->
            out.send(probe.by(Stage.FILTER, clock.nanos(), tally.of(probe.source())));
      }
    }
  }

  private void pass(Tick tick) throws InterruptedException {
    tally.in(tick.source());
    if (all != symbols.contains(tick.symbol())) {
      out.send(tick);
      tally.out(tick.source());
    } else {
      tally.lost(tick.source(), Loss.UNSUBSCRIBED);
    }
  }

  private void obey(FilterOrder order) {
    switch (order) {
      case FilterOrder.Subscribe(String symbol, boolean on, var reply) ->
          reply.complete(on == all ? symbols.remove(symbol) : add(symbol));
      case FilterOrder.Subscriptions(var reply) ->
          reply.complete(new FilterOrder.Subscribed(all, symbols));
    }
  }

  private boolean add(String symbol) {
    return symbols.size() < MAX_SYMBOLS && symbols.add(symbol);
  }

  private void report() throws InterruptedException {
    books.send(new Entry.Progress(Stage.FILTER, 0, tally.total(0)));
  }

  /** {@return what it has done, when it has ended; what it had in hand is held} */
  public Count count() {
    return Rest.count(tally, batch, quote -> quote instanceof Tick tick ? tick.source() : -1);
  }
}
