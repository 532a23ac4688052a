package dev.sluice.limiter.store;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.redis.RedisAnswer;
import dev.sluice.store.redis.RedisLanes;
import dev.sluice.store.redis.RedisRequest;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Keeps leases in Redis or Valkey, so that any number of instances share them: one call of one
 * script an operation, at the server's time, by the ways that {@link RedisLanes} knows. It connects
 * when it is first asked. A fence is as in {@link MemoryLeaseStore}, by the server's time.
 */
final class RedisLeaseStore implements LeaseStore {
  private final RedisLanes lanes;
  private final long lookAgain;
  private boolean used;
  private long expired;

  /**
   * @param lookAgain how often it is looked whether a lease has been released elsewhere
   */
  RedisLeaseStore(RedisLanes lanes, Duration lookAgain) {
    this.lanes = lanes;
    this.lookAgain = lookAgain.toNanos();
  }

  @Override
  public void submit(LeaseOperation operation, long now, Consumer<? super LeaseOutcome> answer) {
    used = true;
    lanes.submit(new Submitted(new RedisLeaseOperation(operation), answer), now);
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

  @Override
  public long sweep(long now) {
    return used ? lanes.sweep(now) : Long.MAX_VALUE;
  }

  @Override
  public long lookAgain() {
    return lookAgain;
  }

  @Override
  public long expired() {
    return expired;
  }

  @Override
  public OptionalLong out() {
    return OptionalLong.empty();
  }

  /** One operation, on its way. */
  private final class Submitted implements RedisRequest {
    private final RedisLeaseOperation operation;
    private final Consumer<? super LeaseOutcome> answer;

    Submitted(RedisLeaseOperation operation, Consumer<? super LeaseOutcome> answer) {
      this.operation = operation;
      this.answer = answer;
    }

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
      expired += RedisLeaseOperation.expired(answered);
      answer.accept(operation.outcome(answered));
    }

    @Override
    public void failed(StoreFailure failure) {
      answer.accept(Outcome.Failure.of(failure));
    }
  }
}
