package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import dev.sluice.mesh.store.ShardState;
import dev.sluice.mesh.store.ShardStore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Starts workers as processes of this JVM, each in a scope of its own, so that one's failure does
 * not end the others. A warden waits outside that scope and reports how it ended.
 *
 * <pre>
 *   scope
 *     process worker-1.warden       joins the scope worker-1, then reports
 *     scope worker-1                the process
 *     scope worker-1.links          its channels; gone as soon as it is cancelled, also when it hangs
 * </pre>
 */
final class ScopeLauncher implements Launcher {
  private final Scope scope;
  private final MeshSettings settings;
  private final Operations operations;
  private final Function<ShardState, ShardStore> stores;
  private final SendChannel<Answer> answers;
  private final SendChannel<Report> reports;
  private final SendChannel<Beat> beats;

  ScopeLauncher(
      Scope scope,
      MeshSettings settings,
      Operations operations,
      Function<ShardState, ShardStore> stores,
      SendChannel<Answer> answers,
      SendChannel<Report> reports,
      SendChannel<Beat> beats) {
    this.scope = scope;
    this.settings = settings;
    this.operations = operations;
    this.stores = stores;
    this.answers = answers;
    this.reports = reports;
    this.beats = beats;
  }

  @Override
  public Launched launch(String name, int incarnation) {
    Scope links = scope.child(name + ".links");
    Channel<WorkerCommand> commands = links.channel(name + ".commands", settings.shards());
    Channel<RouterToWorker> work = links.channel(name, settings.bounds().window());
    var worker =
        new Worker(
            name,
            incarnation,
            new WorkerLinks(commands, work, answers, reports, beats),
            operations,
            stores,
            settings.heartbeat(),
            scope.clock());
    Scope processes = scope.child(name);
    scope.start(name + ".warden", () -> watch(processes, worker, name, incarnation));
    return new InScope(commands, work, links, processes);
  }

  private void watch(Scope processes, Worker worker, String name, int incarnation)
      throws InterruptedException {
    Throwable failure = failureOf(processes, worker, name);
    reports.send(new Report.Ended(name, incarnation, failure));
  }

  private static @Nullable Throwable failureOf(Scope processes, Worker worker, String name)
      throws InterruptedException {
    try (processes) {
      processes.start(name, worker::run);
      processes.join();
      return null;
    } catch (InterruptedException cancelled) {
      throw cancelled;
    } catch (Throwable failure) { // whatever it died of is the supervisor's to answer
      return failure;
    }
  }

  private record InScope(
      SendChannel<WorkerCommand> commands,
      SendChannel<RouterToWorker> work,
      Scope links,
      Scope processes)
      implements Launched {

    @Override
    public void cancel() {
      processes.cancel();
      links.close();
    }
  }
}
