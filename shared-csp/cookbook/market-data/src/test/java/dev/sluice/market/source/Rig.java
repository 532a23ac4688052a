package dev.sluice.market.source;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.market.model.Probe;
import dev.sluice.market.model.Raw;
import dev.sluice.market.model.RawTick;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source that runs by itself, as fast as the test takes its ticks. */
final class Rig implements AutoCloseable {
  final VirtualClock clock = new VirtualClock();
  final Scope scope = Scope.open("rig", clock);
  final Channel<Raw> out;
  final Channel<Void> stop = scope.port("stop", 0);
  final Channel<SourceOrder> orders = scope.port("orders", 16);
  final List<Probe> probes = new ArrayList<>();
  final long opened;
  private final Source source;
  private final MarketClock market;
  private long taken;

  Rig(Source source, Duration slice, int capacity) {
    this.source = source;
    out = scope.port("out", capacity);
    market = MarketClock.start(scope, source.goesInStep() ? List.of(0) : List.of(), slice, false);
    opened = market.opened();
  }

  static Rig of(Source source) {
    return new Rig(source, Duration.ofMillis(10), 64).start();
  }

  Rig start() {
    var feed = new Feed(scope.child("helpers"), 0, out, stop, orders, market);
    scope.start(
        "source",
        () -> {
          source.run(feed);
          feed.scope().join();
          market.leave(0);
          out.close();
        });
    return this;
  }

  /** The next tick; null when the source has ended. A probe before it must count what came. */
  @Nullable RawTick next() throws InterruptedException {
    for (Raw raw = out.receiveOrNull(); raw != null; raw = out.receiveOrNull()) {
      switch (raw) {
        case RawTick tick -> {
          taken++;
          return tick;
        }
        case Probe probe -> {
          if (probe.passed().getFirst().count().out() != taken) {
            throw new AssertionError(taken + " came before " + probe);
          }
          probes.add(probe);
        }
      }
    }
    return null;
  }

  /** The next line; null when the source has ended. */
  @Nullable String line() throws InterruptedException {
    RawTick tick = next();
    return tick == null ? null : new String(tick.line(), StandardCharsets.ISO_8859_1);
  }

  List<String> lines(int many) throws InterruptedException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < many; i++) {
      lines.add(String.valueOf(line()));
    }
    return lines;
  }

  /** Stops the source, and takes what still comes. */
  void stopAndJoin() throws InterruptedException {
    stop.tryClose();
    while (next() != null) {}
    scope.join();
  }

  @Override
  public void close() {
    scope.close();
  }
}
