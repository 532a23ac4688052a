package dev.sluice.market;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import dev.sluice.market.books.Books;
import dev.sluice.market.books.Entry;
import dev.sluice.market.model.Bar;
import dev.sluice.market.model.MarketView;
import dev.sluice.market.model.Quote;
import dev.sluice.market.model.Raw;
import dev.sluice.market.model.Stage;
import dev.sluice.market.source.Feed;
import dev.sluice.market.source.MarketClock;
import dev.sluice.market.source.Source;
import dev.sluice.market.source.SourceOrder;
import dev.sluice.market.stage.Aggregator;
import dev.sluice.market.stage.Breaker;
import dev.sluice.market.stage.Consumer;
import dev.sluice.market.stage.Filter;
import dev.sluice.market.stage.FilterOrder;
import dev.sluice.market.stage.FilterOrder.Subscribed;
import dev.sluice.market.stage.Gate;
import dev.sluice.market.stage.Normaliser;
import dev.sluice.market.stage.Outlet;
import dev.sluice.market.stage.Publisher;
import dev.sluice.market.stage.Verdict;
import dev.sluice.market.stage.Windows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A running pipeline. Its methods may be called by any thread. */
public final class Market {
  private static final int MOST = 256;
  private static final int BARS = 64;
  private static final int ORDERS = 16;

  private final MarketSettings settings;
  private final List<Source> sources;
  private final List<ConsumerSettings> consumers;
  private final MarketObserver observer;
  private final Clock clock;

  private final Scope market;
  private final Scope stages;
  private final Channel<Void> stop;
  private final Channel<Entry> inbox;
  private final Channel<FilterOrder> filterOrders;
  private final List<Channel<SourceOrder>> sourceOrders = new ArrayList<>();
  private final List<Channel<Duration>> works = new ArrayList<>();

  // What waits between the stages.
  private final List<Channel<Raw>> fed = new ArrayList<>();
  private final List<Channel<Raw>> raws = new ArrayList<>();
  private final List<Channel<Verdict>> verdicts = new ArrayList<>();
  private final Channel<Quote> quotes;
  private final Channel<Quote> ticks;
  private final Channel<Bar> bars;
  private final List<Channel<Bar>> queues = new ArrayList<>();

  // The stages: each its process's alone until that has ended.
  private final Books books;
  private final List<Feed> feeds = new ArrayList<>();
  private final List<Gate> gates = new ArrayList<>();
  private final List<Normaliser> normalisers = new ArrayList<>();
  private final Filter filter;
  private final Aggregator aggregator;
  private final List<Outlet> outlets = new ArrayList<>();
  private final Publisher publisher;
  private final List<Consumer> takers = new ArrayList<>();

  private Market(
      Scope root,
      MarketSettings settings,
      List<Source> sources,
      List<ConsumerSettings> consumers,
      MarketObserver observer) {
    this.settings = settings;
    this.sources = List.copyOf(sources);
    this.consumers = List.copyOf(consumers);
    this.observer = observer;
    this.clock = root.clock();
    this.market = root.child("market");
    this.stages = market.child("stages");
    this.stop = stages.port("stop", 0);
    this.inbox = market.port("books", 1_024);
    this.filterOrders = stages.port("filter-orders", ORDERS);
    this.quotes = stages.channel("filter", settings.capacity());
    this.ticks = stages.channel("aggregate", settings.capacity());
    this.bars = stages.channel("publish", BARS);
    openChannels();
    this.books = new Books(plan(), inbox, clock);

    MarketClock time = MarketClock.start(stages, inStep(), settings.slice(), settings.paced());
    for (int i = 0; i < sources.size(); i++) {
      Scope helpers = stages.child("source-" + sources.get(i).name());
      feeds.add(new Feed(helpers, i, fed.get(i), stop, sourceOrders.get(i), time));
      var breaker = new Breaker(settings.cap(), settings.breaker(), clock.nanos());
      gates.add(new Gate(i, fed.get(i), verdicts.get(i), raw(i), inbox, clock, breaker));
    }
    for (int part = 0; part < settings.normalisers(); part++) {
      normalisers.add(new Normaliser(part, raws.get(part), quotes, verdicts, inbox, clock));
    }
    this.filter =
        new Filter(
            sources.size(), quotes, filterOrders, ticks, inbox, clock, settings.subscribed());
    var windows =
        new Windows(
            settings.window(),
            settings.lateness(),
            settings.patience(),
            sources.size(),
            time.opened());
    this.aggregator = new Aggregator(sources.size(), ticks, bars, inbox, clock, windows);
    for (int i = 0; i < consumers.size(); i++) {
      outlets.add(new Outlet(queues.get(i), consumers.get(i).policy()));
      takers.add(taker(i));
    }
    this.publisher = new Publisher(bars, outlets, inbox, clock);
    startProcesses(time);
  }

  /**
   * Starts one.
   *
   * @param root where it lives, in scopes of its own; cancelling it ends all at once
   * @param settings how it is built
   * @param sources 1 to 256, each with a name of its own
   * @param consumers 1 to 256, each with a name of its own
   * @param observer sees each bar that a consumer takes
   * @return the pipeline; whoever has started it calls {@link #join}
   * @throws IllegalArgumentException there are none, too many, or two of a name
   */
  public static Market start(
      Scope root,
      MarketSettings settings,
      List<Source> sources,
      List<ConsumerSettings> consumers,
      MarketObserver observer) {
    require("sources", sources.stream().map(Source::name).toList());
    require("consumers", consumers.stream().map(ConsumerSettings::name).toList());
    return new Market(root, settings, sources, consumers, observer);
  }

  private static void require(String what, List<String> names) {
    if (names.isEmpty() || names.size() > MOST) {
      throw new IllegalArgumentException(
          "there are " + names.size() + " " + what + ", must be 1 to " + MOST);
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException("two " + what + " have the same name: " + names);
    }
  }

  private void openChannels() {
    for (Source source : sources) {
      fed.add(stages.channel("ingest-" + source.name(), settings.capacity()));
      verdicts.add(stages.channel("verdicts-" + source.name(), 1));
      sourceOrders.add(stages.port("orders-" + source.name(), ORDERS));
    }
    for (int part = 0; part < settings.normalisers(); part++) {
      raws.add(stages.channel("normalise-" + part, settings.capacity()));
    }
    for (ConsumerSettings consumer : consumers) {
      queues.add(stages.channel("queue-" + consumer.name(), consumer.capacity()));
      works.add(stages.port("work-" + consumer.name(), ORDERS));
    }
  }

  private Books.Plan plan() {
    return new Books.Plan(
        sources.stream().map(Source::name).toList(),
        consumers,
        Map.of(
            Stage.INGEST, fed,
            Stage.NORMALISE, raws,
            Stage.FILTER, List.of(quotes),
            Stage.AGGREGATE, List.of(ticks),
            Stage.PUBLISH, List.of(bars)),
        queues);
  }

  private List<Integer> inStep() {
    return IntStream.range(0, sources.size())
        .filter(i -> sources.get(i).goesInStep())
        .boxed()
        .toList();
  }

  /** A source is one normaliser's alone, so that its ticks stay in their order. */
  private Channel<Raw> raw(int source) {
    return raws.get(source % raws.size());
  }

  private Consumer taker(int index) {
    ConsumerSettings consumer = consumers.get(index);
    return new Consumer(
        index,
        consumer.name(),
        queues.get(index),
        works.get(index),
        inbox,
        clock,
        observer,
        consumer.work());
  }

  private void startProcesses(MarketClock time) {
    market.start("books", books::run);
    for (int i = 0; i < takers.size(); i++) {
      stages.start("consume-" + consumers.get(i).name(), takers.get(i)::run);
    }
    stages.start("publish", publisher::run);
    stages.start("aggregate", aggregator::run);
    stages.start("filter", this::runFilter);
    startGroup("normalise", normalisers.size(), part -> normalisers.get(part)::run, quotes);
    for (int part = 0; part < raws.size(); part++) {
      int mine = part;
      List<Gate> own =
          IntStream.range(0, gates.size())
              .filter(i -> i % raws.size() == mine)
              .mapToObj(gates::get)
              .toList();
      startGroup("ingest-" + part, own.size(), i -> own.get(i)::run, raws.get(part));
    }
    for (int i = 0; i < sources.size(); i++) {
      int source = i;
      stages.start("source-" + sources.get(i).name(), () -> runSource(source, time));
    }
  }

  /** Who sends to one channel together closes it together: when the last has ended. */
  private void startGroup(String name, int size, IntFunction<Scope.Body> body, SendChannel<?> out) {
    Scope group = stages.child(name);
    for (int i = 0; i < size; i++) {
      group.start(name + "-" + i, body.apply(i));
    }
    stages.start(
        name,
        () -> {
          group.join();
          out.close();
        });
  }

  private void runFilter() throws InterruptedException {
    try {
      filter.run();
    } finally {
      filterOrders.tryClose();
      for (FilterOrder order = filterOrders.tryReceive();
          order != null;
          order = filterOrders.tryReceive()) {
        switch (order) {
          case FilterOrder.Subscribe(_, _, var reply) -> reply.fail(ended());
          case FilterOrder.Subscriptions(var reply) -> reply.fail(ended());
        }
      }
    }
  }

  private void runSource(int index, MarketClock time) throws Exception {
    Feed feed = feeds.get(index);
    sources.get(index).run(feed);
    feed.scope().join();
    time.leave(index);
    fed.get(index).close();
    sourceOrders.get(index).tryClose();
    inbox.send(new Entry.SourceEnded(index));
  }

  private static ChannelClosedException ended() {
    return new ChannelClosedException("the market has ended");
  }

  /**
   * {@return what one sees of it now; fails with {@link ChannelClosedException} when it has ended,
   * with {@link IllegalStateException} when too many look at once}
   */
  public Reply<MarketView> look() {
    var reply = new Reply<MarketView>();
    ask(inbox, new Entry.Look(reply), reply);
    return reply;
  }

  /** {@return the symbols that pass; fails as {@link #look} does} */
  public Reply<Subscribed> subscriptions() {
    var reply = new Reply<Subscribed>();
    ask(filterOrders, new FilterOrder.Subscriptions(reply), reply);
    return reply;
  }

  /**
   * Lets a symbol through, or no more.
   *
   * @param symbol 1 to 16 characters
   * @param on whether it is to pass
   * @return whether that changed anything; in effect for every tick that comes to the filter after
   *     the reply. Fails as {@link #look} does
   * @throws IllegalArgumentException {@code symbol} is empty or too long
   */
  public Reply<Boolean> subscribe(String symbol, boolean on) {
    if (symbol.isEmpty() || symbol.length() > 16) {
      throw new IllegalArgumentException(
          "symbol has " + symbol.length() + " characters, must have 1 to 16");
    }
    var reply = new Reply<Boolean>();
    ask(filterOrders, new FilterOrder.Subscribe(symbol, on, reply), reply);
    return reply;
  }

  private static <T> void ask(SendChannel<T> of, T question, Reply<?> reply) {
    try {
      if (!of.trySend(question)) {
        reply.fail(new IllegalStateException("too many ask at once"));
      }
    } catch (ChannelClosedException closed) {
      reply.fail(ended());
    }
  }

  /**
   * Tells a source something.
   *
   * @param source its name
   * @param order what
   * @return false when it still has to look at earlier orders, or has ended
   * @throws NoSuchElementException there is no such source
   */
  public boolean order(String source, SourceOrder order) {
    return tell(sourceOrders, sources.stream().map(Source::name).toList(), "source", source, order);
  }

  /**
   * Makes a consumer slower, or quicker.
   *
   * @param consumer its name
   * @param work how long it takes for a bar from now on, zero to a minute
   * @return false when it still has to look at earlier orders, or has ended
   * @throws NoSuchElementException there is no such consumer
   * @throws IllegalArgumentException {@code work} is out of its range
   */
  public boolean work(String consumer, Duration work) {
    ConsumerSettings.requireWork(work);
    return tell(
        works, consumers.stream().map(ConsumerSettings::name).toList(), "consumer", consumer, work);
  }

  private static <T> boolean tell(
      List<Channel<T>> ports, List<String> names, String what, String name, T order) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new NoSuchElementException(
          "there is no " + what + " '" + name + "'; there are " + String.join(", ", names));
    }
    try {
      return ports.get(index).trySend(order);
    } catch (ChannelClosedException closed) {
      return false;
    }
  }

  /** Ends it in good order: the sources stop, what they sent goes through, windows are flushed. */
  public void stop() {
    stop.tryClose();
  }

  /**
   * Waits until it has ended: stopped, out of ticks, or cancelled. To be called once.
   *
   * @return what became of everything
   * @throws InterruptedException this thread was interrupted
   * @throws RuntimeException a process failed
   */
  public Conservation join() throws InterruptedException {
    boolean cancelled;
    try {
      stages.join();
    } finally {
      cancelled = stages.isCancelled();
      inbox.tryClose();
    }
    market.join();
    books.end();
    return new Reckoning(this, cancelled).conservation();
  }

  // For the reckoning, when all has ended.

  List<Feed> feeds() {
    return feeds;
  }

  List<Gate> gates() {
    return gates;
  }

  List<Normaliser> normalisers() {
    return normalisers;
  }

  Filter filter() {
    return filter;
  }

  Aggregator aggregator() {
    return aggregator;
  }

  Publisher publisher() {
    return publisher;
  }

  List<ConsumerSettings> consumers() {
    return consumers;
  }

  List<Outlet> outlets() {
    return outlets;
  }

  List<Consumer> takers() {
    return takers;
  }

  Books books() {
    return books;
  }

  List<Channel<Raw>> waiting(Stage stage) {
    return stage == Stage.INGEST ? fed : raws;
  }

  Channel<Quote> waitingForFilter() {
    return quotes;
  }

  Channel<Quote> waitingForAggregate() {
    return ticks;
  }

  Channel<Bar> waitingForPublish() {
    return bars;
  }

  List<Channel<Bar>> queues() {
    return queues;
  }
}
