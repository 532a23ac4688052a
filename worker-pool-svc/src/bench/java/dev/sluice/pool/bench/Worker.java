package dev.sluice.pool.bench;

import dev.sluice.pool.grpc.AckRequest;
import dev.sluice.pool.grpc.LeasedJob;
import dev.sluice.pool.grpc.WorkReady;
import dev.sluice.pool.grpc.WorkRequest;
import dev.sluice.pool.grpc.WorkResponse;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A worker on one stream: it ends every job at once, and tells when that is durable. */
final class Worker implements StreamObserver<WorkResponse>, AutoCloseable {
  private static final int CREDITS = 1_024;

  private final Consumer<LeasedJob> done;
  private final Map<String, LeasedJob> hand = new HashMap<>(); // by the stream's thread only
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final StreamObserver<WorkRequest> requests;
  private int used;

  /**
   * Begins to work.
   *
   * @param done told each job that is ended, on the stream's thread
   */
  Worker(Pool pool, Consumer<LeasedJob> done) {
    this.done = done;
    this.requests = pool.calls().work(this);
    ready(CREDITS);
  }

  private void ready(int credits) {
    requests.onNext(
        WorkRequest.newBuilder()
            .setReady(WorkReady.newBuilder().setQueue(Pool.QUEUE).setCredits(credits))
            .build());
  }

  @Override
  public void onNext(WorkResponse response) {
    if (response.hasJob()) {
      LeasedJob job = response.getJob();
      hand.put(job.getId(), job);
      requests.onNext(
          WorkRequest.newBuilder()
              .setAck(AckRequest.newBuilder().setId(job.getId()).setLease(job.getLease()))
              .build());
    } else if (response.getAnswer().hasProblem()) {
      onError(new IllegalStateException(response.getAnswer().toString()));
    } else {
      done.accept(hand.remove(response.getAnswer().getId()));
      if (++used == CREDITS / 4) {
        used = 0;
        ready(CREDITS / 4);
      }
    }
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    end.complete(null);
  }

  /** Says that it takes no more, and waits for the end of the stream. */
  @Override
  public void close() {
    requests.onCompleted();
    end.join();
  }
}
