package dev.sluice.limiter.store;

import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.redis.RedisAnswer;
import dev.sluice.store.redis.RedisLanes;
import dev.sluice.store.redis.RedisRequest;
import java.util.List;
import java.util.function.Consumer;

/**
 * Counts in Redis or Valkey, so that any number of instances share the counts: one call of one
 * script an operation, at the server's time, and a batch is one pipeline to each node.
 *
 * <pre>
 *   submit --&gt; refused lately? --yes--&gt; answer
 *                |no
 *                v
 *              RedisLanes -- flush --&gt; Redis
 *                         &lt;- collect -
 * </pre>
 *
 * <p>The server's time has microseconds, and so have the instants at which permits are there; the
 * arithmetic is as exact as in memory ({@link RedisTerms}). It is the time of day, so a step of it
 * forward lets permits come back early, and a step back grants nothing extra.
 */
final class RedisLimitStore implements LimitStore {
  private final RedisLanes lanes;
  private final Refusals refusals;
  private long refused;

  RedisLimitStore(RedisLanes lanes, RefusalSettings refusals) {
    this.lanes = lanes;
    this.refusals = new Refusals(refusals.keep(), refusals.keys());
  }

  @Override
  public void submit(Operation operation, long now, Consumer<? super Outcome> answer) {
    Fingerprint print = operation.key().fingerprint();
    switch (operation.kind()) {
      case ACQUIRE -> {
        Outcome.Done refusal = refusals.refuse(print, operation.permits(), now);
        if (refusal != null) {
          refused++;
          answer.accept(refusal);
          return;
        }
      }
      case RELEASE, RESET -> refusals.forget(print);
      case PEEK -> {}
    }
    lanes.submit(new Submitted(RedisOperation.of(operation), now, answer), now);
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
    refusals.sweep(now);
    return lanes.sweep(now);
  }

  @Override
  public StoreStatus status() {
    return lanes.status(refused);
  }

  /** What is under way, since when, and who gets the outcome. */
  private final class Submitted implements RedisRequest {
    private final RedisOperation asked;
    private final long since;
    private final Consumer<? super Outcome> answer;

    Submitted(RedisOperation asked, long since, Consumer<? super Outcome> answer) {
      this.asked = asked;
      this.since = since;
      this.answer = answer;
    }

    @Override
    public String key() {
      return asked.key();
    }

    @Override
    public Call call(boolean whole) {
      return asked.call(whole);
    }

    @Override
    public void answered(RedisAnswer answered) {
      List<Long> found = answered.numbers();
      Operation operation = asked.operation();
      Algorithm algorithm = asked.terms().algorithm();
      Cell cell = asked.terms().cellOf(found.subList(1, found.size()));
      long engineNow = found.getFirst() * 1000;
      Outcome.Done done = asked.done(cell, engineNow);
      Fingerprint print = operation.key().fingerprint();
      if (operation.kind() == Kind.ACQUIRE && done.permits() == 0) {
        refusals.remember(print, algorithm, cell, engineNow, since);
      } else if (operation.kind() == Kind.RELEASE || operation.kind() == Kind.RESET) {
        refusals.forget(print); // a refusal from before it may have come meanwhile
      }
      answer.accept(done);
    }

    @Override
    public void failed(StoreFailure failure) {
      answer.accept(Outcome.Failure.of(failure));
    }
  }
}
