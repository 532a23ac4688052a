package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.store.ShardStore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A worker, as those see it who start it. */
public final class Worker {
  private final Channel<Boolean> leave;

  private Worker(Channel<Boolean> leave) {
    this.leave = leave;
  }

  /**
   * Starts it: joins the supervisor, links with the routers that it names, runs what they deliver.
   * An {@link Error} of an operation is the end of it, and fails the scope.
   *
   * @param scope its own: it ends with it
   * @param monitor watches it too; null when that is the supervisor's business only
   * @param stores makes its store for a shard, from what its owner before knew
   * @param ended told once, when it has ended: why; on its process, must not wait
   */
  public static Worker start(
      Scope scope,
      @Nullable HeartbeatMonitor monitor,
      WorkerSettings settings,
      Operations operations,
      Function<ShardState, ShardStore> stores,
      Dialer dialer,
      Consumer<String> ended,
      MeshTrace trace)
      throws InterruptedException {
    Channel<Boolean> leave = scope.port(settings.name() + ".leave", 1);
    var shards = new OwnedShards(settings.group(), operations, stores, trace, scope.clock());
    var process = new WorkerProcess(scope, settings, operations, shards, dialer, leave);
    Heartbeat heart = monitor == null ? null : monitor.watch(settings.name());
    scope.start(
        settings.name(),
        () -> {
          run(process, heart, ended);
          if (monitor != null && heart != null) {
            monitor.forget(heart);
          }
        });
    return new Worker(leave);
  }

  /**
   * Hands its shards over and ends. When nobody takes them it stays, so end its scope after a time.
   * Does not wait; may be called by any thread, again too.
   */
  public void leave() {
    leave.trySend(true); // with no room it has been asked already
  }

  private static void run(WorkerProcess process, @Nullable Heartbeat heart, Consumer<String> ended)
      throws InterruptedException {
    String why = "cancelled";
    try {
      why = process.run(heart);
    } catch (RuntimeException | Error failure) {
      why = "died: " + failure;
      throw failure;
    } finally {
      ended.accept(why);
    }
  }
}
