package dev.sluice.mesh.process;

import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.process.router.LinkReader;
import dev.sluice.mesh.process.router.RouterPorts;
import dev.sluice.mesh.process.router.RouterProcess;
import dev.sluice.mesh.store.RequestLog;

/** A router, as those see it who use it. */
public final class Router {
  private final RouterPorts ports;

  /**
   * @param ports of a process that somebody else runs
   */
  Router(RouterPorts ports) {
    this.ports = ports;
  }

  /**
   * Starts it: reads its log, joins the supervisor, and delivers again what the log says is
   * unanswered. Requests may be sent at once; they wait until their shard has an owner.
   *
   * @param scope has no other router
   * @param log its own; owned by the router's process from now on
   */
  public static Router start(
      Scope scope,
      HeartbeatMonitor monitor,
      RouterSettings settings,
      RequestLog.Engine log,
      Dialer dialer,
      MeshTrace trace) {
    var ports = RouterPorts.in(scope, settings.inbox());
    scope.start("router", () -> run(scope, monitor, settings, ports, log, dialer, trace));
    return new Router(ports);
  }

  /** Its heart is watched once it has read its log, which may take long. */
  private static void run(
      Scope scope,
      HeartbeatMonitor monitor,
      RouterSettings settings,
      RouterPorts ports,
      RequestLog.Engine log,
      Dialer dialer,
      MeshTrace trace)
      throws InterruptedException {
    var process =
        new RouterProcess(
            settings, ports, log, dialer, trace, scope.clock(), reader -> read(scope, reader));
    var heart = monitor.watch("router");
    process.run(heart);
    monitor.forget(heart);
  }

  private static void read(Scope scope, LinkReader reader) {
    scope.start("router.link", reader::run);
  }

  /**
   * Asks the owner of a key; never waits. A caller that hangs up abandons the reply; what was
   * accepted stays.
   *
   * @return the answer. Of a request whose wait runs out before it is known whether the log keeps
   *     it, one is told when that is known. Fails when the router's process is cancelled
   */
  public Reply<Told> ask(Ask ask) {
    return ports.ask(ask);
  }

  /**
   * Looks for a request by its id; told {@code Found}, {@code Unknown} or {@code LogFailed}.
   *
   * @return fails when too many ask at once, or the router has ended
   */
  public Reply<Told> find(String id) {
    return ports.find(id);
  }

  /**
   * How it is.
   *
   * @return fails when too many ask at once, or the router has ended
   */
  public Reply<RouterLook> look() {
    return ports.look();
  }

  /**
   * A worker has dialled. Never waits.
   *
   * @return whether the router takes the link; if not, it is to be cut
   */
  public boolean join(WorkerHello hello, Link<ToWorker, FromWorker> link) {
    return ports.join(hello, link);
  }

  /** Takes no more requests; those accepted are answered, then the process ends. */
  public void close() {
    ports.close();
  }
}
