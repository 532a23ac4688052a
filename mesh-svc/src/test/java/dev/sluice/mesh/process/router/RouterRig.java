package dev.sluice.mesh.process.router;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.FromWorker.Answer;
import dev.sluice.mesh.model.Group;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.Result;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterCounts;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.ToWorker.Delivery;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.mesh.process.Ask;
import dev.sluice.mesh.process.FlakyDialer;
import dev.sluice.mesh.process.Link;
import dev.sluice.mesh.process.LocalLink;
import dev.sluice.mesh.process.MeshStep;
import dev.sluice.mesh.process.RouterLook;
import dev.sluice.mesh.process.RouterSettings;
import dev.sluice.mesh.process.Told;
import dev.sluice.mesh.store.ScriptedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A router whose rounds are the test's, among a supervisor and workers that the test plays. */
final class RouterRig implements FlakyDialer.SupervisorEnd {
  static final String ROUTER = "router-0";
  static final String GROUP = "built-in";
  static final Duration HEARTBEAT = Duration.ofSeconds(1);
  static final Duration WAIT = Duration.ofSeconds(2);

  final VirtualClock clock = new VirtualClock();
  final ScriptedLog log = new ScriptedLog();
  final FlakyDialer dialer = new FlakyDialer();
  final List<RouterJoin> joins = new ArrayList<>();
  final List<Beat> beats = new ArrayList<>();
  final List<String> steps = new ArrayList<>();
  private final int shards;
  private final RouterSettings settings;
  private final List<LinkReader> readers = new ArrayList<>();
  private @Nullable Link<RouterOrder, RouterReport> control;
  private @Nullable Link<BeatAck, Beat> beating;
  boolean acknowledges = true;
  RouterPorts ports;
  RouterProcess router;

  RouterRig(int shards, RouterSettings settings) {
    this.shards = shards;
    this.settings = settings;
    dialer.listen(this);
    restart();
  }

  static RouterSettings settings(
      int inFlight, int perShard, long chars, int redeliveries, int knownIds, long knownChars) {
    return new RouterSettings(
        new RouterAddress(ROUTER, "localhost:9084"),
        0,
        null,
        100,
        inFlight,
        perShard,
        chars,
        redeliveries,
        knownIds,
        knownChars);
  }

  /** The router's process dies, and the next one has its log. */
  void restart() {
    readers.clear();
    dialer.cut(_ -> true, true);
    ports = RouterPorts.of(1_000);
    router =
        new RouterProcess(
            settings, ports, log, dialer, (_, step) -> steps.add(text(step)), clock, readers::add);
    dialer.listen(ROUTER, ports::join);
  }

  private static String text(MeshStep step) {
    return switch (step) {
      case MeshStep.Accept(_, var id) -> "accept " + id;
      case MeshStep.Deliver(_, var worker, var epoch, var id) ->
          "deliver " + worker.name() + " " + epoch + " " + id;
      case MeshStep.TakeBack(_, var id) -> "takeback " + id;
      case MeshStep.Answer(_, var worker, var epoch, var id) ->
          "answer " + worker.name() + " " + epoch + " " + id;
      case MeshStep.Drop(_, var worker, var epoch, var id) ->
          "drop " + worker.name() + " " + epoch + " " + id;
      case MeshStep.GiveUp(_, var id) -> "giveup " + id;
      case MeshStep.Restart _ -> "restart";
      default -> throw new AssertionError("not the router's step: " + step);
    };
  }

  /** All readers, then the router. */
  Duration round() {
    readers.removeIf(reader -> !reader.turn());
    Duration next = router.round();
    if (beating != null) {
      for (Beat beat = beating.in().tryReceive(); beat != null; beat = beating.in().tryReceive()) {
        beats.add(beat);
        if (acknowledges && !((Channel<?>) beating.out()).isClosedForSend()) {
          beating.out().trySend(new BeatAck(beat.number()));
        }
      }
    }
    return next;
  }

  void pass(Duration time) {
    clock.advance(time);
    round();
  }

  // The supervisor

  @Override
  public boolean join(WorkerJoin join, Link<WorkerOrder, WorkerReport> link) {
    return false;
  }

  @Override
  public boolean join(RouterJoin join, Link<RouterOrder, RouterReport> link) {
    joins.add(join);
    control = link;
    return true;
  }

  @Override
  public boolean beats(Link<BeatAck, Beat> link) {
    beating = link;
    return true;
  }

  /** The router joins, and hears of one group. */
  void welcome(String... ops) {
    round();
    order(new RouterOrder.Welcome(HEARTBEAT, shards));
    order(new RouterOrder.Groups(List.of(new Group(GROUP, new TreeSet<>(Arrays.asList(ops))))));
  }

  void order(RouterOrder order) {
    control.out().trySend(order);
    round();
  }

  void route(int shard, WorkerId owner, long epoch) {
    order(new RouterOrder.Route(new Slice(GROUP, shard), owner, epoch));
  }

  void fence(WorkerId worker) {
    order(new RouterOrder.Fence(worker));
  }

  boolean isSupervised() {
    return look().isSupervised();
  }

  List<RouterReport> reports() {
    var reports = new ArrayList<RouterReport>();
    control.in().drainTo(reports, Integer.MAX_VALUE);
    return reports;
  }

  boolean hasEnded() {
    return control.in().isClosedForReceive();
  }

  // Workers

  /** A worker, as the test plays it. */
  final class WorkerEnd {
    final WorkerId id;
    final Link<FromWorker, ToWorker> link;

    private WorkerEnd(WorkerId id, Link<FromWorker, ToWorker> link) {
      this.id = id;
      this.link = link;
    }

    /** The next message; null when there is none. */
    @Nullable ToWorker message() {
      return link.in().tryReceive();
    }

    /** All that it has been sent, pings apart. */
    List<Delivery> deliveries() {
      var all = new ArrayList<ToWorker>();
      link.in().drainTo(all, Integer.MAX_VALUE);
      return all.stream()
          .filter(ToWorker.Deliveries.class::isInstance)
          .flatMap(each -> ((ToWorker.Deliveries) each).deliveries().stream())
          .toList();
    }

    void answer(Delivery delivery, Result result) {
      answer(delivery.number(), delivery.epoch(), result);
    }

    void answer(long number, long epoch, Result result) {
      say(new FromWorker.Answers(List.of(new Answer(number, epoch, result))));
    }

    void reply(List<Delivery> deliveries, String reply) {
      deliveries.forEach(each -> answer(each, new Result.Replied(reply)));
    }

    void say(FromWorker message) {
      link.out().trySend(message);
      round();
    }

    boolean isCut() {
      return link.out().isClosedForSend();
    }

    void cut() {
      link.cut().run();
      round();
    }
  }

  WorkerEnd link(WorkerId worker, int window) {
    var link = dialer.work(settings.address(), new WorkerHello(worker, GROUP, window));
    var end = new WorkerEnd(worker, link);
    round();
    return end;
  }

  /** The router's end of a link that has just been made. */
  WorkerLink linkOf(WorkerEnd worker) {
    return readers.stream()
        .map(reader -> reader.link)
        .filter(link -> link.worker().equals(worker.id))
        .findFirst()
        .orElseThrow();
  }

  /** A link that takes only so many messages. */
  WorkerEnd narrowLink(WorkerId worker, int window, int room) {
    LocalLink<FromWorker, ToWorker> link = LocalLink.of(room);
    assertTrue(ports.join(new WorkerHello(worker, GROUP, window), link.dialled()));
    var end = new WorkerEnd(worker, link.dialling());
    round();
    return end;
  }

  // Callers

  Reply<Told> ask(Request request, Duration wait) {
    Reply<Told> reply = ports.ask(new Ask(request, wait));
    round();
    return reply;
  }

  Reply<Told> ask(Request request) {
    return ask(request, WAIT);
  }

  Told find(String id) {
    Reply<Told> reply = ports.find(id);
    round();
    round();
    return told(reply);
  }

  RouterLook look() {
    Reply<RouterLook> reply = ports.look();
    round();
    return reply.stage().toCompletableFuture().join();
  }

  RouterCounts counts() {
    return look().counts();
  }

  static Told told(Reply<Told> reply) {
    assertTrue(reply.isDone());
    return reply.stage().toCompletableFuture().join();
  }
}
