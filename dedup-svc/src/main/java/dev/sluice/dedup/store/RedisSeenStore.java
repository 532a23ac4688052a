package dev.sluice.dedup.store;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.redis.RedisAnswer;
import dev.sluice.store.redis.RedisLanes;
import dev.sluice.store.redis.RedisRequest;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps seen keys in Redis or Valkey, so that any number of instances share them: one call of one
 * script an operation, at the server's time, and a batch is one pipeline to each node.
 *
 * <p>The server's time has microseconds, and so have the windows. It is the time of day: a step of
 * it forward ends windows early, a step back makes them longer. A window ends to the microsecond;
 * the key itself is gone within the millisecond after.
 *
 * <p>A count is of windows by the bucket of time in which they end, each of a hundred and
 * twenty-eighth to a sixty-fourth of the {@code ttl}, and of half a second at least. Until its
 * bucket is over a window that has ended is still counted.
 */
public final class RedisSeenStore implements SeenStore {
  private final RedisLanes lanes;
  private final RedisKeys keys;
  private final List<Integer> counted;

  /**
   * @param lanes the ways to Redis
   * @param keys what keys are called there
   * @param shard which of the shards this is the store of
   * @param shards how many there are: each counts its share of a namespace
   */
  public RedisSeenStore(RedisLanes lanes, RedisKeys keys, int shard, int shards) {
    this.lanes = lanes;
    this.keys = keys;
    this.counted =
        IntStream.range(0, RedisKeys.PARTS).filter(part -> part % shards == shard).boxed().toList();
  }

  @Override
  public void submit(SeenOperation operation, long now, Consumer<? super SeenOutcome> answer) {
    switch (operation) {
      case SeenOperation.See(SeenKey key, _, _) -> submit(operation, key, now, answer);
      case SeenOperation.Peek(SeenKey key) -> submit(operation, key, now, answer);
      case SeenOperation.Forget(SeenKey key) -> submit(operation, key, now, answer);
      case SeenOperation.Count(String namespace) -> count(namespace, now, answer);
    }
  }

  private void submit(
      SeenOperation operation, SeenKey key, long now, Consumer<? super SeenOutcome> answer) {
    RedisKeys.Place place = keys.placeOf(key.namespace(), key.key());
    lanes.submit(new Submitted(new RedisSeenOperation(operation, place), answer), now);
  }

  private void count(String namespace, long now, Consumer<? super SeenOutcome> answer) {
    if (counted.isEmpty()) {
      answer.accept(new SeenOutcome.Counted(0));
      return;
    }
    var sum = new Sum(counted.size(), answer);
    for (int part : counted) {
      String key = RedisSeenOperation.countsKey(RedisKeys.tag(part, namespace));
      lanes.submit(new PartCount(key, sum), now);
    }
  }

  @Override
  public void flush() {
    lanes.flush();
  }

  @Override
  public void collect() {
    lanes.collect();
  }

  @Override
  public boolean isWaiting() {
    return lanes.isWaiting();
  }

  /** Redis itself forgets. */
  @Override
  public long sweep(long now) {
    return lanes.sweep(now);
  }

  @Override
  public StoreStatus status() {
    return lanes.status(0);
  }

  /** One operation on a key, on its way. */
  private record Submitted(RedisSeenOperation operation, Consumer<? super SeenOutcome> answer)
      implements RedisRequest {
    @Override
    public String key() {
      return operation.key();
    }

    @Override
    public Call call(boolean whole) {
      return operation.call(whole);
    }

    @Override
    public void answered(RedisAnswer answered) {
      answer.accept(operation.outcome(answered));
    }

    @Override
    public void failed(StoreFailure failure) {
      answer.accept(new SeenOutcome.Failed(failure));
    }
  }

  /** The parts of a count, until all have come. */
  private static final class Sum {
    private final Consumer<? super SeenOutcome> answer;
    private @Nullable StoreFailure failure; // the first
    private int open;
    private long keys;

    Sum(int parts, Consumer<? super SeenOutcome> answer) {
      this.open = parts;
      this.answer = answer;
    }

    void add(long some) {
      keys += some;
      settled();
    }

    void fail(StoreFailure why) {
      failure = failure == null ? why : failure;
      settled();
    }

    private void settled() {
      open--;
      if (open == 0) {
        answer.accept(
            failure == null ? new SeenOutcome.Counted(keys) : new SeenOutcome.Failed(failure));
      }
    }
  }

  /** The count of one part of a namespace, on its way. */
  private record PartCount(String key, Sum sum) implements RedisRequest {
    @Override
    public Call call(boolean whole) {
      return new Call(SeenScripts.COUNT, whole, List.of(key), List.of());
    }

    @Override
    public void answered(RedisAnswer answer) {
      sum.add(answer.number(0));
    }

    @Override
    public void failed(StoreFailure failure) {
      sum.fail(failure);
    }
  }
}
