package dev.sluice.market.source;

import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.Probe;
import dev.sluice.market.model.Raw;
import dev.sluice.market.model.RawTick;
import dev.sluice.market.model.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A source's side of the pipeline; owned by the source's process. */
public final class Feed {
  private static final long PROBE_EVERY = Duration.ofMillis(100).toNanos();

  private final Scope scope;
  private final Clock clock;
  private final int source;
  private final SendChannel<Raw> out;
  private final ReceiveChannel<Void> stop;
  private final ReceiveChannel<SourceOrder> orders;
  private final MarketClock market;
  private final Select pause;
  private final Select.ReceiveCase<Long> step;
  private final Select.AfterCase after;
  private long made;
  private long sent;
  private long nextProbe;

  /**
   * A feed.
   *
   * @param scope of the source's process; it may start processes there that help it
   * @param source the index of the source
   * @param out where its ticks go
   * @param stop is closed when it is to end
   * @param orders what it is told
   * @param market the time of those that go in step
   */
  public Feed(
      Scope scope,
      int source,
      SendChannel<Raw> out,
      ReceiveChannel<Void> stop,
      ReceiveChannel<SourceOrder> orders,
      MarketClock market) {
    this.scope = scope;
    this.clock = scope.clock();
    this.source = source;
    this.out = out;
    this.stop = stop;
    this.orders = orders;
    this.market = market;
    this.pause = Select.prioritised(clock);
    pause.receive(stop);
    this.step = pause.receive(market.steps(source));
    this.after = pause.after(null);
    this.nextProbe = clock.nanos();
  }

  /** {@return where helpers of the source may live} */
  public Scope scope() {
    return scope;
  }

  /** {@return the time of all} */
  public Clock clock() {
    return clock;
  }

  /** {@return whether the source is to end} */
  public boolean isStopped() {
    return stop.isClosedForReceive();
  }

  /** {@return fires, by being closed, when the source is to end; for those who select or help} */
  public ReceiveChannel<Void> stop() {
    return stop;
  }

  /**
   * Sends a tick; waits while the pipeline has no room for it.
   *
   * @param line in one of the formats, without line end; not to be changed afterwards
   * @param now the clock's nanoseconds
   * @throws InterruptedException the pipeline is cancelled
   */
  public void send(byte[] line, long now) throws InterruptedException {
    made++;
    out.send(new RawTick(source, line, now));
    sent++;
  }

  /**
   * Sends a probe when it is time for one. Whoever sends without ever pausing calls this now and
   * then.
   *
   * @param now the clock's nanoseconds
   * @throws InterruptedException the pipeline is cancelled
   */
  public void probe(long now) throws InterruptedException {
    if (now - nextProbe >= 0) {
      nextProbe = now + PROBE_EVERY;
      out.send(new Probe(source, List.of(new Probe.Passed(Stage.SOURCE, now, count()))));
    }
  }

  /**
   * Says that the ticks of the step before are sent, and waits for what is to be sent next. For
   * sources that {@link Source#goesInStep}.
   *
   * @return market time until which ticks are to be sent now, in nanoseconds since the market
   *     opened; -1 when the source is to end
   * @throws InterruptedException the pipeline is cancelled
   */
  public long step() throws InterruptedException {
    market.done(source);
    while (!isStopped()) {
      long now = clock.nanos();
      probe(now);
      after.in(Duration.ofNanos(Math.max(1, nextProbe - now)));
      Select.Case happened = pause.await();
      if (happened == step) {
        Long next = step.valueOrNull();
        return next == null ? -1 : next;
      }
    }
    return -1;
  }

  /** {@return the next of what the source was told; null when there is nothing} */
  public @Nullable SourceOrder order() {
    return orders.tryReceive();
  }

  /** {@return how long until {@link #probe} is to be called again; zero or less: at once} */
  public Duration untilProbe() {
    return Duration.ofNanos(nextProbe - clock.nanos());
  }

  /** {@return when the market opened: market time 0, in milliseconds since 1970} */
  public long opened() {
    return market.opened();
  }

  /** {@return what the source has done} */
  public Count count() {
    return new Count(made, sent, Map.of(), made - sent);
  }
}
