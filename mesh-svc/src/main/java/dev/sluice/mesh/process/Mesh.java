package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.store.ShardState;
import dev.sluice.mesh.store.ShardStore;
import java.time.Duration;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** The mesh: a router, a supervisor and the workers, as processes of one JVM. */
public final class Mesh {
  /**
   * Beats of as many rounds as the supervisor may be behind before it forgives everybody anyway.
   */
  private static final int BEATS_PER_WORKER = 4;

  /** More who look at once are refused. */
  private static final int LOOKS = 64;

  private final Channel<Submit> router;
  private final Channel<Reply<RouterView>> looks;
  private final Channel<Report> supervisor;
  private final Operations operations;
  private final MeshSettings settings;

  private Mesh(
      Channel<Submit> router,
      Channel<Reply<RouterView>> looks,
      Channel<Report> supervisor,
      Operations operations,
      MeshSettings settings) {
    this.router = router;
    this.looks = looks;
    this.supervisor = supervisor;
    this.operations = operations;
    this.settings = settings;
  }

  /**
   * Starts the processes in the scope. Requests may be sent at once; they wait until their shard
   * has an owner.
   *
   * @param monitor watches the hearts of router and supervisor; the workers' is the mesh's own
   *     business
   * @param stores makes a worker's store for a shard, from what its owner before knew
   * @param events learns what happens to workers and shards; must not wait
   */
  public static Mesh start(
      Scope scope,
      HeartbeatMonitor monitor,
      MeshSettings settings,
      Operations operations,
      Function<ShardState, ShardStore> stores,
      Consumer<? super MeshEvent> events)
      throws InterruptedException {
    int shards = settings.shards();
    int workers = settings.workers();
    var bounds = settings.bounds();
    Channel<Submit> requests = scope.port("router", bounds.inbox());
    Channel<Reply<RouterView>> looks = scope.port("router.looks", LOOKS);
    Channel<Answer> answers = scope.channel("router.answers", workers * bounds.window());
    Channel<RouterCommand> commands = scope.channel("router.commands", 2 * (shards + workers));
    Channel<Report> reports = scope.channel("supervisor", 2 * (shards + workers));
    Channel<Beat> beats = scope.channel("supervisor.beats", BEATS_PER_WORKER * workers);

    var clock = scope.clock();
    var launcher = new ScopeLauncher(scope, settings, operations, stores, answers, reports, beats);
    var router = new Router(settings, requests, looks, answers, commands, reports, clock);
    var supervisor = new Supervisor(settings, launcher, beats, reports, commands, events, clock);
    start(scope, monitor, "router", router::run);
    start(scope, monitor, "supervisor", supervisor::run);
    return new Mesh(requests, looks, reports, operations, settings);
  }

  /** A process that beats. */
  private interface Body {
    void run(Heartbeat heartbeat) throws InterruptedException;
  }

  private static void start(Scope scope, HeartbeatMonitor monitor, String name, Body body)
      throws InterruptedException {
    Heartbeat heartbeat = monitor.watch(name);
    scope.start(
        name,
        () -> {
          body.run(heartbeat);
          monitor.forget(heartbeat);
        });
  }

  /**
   * Asks the owner of a key; never waits.
   *
   * @return gets the outcome
   * @throws Ask.Invalid what is asked is not possible
   * @throws ChannelClosedException the mesh takes no more
   */
  public Reply<Outcome> ask(Ask ask) {
    Duration maxWait = Objects.requireNonNullElse(ask.maxWait(), settings.waits().usual());
    if (!maxWait.isPositive() || maxWait.compareTo(settings.waits().max()) > 0) {
      throw new Ask.Invalid(
          "wait",
          maxWait,
          "must be more than 0 and at most " + settings.waits().max().toMillis() + "ms");
    }
    if (operations.find(ask.op()).isEmpty()) {
      throw new Ask.Invalid(
          "op", ask.op(), "must be one of " + String.join(", ", operations.names()));
    }
    var reply = new Reply<Outcome>();
    var request = new Request(ask.id(), ask.key(), ask.op(), ask.payload());
    if (!router.trySend(new Submit(request, maxWait, reply))) {
      reply.complete(new Outcome.Overloaded("too many requests wait for the router"));
    }
    return reply;
  }

  /** The longest wait there may be. */
  public Duration maxWait() {
    return settings.waits().max();
  }

  /** What a worker can be asked to do. */
  public SequencedSet<String> operations() {
    return operations.names();
  }

  /**
   * Asks router and supervisor how things are; never waits. They tell also while the mesh finishes
   * what it has accepted.
   *
   * @return the answer; fails at once when one of them has more before it than it takes, and with
   *     {@link ChannelClosedException} once the router has ended. One that hangs never answers, so
   *     ask with a time limit
   */
  public CompletionStage<MeshView> view() {
    var routers = new Reply<RouterView>();
    var supervisors = new Reply<SupervisorView>();
    try {
      if (!looks.trySend(routers) || !supervisor.trySend(new Report.Look(supervisors))) {
        return CompletableFuture.failedStage(
            new IllegalStateException("router or supervisor has too much before it"));
      }
    } catch (ChannelClosedException ended) {
      return CompletableFuture.failedStage(ended);
    }
    return supervisors.stage().thenCombine(routers.stage(), MeshView::new);
  }

  /**
   * Takes no more requests; those accepted are answered, healing goes on meanwhile, then the
   * processes end.
   */
  public void close() {
    router.tryClose();
  }
}
