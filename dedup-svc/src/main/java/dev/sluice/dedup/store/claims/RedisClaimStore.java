package dev.sluice.dedup.store.claims;

import dev.sluice.dedup.store.RedisKeys;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.redis.RedisAnswer;
import dev.sluice.store.redis.RedisLanes;
import dev.sluice.store.redis.RedisRequest;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Keeps claims in Redis or Valkey, so that any number of instances share them: one call of one
 * script an operation, at the server's time. It connects when it is first asked.
 *
 * <p>A fence is the server's time in microseconds, or one more than the last of the key if that is
 * not less. The last is kept for as long as the key would have been remembered, also when the claim
 * was aborted; after that only the clock says that the next one is greater.
 */
public final class RedisClaimStore implements ClaimStore {
  private final RedisLanes lanes;
  private final RedisKeys keys;
  private final long lookAgain;
  private boolean used;

  /**
   * @param lanes the ways to Redis
   * @param keys what keys are called there
   * @param lookAgain how often it is looked whether a claim has ended through another instance
   */
  public RedisClaimStore(RedisLanes lanes, RedisKeys keys, Duration lookAgain) {
    this.lanes = lanes;
    this.keys = keys;
    this.lookAgain = lookAgain.toNanos();
  }

  @Override
  public void submit(ClaimOperation operation, long now, Consumer<? super ClaimOutcome> answer) {
    used = true;
    ClaimKey key = operation.key();
    String name = keys.whole("sluice:claim:", key.namespace(), key.key());
    lanes.submit(new Submitted(new RedisClaimOperation(operation, name), now, answer), now);
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
    return used ? lanes.sweep(now) : Long.MAX_VALUE;
  }

  @Override
  public long lookAgain() {
    return lookAgain;
  }

  @Override
  public StoreStatus status() {
    return used ? lanes.status(0) : StoreStatus.LOCAL;
  }

  /** One operation, on its way. */
  private record Submitted(
      RedisClaimOperation operation, long at, Consumer<? super ClaimOutcome> answer)
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
      answer.accept(operation.outcome(answered, at));
    }

    @Override
    public void failed(StoreFailure failure) {
      answer.accept(new ClaimOutcome.Failed(failure));
    }
  }
}
