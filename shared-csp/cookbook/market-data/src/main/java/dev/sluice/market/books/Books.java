package dev.sluice.market.books;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Reply;
import dev.sluice.market.ConsumerSettings;
import dev.sluice.market.model.BreakerState;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.MarketView;
import dev.sluice.market.model.MarketView.ConservationView;
import dev.sluice.market.model.MarketView.ConsumerView;
import dev.sluice.market.model.MarketView.Percentiles;
import dev.sluice.market.model.MarketView.SourceView;
import dev.sluice.market.model.MarketView.StageView;
import dev.sluice.market.model.Probe;
import dev.sluice.market.model.Stage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The process that keeps the books. Nobody waits for what it does but who looks: it sends nothing.
 *
 * <p><b>What is checked while ticks run.</b> Of every process: that each tick that it took was sent
 * on, lost for a reason, or is held ({@link Count#isBalanced}). Of every probe, ten times a second
 * for each source: that each stage has taken what the one before had sent, to the tick ({@link
 * Probe}).
 */
public final class Books {

  /**
   * What the books are kept of.
   *
   * @param sources the names, by their indexes
   * @param consumers by their indexes
   * @param inputs the channels in which ticks and bars wait for a stage
   * @param queues of the consumers, by their indexes
   */
  public record Plan(
      List<String> sources,
      List<ConsumerSettings> consumers,
      Map<Stage, List<? extends Channel<?>>> inputs,
      List<? extends Channel<?>> queues) {
    /** Keeps copies. */
    public Plan {
      sources = List.copyOf(sources);
      consumers = List.copyOf(consumers);
      inputs = Map.copyOf(inputs);
      queues = List.copyOf(queues);
    }
  }

  private final Plan plan;
  private final ReceiveChannel<Entry> inbox;
  private final Clock clock;
  private final Map<Stage, StageBook> stages = new EnumMap<>(Stage.class);
  private final List<SourceBook> sources = new ArrayList<>();
  private final List<ConsumerBook> consumers = new ArrayList<>();
  private long checks;
  private long faults;
  private String firstFault = "";

  /**
   * Empty books.
   *
   * @param plan what they are kept of
   * @param inbox what they are told
   * @param clock the time
   */
  public Books(Plan plan, ReceiveChannel<Entry> inbox, Clock clock) {
    this.plan = plan;
    this.inbox = inbox;
    this.clock = clock;
    long now = clock.nanos();
    for (Stage stage : Stage.values()) {
      stages.put(stage, new StageBook(now));
    }
    plan.sources().forEach(_ -> sources.add(new SourceBook(now)));
    plan.consumers().forEach(_ -> consumers.add(new ConsumerBook(now)));
  }

  private static final class StageBook {
    final Map<Integer, Count> parts = new HashMap<>();
    final Rate rate;
    final Recent latency;

    StageBook(long now) {
      rate = new Rate(now);
      latency = new Recent(now);
    }

    Count count() {
      return parts.values().stream().reduce(Count.NONE, Count::plus);
    }
  }

  private static final class SourceBook {
    Count made = Count.NONE;
    Count normalised = Count.NONE;
    final Rate rate;
    BreakerState breaker = BreakerState.CLOSED;
    boolean ended;

    SourceBook(long now) {
      rate = new Rate(now);
    }
  }

  private static final class ConsumerBook {
    Count offered = Count.NONE;
    long taken;
    final Rate rate;
    Percentiles endToEnd = Percentiles.NONE;

    ConsumerBook(long now) {
      rate = new Rate(now);
    }
  }

  /**
   * Runs until the inbox is closed.
   *
   * @throws InterruptedException it was cancelled
   */
  public void run() throws InterruptedException {
    for (Entry entry = inbox.receiveOrNull(); entry != null; entry = inbox.receiveOrNull()) {
      enter(entry);
    }
  }

  private void enter(Entry entry) {
    long now = clock.nanos();
    switch (entry) {
      case Entry.Progress(Stage stage, int part, Count count) -> progress(stage, part, count, now);
      case Entry.Offered(int consumer, Count count) -> {
        consumers.get(consumer).offered = count;
        check(count.isBalanced(), "publish to consumer " + consumer, count);
      }
      case Entry.Taken taken -> {
        ConsumerBook book = consumers.get(taken.consumer());
        book.taken = taken.taken();
        book.rate.sample(now, taken.taken(), taken.taken());
        book.endToEnd = taken.endToEnd();
      }
      case Entry.Arrived(Probe probe) -> arrived(probe, now);
      case Entry.BreakerMoved(int source, BreakerState state) ->
          sources.get(source).breaker = state;
      case Entry.SourceEnded(int source) -> sources.get(source).ended = true;
      case Entry.Look(Reply<MarketView> reply) -> reply.complete(view(now));
    }
  }

  private void progress(Stage stage, int part, Count count, long now) {
    check(count.isBalanced(), stage.label() + " " + part, count);
    StageBook book = book(stage);
    book.parts.put(part, count);
    Count sum = book.count();
    book.rate.sample(now, sum.in(), sum.out());
    if (stage == Stage.INGEST) {
      sources.get(part).made = count;
      sources.get(part).rate.sample(now, count.in(), count.out());
    }
  }

  private StageBook book(Stage stage) {
    return Objects.requireNonNull(stages.get(stage)); // each has one
  }

  private void arrived(Probe probe, long now) {
    for (int i = 0; i < probe.passed().size(); i++) {
      Probe.Passed passed = probe.passed().get(i);
      check(
          passed.count().isBalanced(),
          passed.stage().label() + ", source " + name(probe),
          passed.count());
      if (i > 0) {
        Probe.Passed before = probe.passed().get(i - 1);
        check(
            before.count().out() == passed.count().in(),
            passed.stage().label() + " after " + before.stage().label() + ", source " + name(probe),
            before.count().out() + " sent, " + passed.count().in() + " taken");
        book(passed.stage()).latency.record(passed.at() - before.at(), now);
      }
      if (passed.stage() == Stage.NORMALISE) {
        sources.get(probe.source()).normalised = passed.count();
      }
    }
  }

  private String name(Probe probe) {
    return plan.sources().get(probe.source());
  }

  private void check(boolean agrees, String where, Object what) {
    checks++;
    if (!agrees) {
      if (faults == 0) {
        firstFault = where + ": " + what;
      }
      faults++;
    }
  }

  private MarketView view(long now) {
    return new MarketView(
        now,
        stages.entrySet().stream().map(each -> view(each.getKey(), each.getValue(), now)).toList(),
        IntStream.range(0, sources.size()).mapToObj(i -> source(i, now)).toList(),
        IntStream.range(0, consumers.size()).mapToObj(i -> consumer(i, now)).toList(),
        new ConservationView(checks, faults, firstFault));
  }

  private StageView view(Stage stage, StageBook book, long now) {
    long depth = 0;
    long capacity = 0;
    for (Channel<?> input : plan.inputs().getOrDefault(stage, List.of())) {
      var stats = input.stats();
      depth += stats.depth();
      capacity += stats.capacity();
    }
    // What a source has made is told by its gate, which counts it when it comes.
    StageBook counted = stage == Stage.SOURCE ? book(Stage.INGEST) : book;
    Count count = counted.count();
    double in = counted.rate.in(now);
    return stage == Stage.SOURCE
        ? new StageView(
            stage, new Count(count.in(), count.in(), Map.of(), 0), in, in, 0, 0, Percentiles.NONE)
        : new StageView(
            stage,
            count,
            in,
            counted.rate.out(now),
            depth,
            capacity,
            counted.latency.percentiles(now));
  }

  private SourceView source(int index, long now) {
    SourceBook book = sources.get(index);
    var lost = new EnumMap<Loss, Long>(Loss.class);
    lost.putAll(book.made.lost());
    lost.putAll(book.normalised.lost());
    return new SourceView(
        plan.sources().get(index),
        book.made.in(),
        book.rate.in(now),
        new Count(book.made.in(), book.normalised.out(), lost, 0),
        book.breaker,
        book.ended);
  }

  private ConsumerView consumer(int index, long now) {
    ConsumerBook book = consumers.get(index);
    ConsumerSettings settings = plan.consumers().get(index);
    var stats = plan.queues().get(index).stats();
    Count offered = book.offered;
    long taken = Math.min(book.taken, offered.out());
    return new ConsumerView(
        settings.name(),
        settings.policy(),
        new Count(offered.in(), taken, offered.lost(), offered.in() - taken - offered.allLost()),
        book.rate.in(now),
        stats.depth(),
        stats.capacity(),
        book.endToEnd);
  }

  /**
   * Answers who still looks; the inbox is closed.
   *
   * @return how many faults there were
   */
  public long end() {
    for (Entry entry = inbox.tryReceive(); entry != null; entry = inbox.tryReceive()) {
      if (entry instanceof Entry.Look(Reply<MarketView> reply)) {
        reply.fail(new ChannelClosedException("the market has ended"));
      }
    }
    return faults;
  }

  /** {@return what the first fault was; empty when there was none} */
  public String firstFault() {
    return firstFault;
  }
}
