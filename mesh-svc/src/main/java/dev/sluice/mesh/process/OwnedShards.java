package dev.sluice.mesh.process;

import dev.sluice.csp.Clock;
import dev.sluice.mesh.model.Answered;
import dev.sluice.mesh.model.KeyState;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.Result;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.StateKey;
import dev.sluice.mesh.model.ToWorker.Delivery;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.store.ShardStore;
import dev.sluice.mesh.store.StoreFullException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The shards that a worker owns, with all that it knows of them, and the running of requests on
 * them. A delivery of another epoch than that of the ownership is refused. Owned by the worker's
 * process.
 */
final class OwnedShards {
  private static final Result STALE = new Result.Stale();
  private static final Result CONFLICTS = new Result.Conflicts();

  private record Holding(Slice slice, long epoch, ShardStore store) {}

  private final String group;
  private final Operations operations;
  private final Function<ShardState, ShardStore> stores;
  private final MeshTrace trace;
  private final Clock clock;
  private final Map<Integer, Holding> holdings = new HashMap<>();

  OwnedShards(
      String group,
      Operations operations,
      Function<ShardState, ShardStore> stores,
      MeshTrace trace,
      Clock clock) {
    this.group = group;
    this.operations = operations;
    this.stores = stores;
    this.trace = trace;
    this.clock = clock;
  }

  void own(int shard, long epoch, ShardState state) {
    holdings.put(shard, new Holding(new Slice(group, shard), epoch, stores.apply(state)));
  }

  /** What is known of the shard; null when it is not owned in that epoch. */
  @Nullable ShardState content(int shard, long epoch) {
    Holding held = held(shard, epoch);
    return held == null ? null : held.store.content();
  }

  void release(int shard) {
    holdings.remove(shard);
  }

  void clear() {
    holdings.clear();
  }

  boolean isEmpty() {
    return holdings.isEmpty();
  }

  Map<Integer, Long> epochs() {
    var epochs = new HashMap<Integer, Long>();
    holdings.forEach((shard, held) -> epochs.put(shard, held.epoch));
    return Map.copyOf(epochs);
  }

  /** Answers from memory, or runs it. */
  Result result(WorkerId worker, Delivery delivery) throws InterruptedException {
    Holding held = held(delivery.shard(), delivery.epoch());
    if (held == null) {
      return STALE;
    }
    Request request = delivery.request();
    @Nullable Answered before = held.store.answered(request.id());
    if (before != null) {
      return before.fingerprint().equals(request.fingerprint())
          ? new Result.Replied(before.reply())
          : CONFLICTS;
    }
    trace.step(held.slice, new MeshStep.Run(worker, held.epoch, request.id()));
    Optional<Operation> operation = operations.find(request.op());
    return operation.isPresent()
        ? run(operation.get(), request, held.store)
        : new Result.Failed(worker.name() + " does not know this operation");
  }

  private Result run(Operation operation, Request request, ShardStore store)
      throws InterruptedException {
    var key = new StateKey(operation.name(), request.key());
    Instant now = clock.instant();
    try {
      var ran =
          operation.run(
              new Operation.Call(
                  request.key(), request.payload(), store.state(key, now), store.lostAt(), now));
      var next = ran.state() == null ? null : new KeyState(ran.state(), ran.until());
      store.keep(key, next, request.id(), new Answered(request.fingerprint(), ran.reply()), now);
      return new Result.Replied(ran.reply());
    } catch (StoreFullException full) {
      return new Result.Full(String.valueOf(full.getMessage()));
    } catch (IllegalArgumentException refused) {
      return new Result.Failed(String.valueOf(refused.getMessage()));
    } catch (RuntimeException fault) {
      return new Result.Faulty(fault.toString());
    }
  }

  private @Nullable Holding held(int shard, long epoch) {
    Holding held = holdings.get(shard);
    return held != null && held.epoch == epoch ? held : null;
  }
}
