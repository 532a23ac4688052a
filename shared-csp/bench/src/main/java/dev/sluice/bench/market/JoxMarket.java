package dev.sluice.bench.market;

import com.softwaremill.jox.Channel;
import dev.sluice.market.model.Bar;
import dev.sluice.market.model.RawTick;
import dev.sluice.market.model.Tick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The same stages on Jox's channels, a virtual thread each, as a program on Jox would have them.
 * (Jox's flows make a channel and a thread of each {@code buffer} too; their artifact does not
 * resolve where this is built.)
 */
final class JoxMarket implements Contestant {
  private final AtomicLong aggregated = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();

  @FunctionalInterface
  private interface Body {
    void run() throws InterruptedException;
  }

  @Override
  public double ticksPerSecond(int warmUpSeconds, int seconds) throws InterruptedException {
    start();
    Thread.sleep(Duration.ofSeconds(warmUpSeconds));
    long from = aggregated.get();
    long begin = System.nanoTime();
    Thread.sleep(Duration.ofSeconds(seconds));
    double perSecond = 1e9 * (aggregated.get() - from) / (System.nanoTime() - begin);
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
    return perSecond;
  }

  private void start() {
    long opened = System.currentTimeMillis();
    Channel<Tick> quotes = Channel.newBufferedChannel(Parts.CAPACITY);
    Channel<Tick> ticks = Channel.newBufferedChannel(Parts.CAPACITY);
    Channel<Bar> bars = Channel.newBufferedChannel(Parts.BARS);
    var raws = new ArrayList<Channel<RawTick>>();
    for (int part = 0; part < Parts.NORMALISERS; part++) {
      Channel<RawTick> raw = Channel.newBufferedChannel(Parts.CAPACITY);
      raws.add(raw);
      var reader = new Parts.Reader();
      process(() -> {
        while (true) {
          Tick tick = reader.read(raw.receive());
          if (tick != null) {
            quotes.send(tick);
          }
        }
      });
    }
    for (int i = 0; i < Parts.SOURCES; i++) {
      source(i, opened, raws.get(i % raws.size()));
    }
    process(() -> {
      while (true) {
        Tick tick = quotes.receive();
        if (Parts.passes(tick)) {
          ticks.send(tick);
        }
      }
    });
    var aggregate = new Parts.Aggregate(opened);
    process(() -> {
      while (true) {
        if (aggregate.add(ticks.receive())) {
          for (Bar bar = aggregate.bar(); bar != null; bar = aggregate.bar()) {
            bars.send(bar);
          }
        }
        if (aggregate.seen() % Parts.PER_LOOK == 0) {
          aggregated.set(aggregate.seen());
        }
      }
    });
    process(() -> {
      while (true) {
        bars.receive();
      }
    });
  }

  private void source(int index, long opened, Channel<RawTick> out) {
    Channel<RawTick> fed = Channel.newBufferedChannel(Parts.CAPACITY);
    var lines = new Parts.Lines(index, opened);
    process(() -> {
      while (true) {
        fed.send(lines.next());
      }
    });
    var gate = new Parts.In();
    process(() -> {
      while (true) {
        RawTick raw = fed.receive();
        if (gate.admits()) {
          out.send(raw);
        }
      }
    });
  }

  private void process(Body body) {
    threads.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                body.run();
              } catch (InterruptedException ended) {
                // as it was told
              }
            }));
  }
}
