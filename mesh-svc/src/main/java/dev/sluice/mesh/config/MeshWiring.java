package dev.sluice.mesh.config;

import dev.sluice.csp.Channel;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.process.Dialer;
import dev.sluice.mesh.process.DurationText;
import dev.sluice.mesh.process.Launcher;
import dev.sluice.mesh.process.LocalDialer;
import dev.sluice.mesh.process.MeshTrace;
import dev.sluice.mesh.process.Operations;
import dev.sluice.mesh.process.Router;
import dev.sluice.mesh.process.RouterSettings;
import dev.sluice.mesh.process.ScopeLauncher;
import dev.sluice.mesh.process.Supervisor;
import dev.sluice.mesh.process.SupervisorSettings;
import dev.sluice.mesh.process.Topology;
import dev.sluice.mesh.process.Worker;
import dev.sluice.mesh.process.WorkerSettings;
import dev.sluice.mesh.remote.OsLauncher;
import dev.sluice.mesh.remote.RemoteTopology;
import dev.sluice.mesh.remote.link.Connections;
import dev.sluice.mesh.remote.link.GrpcDialer;
import dev.sluice.mesh.remote.link.ServerStreams;
import dev.sluice.mesh.store.MemoryShardStore;
import dev.sluice.mesh.store.RequestLog;
import dev.sluice.mesh.store.ShardStore;
import dev.sluice.service.Durations;
import dev.sluice.service.life.ServiceLife;
import dev.sluice.store.EpochClock;
import io.grpc.ManagedChannel;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Puts together what this process is of the mesh. */
@Singleton
public class MeshWiring {
  private static final Logger LOG = Logger.getLogger("dev.sluice.mesh");

  /** How long a router waits when it asks the supervisor how the mesh is. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How long a dialler may take to say who it is. */
  private static final Duration FIRST_WITHIN = Duration.ofSeconds(10);

  private static final String GROUP = "built-in";
  private static final int WORKERS_OF_ALL = 4;

  private final ServiceLife life;
  private final MeshConfig config;
  private final MeshScopes scopes;
  private final Identity identity;
  private final EventLog events;

  @Inject
  MeshWiring(
      ServiceLife life, MeshConfig config, MeshScopes scopes, Identity identity, EventLog events) {
    this.life = life;
    this.config = config;
    this.scopes = scopes;
    this.identity = identity;
    this.events = events;
  }

  /** Starts the members that live in this process. */
  @Produces
  @Singleton
  @Startup
  Mesh mesh() throws InterruptedException {
    check();
    Mesh mesh =
        switch (config.role()) {
          case ALL -> all();
          case SUPERVISOR -> supervisor();
          case ROUTER -> router();
          case WORKER -> worker();
        };
    scopes.endLinksAfterMembers();
    return mesh;
  }

  @Produces
  @Singleton
  Optional<Supervisor> supervisorOf(Mesh mesh) {
    return mesh.supervisor();
  }

  @Produces
  @Singleton
  Optional<Router> routerOf(Mesh mesh) {
    return mesh.router();
  }

  @Produces
  @Singleton
  Optional<Topology> topologyOf(Mesh mesh) {
    return mesh.topology();
  }

  /** Where others' links come in. */
  @Produces
  @Singleton
  ServerStreams streams() {
    return new ServerStreams(scopes.links(), config.links(), FIRST_WITHIN);
  }

  private void check() {
    if (config.shards() < workers()) {
      throw new ConfigurationException(
          "sluice.mesh.shards is "
              + config.shards()
              + ", must be at least sluice.mesh.workers, which is "
              + workers());
    }
    if (config.role() == Role.ALL && workers() == 0) {
      throw new ConfigurationException("sluice.mesh.workers is 0, must be 1 or more in role all");
    }
  }

  // Roles

  private Mesh all() throws InterruptedException {
    RouterAddress address = identity.router();
    RequestLog.Engine log = openLog(address);
    var dialer = new LocalDialer(List.of(address.name()));
    Scope workers = scopes.members().child("workers");
    var launcher =
        new ScopeLauncher(
            workers,
            (scope, name, launch) -> startWorker(scope, null, name, launch, null, dialer)::leave);
    Supervisor supervisor = startSupervisor(launcher, workers(), 0, false);
    Scope routing = scopes.members().child("router");
    Router router = startRouter(routing, address, null, log, dialer);
    dialer.meet(supervisor);
    dialer.meet(address.name(), router);
    life.onDrain(router::close);
    scopes
        .members()
        .start(
            "end of the supervisor",
            () -> {
              routing.join();
              supervisor.close();
            });
    return Mesh.of(supervisor, router);
  }

  private Mesh supervisor() throws InterruptedException {
    var launcher = new OsLauncher(scopes.members(), identity.launching());
    Supervisor supervisor = startSupervisor(launcher, workers(), config.routers(), true);
    life.onDrain(supervisor::close);
    return Mesh.of(supervisor);
  }

  private Mesh router() throws InterruptedException {
    RouterAddress address = identity.router();
    Router router =
        startRouter(scopes.members(), address, Identity.pid(), openLog(address), remoteDialer());
    life.onDrain(router::close);
    ManagedChannel connection = Connections.to(config.supervisor());
    life.onEnded(connection::shutdownNow);
    return Mesh.of(router, new RemoteTopology(connection, PATIENCE));
  }

  private Mesh worker() throws InterruptedException {
    Worker worker =
        startWorker(
            scopes.members(),
            life.monitor(),
            identity.worker(),
            config.launch(),
            Identity.pid(),
            remoteDialer());
    life.onDrain(worker::leave);
    return Mesh.ofWorker();
  }

  // Members

  private Supervisor startSupervisor(Launcher launcher, int workers, int routers, boolean gathers)
      throws InterruptedException {
    var restarts = config.restarts();
    return Supervisor.start(
        scopes.members(),
        life.monitor(),
        new SupervisorSettings(
            config.shards(),
            workers,
            routers,
            config.heartbeat(),
            gathers,
            config.members(),
            new SupervisorSettings.Restarts(
                restarts.backoff(), restarts.maxBackoff(), restarts.failures(), restarts.window())),
        launcher,
        new EpochClock(scopes.members().clock()),
        events,
        MeshTrace.NONE);
  }

  /** Before anything is started: a setting may be wrong. */
  private RequestLog.Engine openLog(RouterAddress address) throws InterruptedException {
    RequestLog.Engine log = LogWiring.open(life.monitor(), config, address.name());
    life.onEnded(log::close);
    return log;
  }

  private Router startRouter(
      Scope scope,
      RouterAddress address,
      @Nullable Long pid,
      RequestLog.Engine log,
      Dialer dialer) {
    return Router.start(
        scope,
        life.monitor(),
        new RouterSettings(
            address,
            config.launch(),
            pid,
            config.inbox(),
            config.inFlight(),
            config.inFlightPerShard(),
            config.inFlightChars(),
            config.redeliveries(),
            config.knownIds(),
            config.knownChars()),
        log,
        dialer,
        MeshTrace.NONE);
  }

  private Worker startWorker(
      Scope scope,
      @Nullable HeartbeatMonitor monitor,
      String name,
      long launch,
      @Nullable Long pid,
      Dialer dialer)
      throws InterruptedException {
    return Worker.start(
        scope,
        monitor,
        new WorkerSettings(name, GROUP, launch, pid, config.window()),
        Operations.builtIn(new DurationText(Durations::parse, Durations::format), config.caution()),
        this::store,
        dialer,
        pid == null ? why -> LOG.infof("%s has ended: %s", name, why) : this::ended,
        MeshTrace.NONE);
  }

  private ShardStore store(ShardState from) {
    int shards = config.shards();
    return new MemoryShardStore(
        Math.ceilDiv(config.maxKeys(), shards),
        Math.ceilDiv(config.maxAnswered(), shards),
        Math.ceilDiv(config.maxAnsweredChars(), shards),
        from);
  }

  /** A worker's process is nothing without its worker; who launched it starts another. */
  private void ended(String why) {
    if (life.isServing()) {
      LOG.warnf("the worker has ended: %s", why);
      Quarkus.asyncExit(1);
    }
  }

  private int workers() {
    return config.workers().orElse(config.role() == Role.ALL ? WORKERS_OF_ALL : 0);
  }

  // Links

  private Dialer remoteDialer() {
    return new GrpcDialer(scopes.links(), config.supervisor(), heard());
  }

  /** Of a member that was launched: it ends when nobody is there that could end it. */
  private Runnable heard() {
    if (config.launch() == 0) {
      return () -> {};
    }
    Channel<Boolean> heard = life.scope().port("supervisor.heard", 1);
    Duration orphaned = config.processes().orphaned();
    life.scope()
        .start(
            "orphan watch",
            () -> {
              while (heard.tryReceive(orphaned) != null) {
                // it is there
              }
              if (!heard.isClosedForReceive()) {
                LOG.warnf("no supervisor has been heard of for %s: the process ends", orphaned);
                Quarkus.asyncExit(1);
              }
            });
    life.onDrain(heard::tryClose);
    return () -> {
      if (!heard.isClosedForSend()) {
        heard.trySend(true);
      }
    };
  }
}
