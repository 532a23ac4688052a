package dev.sluice.mesh.remote;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.process.Launcher;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts members as processes of the machine: this same program again, in another role. They do not
 * end with this process; the next supervisor's launcher can take them over.
 *
 * <p>A router has the same ports over all its restarts.
 */
public final class OsLauncher implements Launcher {
  private static final Logger LOG = Logger.getLogger(OsLauncher.class);
  private static final File NOTHING = new File("/dev/null");

  private final Scope scope;
  private final Settings settings;

  /** By the router's name. */
  private final Map<String, Ports> ports = new HashMap<>();

  /**
   * What can be set of it.
   *
   * @param program this one
   * @param supervisor where members reach it
   * @param workerOptions of each worker's JVM
   * @param routerOptions of each router's JVM
   * @param logs the folder with a file for each; null: they write where this process does
   * @param routers the ports of routers
   */
  public record Settings(
      Program program,
      String supervisor,
      List<String> workerOptions,
      List<String> routerOptions,
      @Nullable Path logs,
      RouterPorts routers) {}

  /**
   * Launches for one supervisor, and is called by its process only.
   *
   * @param scope where it starts them
   */
  public OsLauncher(Scope scope, Settings settings) {
    this.scope = scope;
    this.settings = settings;
  }

  @Override
  public Launched launch(Kind kind, String name, long launch, Consumer<String> ended) {
    var started = new Reply<ProcessHandle>();
    try {
      ProcessBuilder builder = builder(kind, name, launch);
      scope.start("start of " + name, () -> start(builder, name, started, ended));
    } catch (IOException failure) {
      ended.accept("it could not be started: " + failure.getMessage());
    } catch (CancellationException stopping) {
      ended.accept("it was not started, as the supervisor ends");
    }
    return new OsProcess(scope, name, null, started);
  }

  private static void start(
      ProcessBuilder builder, String name, Reply<ProcessHandle> started, Consumer<String> ended) {
    try {
      Process process = builder.start();
      LOG.infof("%s is started as process %d", name, process.pid());
      started.complete(process.toHandle());
      var _ = process.onExit().thenAccept(over -> ended.accept(howItEnded(over.exitValue())));
    } catch (IOException failure) {
      ended.accept("it could not be started: " + failure.getMessage());
    }
  }

  private static String howItEnded(int code) {
    return switch (code) {
      case 128 + 9 -> "its process was killed";
      default -> "its process has ended with exit code " + code;
    };
  }

  @Override
  public @Nullable Launched adopt(
      Kind kind, String name, long launch, long pid, Consumer<String> ended) {
    ProcessHandle process =
        ProcessHandle.of(pid).filter(each -> is(each, name, launch)).orElse(null);
    if (process == null) {
      return null;
    }
    var started = new Reply<ProcessHandle>();
    started.complete(process);
    LOG.infof("%s, process %d, is taken over", name, pid);
    var _ = process.onExit().thenRun(() -> ended.accept("its process has ended"));
    return new OsProcess(scope, name, pid, started);
  }

  /** A process's number may be another's by now. */
  private static boolean is(ProcessHandle process, String name, long launch) {
    List<String> arguments = List.of(process.info().arguments().orElse(new String[0]));
    return arguments.contains(setting("sluice.mesh.name", name))
        && arguments.contains(setting("sluice.mesh.launch", launch));
  }

  private ProcessBuilder builder(Kind kind, String name, long launch) throws IOException {
    var own = new ArrayList<String>();
    own.add(setting("sluice.mesh.role", kind == Kind.WORKER ? "worker" : "router"));
    own.add(setting("sluice.mesh.name", name));
    own.add(setting("sluice.mesh.launch", launch));
    own.add(setting("sluice.mesh.supervisor", settings.supervisor()));
    Ports listens = kind == Kind.WORKER ? Ports.ANY : portsOf(name);
    own.add(setting("quarkus.http.port", listens.http()));
    own.add(setting("quarkus.grpc.server.port", listens.grpc()));
    List<String> options =
        kind == Kind.WORKER ? settings.workerOptions() : settings.routerOptions();
    return redirected(new ProcessBuilder(settings.program().command(options, own)), name);
  }

  private Ports portsOf(String router) throws IOException {
    Ports known = ports.get(router);
    if (known != null) {
      return known;
    }
    Ports chosen = settings.routers().of(numberOf(router));
    ports.put(router, chosen);
    LOG.infof("%s listens on %d for HTTP and %d for gRPC", router, chosen.http(), chosen.grpc());
    return chosen;
  }

  /** Also when an earlier supervisor has started those before it. */
  private static int numberOf(String router) {
    return Integer.parseInt(router.substring(router.lastIndexOf('-') + 1));
  }

  private ProcessBuilder redirected(ProcessBuilder builder, String name) {
    builder.redirectInput(NOTHING).redirectErrorStream(true);
    Path logs = settings.logs();
    return builder.redirectOutput(
        logs == null
            ? ProcessBuilder.Redirect.INHERIT
            : ProcessBuilder.Redirect.appendTo(logs.resolve(name + ".log").toFile()));
  }

  private static String setting(String name, Object value) {
    return "-D" + name + "=" + value;
  }

  private record OsProcess(
      Scope scope, String name, @Nullable Long known, Reply<ProcessHandle> started)
      implements Launched {

    @Override
    public @Nullable Long pid() {
      return known;
    }

    @Override
    public void stop() {
      var _ = started.stage().thenAccept(ProcessHandle::destroy);
    }

    @Override
    public void kill() {
      var _ = started.stage().thenAccept(ProcessHandle::destroyForcibly);
    }

    @Override
    public void stall(Duration time) {
      try {
        scope.start("stall of " + name, () -> stallFor(time));
      } catch (CancellationException stopping) {
        LOG.debugf("%s is not stalled, as the supervisor ends", name);
      }
    }

    private void stallFor(Duration time) throws InterruptedException {
      ProcessHandle process = started.await();
      signal("STOP", process);
      try {
        scope.done().tryReceive(time);
      } finally {
        signal("CONT", process);
      }
    }

    /** Of a machine without a shell nobody can be stalled; that is no reason to fail. */
    private void signal(String signal, ProcessHandle process) {
      if (!process.isAlive()) {
        return;
      }
      try {
        new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
      } catch (IOException failure) {
        LOG.warnf("%s cannot be sent SIG%s: %s", name, signal, failure.getMessage());
      }
    }
  }
}
