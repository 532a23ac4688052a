package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.store.EpochClock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** The supervisor, as those see it who use it. */
public final class Supervisor implements Topology {
  private static final int INBOX = 1024;

  private final SendChannel<SupervisorMessage> inbox;
  private final SendChannel<Boolean> stop;

  Supervisor(SupervisorProcess.Channels channels) {
    this.inbox = channels.inbox();
    this.stop = channels.stop();
  }

  /**
   * Starts it, and by the launcher the members that it is to launch.
   *
   * <p>No shard is given to anybody before the first router has joined: only routers know whether
   * the mesh has a past, in which a state may have been lost, and without one nobody asks.
   *
   * @param events learns what happens, on the supervisor's process; must not wait
   */
  public static Supervisor start(
      Scope scope,
      HeartbeatMonitor monitor,
      SupervisorSettings settings,
      Launcher launcher,
      EpochClock clock,
      Consumer<? super MeshEvent> events,
      MeshTrace trace)
      throws InterruptedException {
    Channel<SupervisorMessage> inbox = scope.port("supervisor", INBOX);
    Channel<SupervisorMessage.Beaten> beats = scope.channel("supervisor.beats", INBOX);
    Channel<Boolean> stop = scope.port("supervisor.stop", 1);
    var channels = new SupervisorProcess.Channels(beats, inbox, stop);
    var readers = new Readers(scope, beats, inbox);
    var process =
        new SupervisorProcess(
            settings, launcher, scope.clock(), clock, events, trace, channels, readers);
    Heartbeat heartbeat = monitor.watch("supervisor");
    scope.start(
        "supervisor",
        () -> {
          process.run(heartbeat);
          monitor.forget(heartbeat);
        });
    return new Supervisor(channels);
  }

  /**
   * A worker has dialled. Never waits.
   *
   * @return whether the supervisor takes the link; if not, it is to be cut
   */
  public boolean join(WorkerJoin join, Link<WorkerOrder, WorkerReport> link) {
    return offer(new SupervisorMessage.WorkerDials(join, link));
  }

  /** A router has dialled; as above. */
  public boolean join(RouterJoin join, Link<RouterOrder, RouterReport> link) {
    return offer(new SupervisorMessage.RouterDials(join, link));
  }

  /** A member's heartbeats; as above. */
  public boolean beats(Link<BeatAck, Beat> link) {
    return offer(new SupervisorMessage.BeatsDial(link));
  }

  @Override
  public CompletionStage<MeshView> view() {
    return ask(SupervisorMessage.Look::new);
  }

  @Override
  public CompletionStage<Watch> watch() {
    return ask(SupervisorMessage.Watch::new);
  }

  @Override
  public CompletionStage<Boolean> stall(String worker, Duration time) {
    return ask(reply -> new SupervisorMessage.Stall(worker, time, reply));
  }

  @Override
  public CompletionStage<Boolean> kill(String worker) {
    return ask(reply -> new SupervisorMessage.Kill(worker, reply));
  }

  /**
   * Ends the mesh in good order: asks the launched routers to end, when they have drained the
   * launched workers, then ends itself. Members that it has not launched go on, and wait for
   * another supervisor. It waits for as long as that takes; what has not ended when the scope is
   * cancelled is killed.
   */
  public void close() {
    stop.trySend(true); // no room: it has been told already
  }

  private <T> CompletionStage<T> ask(Function<Reply<T>, SupervisorMessage> question) {
    var reply = new Reply<T>();
    if (!offer(question.apply(reply))) {
      reply.fail(ended());
    }
    return reply.stage();
  }

  private boolean offer(SupervisorMessage message) {
    try {
      return inbox.trySend(message);
    } catch (ChannelClosedException ended) {
      return false;
    }
  }

  static IllegalStateException ended() {
    return new IllegalStateException("the supervisor has ended, or has too much before it");
  }
}
