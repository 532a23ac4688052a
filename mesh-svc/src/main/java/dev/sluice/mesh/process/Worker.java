package dev.sluice.mesh.process;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Select;
import dev.sluice.mesh.process.Answer.Result;
import dev.sluice.mesh.process.RouterToWorker.Deliver;
import dev.sluice.mesh.store.Answered;
import dev.sluice.mesh.store.ShardState;
import dev.sluice.mesh.store.ShardStore;
import dev.sluice.mesh.store.StateKey;
import dev.sluice.mesh.store.StoreFullException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the requests of the shards it owns, one at a time and in the order of their delivery, and
 * keeps those shards' state. A delivery of another epoch than that of its ownership it refuses.
 *
 * <p>It beats between two requests: while an operation hangs there is no beat, and that is how the
 * supervisor knows.
 */
final class Worker {

  /** A shard that it owns. */
  private record Holding(long epoch, ShardStore store) {}

  private final String name;
  private final int incarnation;
  private final WorkerLinks links;
  private final Operations operations;
  private final Function<ShardState, ShardStore> stores;
  private final long heartbeat;
  private final Clock clock;
  private final Map<Integer, Holding> holdings = new HashMap<>();
  private long nextBeat;

  Worker(
      String name,
      int incarnation,
      WorkerLinks links,
      Operations operations,
      Function<ShardState, ShardStore> stores,
      Duration heartbeat,
      Clock clock) {
    this.name = name;
    this.incarnation = incarnation;
    this.links = links;
    this.operations = operations;
    this.stores = stores;
    this.heartbeat = heartbeat.toNanos();
    this.clock = clock;
    this.nextBeat = clock.nanos();
  }

  /** Runs until the router has closed the link and all that was delivered is answered. */
  void run() throws InterruptedException {
    var select = Select.prioritised(clock);
    var command = select.receive(links.commands());
    var work = select.receive(links.work());
    var due = select.after(beatIfDue());
    while (true) {
      var happened = select.await();
      if (happened == command) {
        handle(command.value());
      } else if (happened == work) {
        if (work.isClosed()) {
          return;
        }
        handle(work.value());
      }
      due.in(beatIfDue());
    }
  }

  /**
   * Says that it lives, once an interval. A beat that finds no room is not missed: others are
   * there.
   *
   * @return how long until the next beat
   */
  Duration beatIfDue() {
    long now = clock.nanos();
    if (now - nextBeat >= 0) {
      links.beats().trySend(new Beat(name, incarnation));
      nextBeat = now + heartbeat;
    }
    return Duration.ofNanos(nextBeat - now);
  }

  void handle(WorkerCommand command) throws InterruptedException {
    switch (command) {
      case WorkerCommand.Own(int shard, long epoch, ShardState state) -> {
        holdings.put(shard, new Holding(epoch, stores.apply(state)));
        links.reports().send(new Report.Owned(name, incarnation, shard, epoch));
      }
      case WorkerCommand.Release(int shard, long epoch) -> {
        Holding held = holdings.get(shard);
        if (held != null && held.epoch == epoch) {
          holdings.remove(shard);
          ShardState state = held.store.content();
          links.reports().send(new Report.Released(name, incarnation, shard, epoch, state));
        }
      }
    }
  }

  void handle(RouterToWorker message) throws InterruptedException {
    switch (message) {
      case Deliver delivery ->
          links.answers().send(new Answer(name, incarnation, delivery.number(), result(delivery)));
    }
  }

  private Result result(Deliver delivery) throws InterruptedException {
    Holding held = holdings.get(delivery.shard());
    if (held == null || held.epoch != delivery.epoch()) {
      return new Result.Stale();
    }
    Request request = delivery.request();
    @Nullable Answered before = held.store.answered(request.id());
    if (before != null) {
      return before.fingerprint().equals(request.fingerprint())
          ? new Result.Replied(before.reply())
          : new Result.Conflicts();
    }
    Optional<Operation> operation = operations.find(request.op());
    return operation.isPresent()
        ? run(operation.get(), request, held.store)
        : new Result.Failed(name + " does not know this operation");
  }

  private static Result run(Operation operation, Request request, ShardStore store)
      throws InterruptedException {
    var key = new StateKey(operation.name(), request.key());
    try {
      var ran =
          operation.run(new Operation.Call(request.key(), request.payload(), store.state(key)));
      var answered = new Answered(request.fingerprint(), ran.reply());
      store.keep(key, ran.state(), request.id(), answered);
      return new Result.Replied(ran.reply());
    } catch (StoreFullException full) {
      return new Result.Full(String.valueOf(full.getMessage()));
    } catch (IllegalArgumentException refused) {
      return new Result.Failed(String.valueOf(refused.getMessage()));
    } catch (RuntimeException fault) {
      return new Result.Faulty(fault);
    }
  }
}
