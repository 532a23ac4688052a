package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Links machines of a {@link SeededScheduler}: each message takes its time, a link can be held up
 * for a while, and when it breaks, what is under way is lost. Who dials a machine that is stopped
 * waits for it; who dials one that is not there gets a link that has ended.
 */
final class SimulatedNetwork {
  private static final int ROOM = 1_000;
  private static final Duration HELD = Duration.ofMillis(5);

  private final SeededScheduler.Machine machine;
  private final RandomGenerator random;
  private final Duration slowest;
  private final List<Cable> cables = new ArrayList<>();
  private final Map<String, Host<Router>> routers = new HashMap<>();
  private @Nullable Host<Supervisor> supervisor;
  private @Nullable Scope scope;
  private @Nullable Channel<Boolean> pause;

  /** Where something can be dialled. */
  private record Host<T>(SeededScheduler.Machine machine, T listens) {}

  /** A link, with both its ends. */
  static final class Cable {
    final SeededScheduler.Machine from;
    final SeededScheduler.Machine to;

    /** What it is for: "worker", "router", "beats" or "work". */
    final String kind;

    private final List<Channel<?>> channels = new ArrayList<>();
    private boolean isHeld;
    private boolean isCut;

    private Cable(SeededScheduler.Machine from, SeededScheduler.Machine to, String kind) {
      this.from = from;
      this.to = to;
      this.kind = kind;
    }

    boolean touches(SeededScheduler.Machine machine) {
      return from == machine || to == machine;
    }

    void cut() {
      isCut = true;
      channels.forEach(Channel::tryClose);
    }

    /** Nothing comes through until it is not held any more, but nobody is told either. */
    void hold(boolean held) {
      isHeld = held;
    }
  }

  /** Takes the dialled end; answers whether it does. */
  private interface Taker<T, A, B> {
    boolean takes(T listens, Link<B, A> link);
  }

  /**
   * @param slowest how long a message takes at most
   */
  SimulatedNetwork(SeededScheduler scheduler, RandomGenerator random, Duration slowest) {
    this.machine = scheduler.machine("network");
    this.random = random;
    this.slowest = slowest;
    machine.run(opened -> {
      scope = opened;
      pause = opened.channel("pause", 0);
      pause.receiveOrNull(); // for ever
    });
    scheduler.settle();
  }

  void listen(SeededScheduler.Machine host, Supervisor listens) {
    supervisor = new Host<>(host, listens);
  }

  void listen(SeededScheduler.Machine host, String router, Router listens) {
    routers.put(router, new Host<>(host, listens));
  }

  /** The machine is dead: nobody there answers, and its links break. */
  void disconnect(SeededScheduler.Machine dead) {
    if (supervisor != null && supervisor.machine == dead) {
      supervisor = null;
    }
    routers.values().removeIf(host -> host.machine == dead);
    cables(cable -> cable.touches(dead)).forEach(Cable::cut);
  }

  /** The links that are there. */
  List<Cable> cables(Predicate<Cable> which) {
    cables.removeIf(cable -> cable.isCut);
    return cables.stream().filter(which).toList();
  }

  /** Dials for the processes of a machine. */
  Dialer from(SeededScheduler.Machine from) {
    return new Dialer() {
      @Override
      public Link<WorkerReport, WorkerOrder> join(WorkerJoin join) {
        return dial(from, supervisor, "worker", (to, link) -> to.join(join, link));
      }

      @Override
      public Link<RouterReport, RouterOrder> join(RouterJoin join) {
        return dial(from, supervisor, "router", (to, link) -> to.join(join, link));
      }

      @Override
      public Link<Beat, BeatAck> beats() {
        return dial(from, supervisor, "beats", Supervisor::beats);
      }

      @Override
      public Link<FromWorker, ToWorker> work(RouterAddress router, WorkerHello hello) {
        return dial(from, routers.get(router.name()), "work", (to, link) -> to.join(hello, link));
      }
    };
  }

  private <T, A, B> Link<A, B> dial(
      SeededScheduler.Machine from, @Nullable Host<T> to, String kind, Taker<T, A, B> taker) {
    var cable = new Cable(from, to == null ? machine : to.machine, kind);
    Channel<A> there = channel(cable);
    Channel<A> thereIn = channel(cable);
    Channel<B> back = channel(cable);
    Channel<B> backIn = channel(cable);
    var dialling = new Link<A, B>(there, backIn, cable::cut);
    if (to == null) {
      cable.cut();
      return dialling;
    }
    cables.add(cable);
    machine.start(() -> carry(cable, there, thereIn));
    machine.start(() -> carry(cable, back, backIn));
    to.machine.start(() -> {
      if (!taker.takes(to.listens, new Link<>(back, thereIn, cable::cut))) {
        cable.cut();
      }
    });
    return dialling;
  }

  private static <M> Channel<M> channel(Cable cable) {
    Channel<M> channel = Channel.buffered(ROOM);
    cable.channels.add(channel);
    return channel;
  }

  /** Carries one direction, in order. */
  private <M> void carry(Cable cable, ReceiveChannel<M> from, SendChannel<M> to) {
    try {
      for (M message = from.receiveOrNull(); message != null; message = from.receiveOrNull()) {
        long latency = random.nextLong(2 * slowest.toNanos()) - slowest.toNanos();
        pause(Duration.ofNanos(latency));
        while (cable.isHeld && !cable.isCut) {
          pause(HELD);
        }
        if (cable.isCut) {
          return;
        }
        to.send(message);
      }
      to.tryClose();
    } catch (InterruptedException | ChannelClosedException _) {
      cable.cut();
    }
  }

  /** Zero or less: not at all. */
  private void pause(Duration time) throws InterruptedException {
    if (pause != null && time.isPositive()) {
      pause.tryReceive(time);
    }
  }

  /** Ends it. */
  void close() {
    cables.forEach(Cable::cut);
    if (scope != null) {
      scope.cancel();
    }
  }
}
