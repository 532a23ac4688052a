package dev.sluice.limiter.store;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.redis.RedisAnswer;
import dev.sluice.store.redis.RedisLanes;
import dev.sluice.store.redis.RedisRequest;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counters in Redis or Valkey, so that any number of instances share them: one call of one script a
 * counter, and all that is asked for at one moment is one pipeline to each node. A counter expires
 * when it has not been hit for as long as its window is.
 */
final class RedisWindowCounters implements WindowCounters {
  private final RedisLanes lanes;

  RedisWindowCounters(RedisLanes lanes) {
    this.lanes = lanes;
  }

  @Override
  public void submit(List<Hits> hits, long now, Consumer<? super Answer> answer) {
    if (hits.isEmpty()) {
      answer.accept(new Counted(List.of()));
      return;
    }
    var together = new Together(hits.size(), answer);
    for (int i = 0; i < hits.size(); i++) {
      lanes.submit(new Submitted(hits.get(i), i, together), now);
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
  public long sweep(long now, Instant instant) {
    return lanes.sweep(now);
  }

  @Override
  public StoreStatus status() {
    return lanes.status(0);
  }

  /** What was submitted together, until all of it has come back. */
  private static final class Together {
    private final Count[] counts;
    private final Consumer<? super Answer> answer;
    private Outcome.@Nullable Failure failure; // the first
    private int open;

    Together(int size, Consumer<? super Answer> answer) {
      this.counts = new Count[size];
      this.answer = answer;
      this.open = size;
    }

    void counted(int place, Count count) {
      counts[place] = count;
      settled();
    }

    void failed(Outcome.Failure why) {
      failure = failure == null ? why : failure;
      settled();
    }

    private void settled() {
      open--;
      if (open == 0) {
        answer.accept(failure == null ? new Counted(List.of(counts)) : failure);
      }
    }
  }

  /** One counter's hits, on their way. */
  private record Submitted(Hits hits, int place, Together together) implements RedisRequest {

    /** All windows of a counter are in one slot of a cluster. */
    @Override
    public String key() {
      return "sluice:envoy:{" + hits.counter() + "}:" + hits.window().start();
    }

    @Override
    public Call call(boolean whole) {
      long length = hits.window().end() - hits.window().start();
      return new Call(
          LimiterScripts.COUNT,
          whole,
          List.of(key()),
          List.of(
              Long.toString(Math.clamp(hits.hits(), -MOST, MOST)),
              Long.toString(length),
              Long.toString(MOST)));
    }

    @Override
    public void answered(RedisAnswer answer) {
      together.counted(place, new Count(answer.number(0), answer.number(1)));
    }

    @Override
    public void failed(StoreFailure failure) {
      together.failed(Outcome.Failure.of(failure));
    }
  }
}
