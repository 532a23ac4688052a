package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.FromWorker.Answer;
import dev.sluice.mesh.model.Group;
import dev.sluice.mesh.model.Result;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A supervisor and workers that do what is asked of them at once, and nothing else. */
final class PromptMembers implements FlakyDialer.SupervisorEnd {
  private static final String GROUP = "built-in";
  private static final int WINDOW = 256;

  private final Scope scope;
  private final FlakyDialer dialer;
  private final int shards;
  private final List<WorkerId> workers = new ArrayList<>();
  private final List<RouterReport> reports = Collections.synchronizedList(new ArrayList<>());

  /** What workers wait for that are to do nothing; it never comes. */
  private final Channel<Boolean> never = Channel.rendezvous();

  private volatile boolean isPaused;

  PromptMembers(Scope scope, FlakyDialer dialer, int shards, int workers) {
    this.scope = scope;
    this.dialer = dialer;
    this.shards = shards;
    for (int i = 0; i < workers; i++) {
      this.workers.add(new WorkerId("worker-" + i, i + 1));
    }
  }

  /** Links every worker with that router. */
  void link(String router) {
    for (WorkerId worker : workers) {
      var hello = new WorkerHello(worker, GROUP, WINDOW);
      var link = dialer.work(new RouterAddress(router, "here"), hello);
      scope.start(worker.name(), () -> work(link));
    }
  }

  /** From now on the workers do nothing. */
  void pause() {
    isPaused = true;
  }

  /** What the router has said. */
  List<RouterReport> reports() {
    return reports;
  }

  private void work(Link<FromWorker, ToWorker> link) throws InterruptedException {
    try {
      for (ToWorker message = link.in().receiveOrNull();
          message != null;
          message = link.in().receiveOrNull()) {
        if (isPaused) {
          never.receive();
        }
        if (message instanceof ToWorker.Deliveries(var deliveries)) {
          var answers = new ArrayList<Answer>(deliveries.size());
          for (var each : deliveries) {
            answers.add(
                new Answer(
                    each.number(), each.epoch(), new Result.Replied(each.request().payload())));
          }
          link.out().send(new FromWorker.Answers(answers));
        }
      }
    } catch (ChannelClosedException _) {
      // the link has been cut
    }
  }

  @Override
  public boolean join(WorkerJoin join, Link<WorkerOrder, WorkerReport> link) {
    return false;
  }

  @Override
  public boolean join(RouterJoin join, @Nullable Link<RouterOrder, RouterReport> link) {
    link.out().trySend(new RouterOrder.Welcome(Duration.ofSeconds(1), shards));
    var ops = new TreeSet<>(List.of("echo"));
    link.out().trySend(new RouterOrder.Groups(List.of(new Group(GROUP, ops))));
    for (int shard = 0; shard < shards; shard++) {
      WorkerId owner = workers.get(shard % workers.size());
      link.out().trySend(new RouterOrder.Route(new Slice(GROUP, shard), owner, 1));
    }
    scope.start("supervisor", () -> link.in().forEach(reports::add));
    return true;
  }

  @Override
  public boolean beats(Link<BeatAck, Beat> link) {
    scope.start(
        "beats",
        () -> {
          for (Beat beat : link.in()) {
            link.out().trySend(new BeatAck(beat.number()));
          }
        });
    return true;
  }
}
