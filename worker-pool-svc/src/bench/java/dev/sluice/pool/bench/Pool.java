package dev.sluice.pool.bench;

import dev.sluice.load.Service;
import dev.sluice.pool.grpc.GetQueueRequest;
import dev.sluice.pool.grpc.Payload;
import dev.sluice.pool.grpc.PurgeQueueRequest;
import dev.sluice.pool.grpc.SubmitBatchRequest;
import dev.sluice.pool.grpc.SubmitBatchResponse;
import dev.sluice.pool.grpc.SubmitRequest;
import dev.sluice.pool.grpc.WorkerPoolGrpc;
import dev.sluice.pool.grpc.WorkerPoolGrpc.WorkerPoolBlockingStub;
import dev.sluice.pool.grpc.WorkerPoolGrpc.WorkerPoolStub;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A service under load, as its clients see it over gRPC. */
final class Pool implements AutoCloseable {
  static final String QUEUE = "bench";

  /** A hundred bytes, as a small event has. */
  static final String PAYLOAD =
      "{\"event\":\"paid\",\"order\":4711,\"amount\":12.50,\"text\":\"" + "x".repeat(46) + "\"}";

  private static final int BATCH = 1_000;
  private static final int BATCHES_AT_A_TIME = 4;

  private final ManagedChannel channel;

  private Pool(ManagedChannel channel) {
    this.channel = channel;
  }

  static Pool of(Service service) {
    URI address = URI.create(service.grpc(""));
    return new Pool(
        ManagedChannelBuilder.forAddress(address.getHost(), address.getPort())
            .usePlaintext()
            .build());
  }

  WorkerPoolStub calls() {
    return WorkerPoolGrpc.newStub(channel);
  }

  static SubmitRequest job(String payload) {
    return SubmitRequest.newBuilder()
        .setQueue(QUEUE)
        .setPayload(Payload.newBuilder().setJson(payload))
        .build();
  }

  /** How many jobs are not finished. */
  long depth() {
    return blocking().getQueue(GetQueueRequest.newBuilder().setName(QUEUE).build()).getDepth();
  }

  void purge() {
    blocking().purgeQueue(PurgeQueueRequest.newBuilder().setName(QUEUE).build());
  }

  /** Submits so many jobs, a thousand in a call. */
  void fill(int jobs) throws IOException, InterruptedException {
    var batch = SubmitBatchRequest.newBuilder();
    for (int i = 0; i < BATCH; i++) {
      batch.addJobs(job(PAYLOAD));
    }
    SubmitBatchRequest request = batch.build();
    try (ExecutorService threads = Executors.newFixedThreadPool(BATCHES_AT_A_TIME)) {
      List<Future<SubmitBatchResponse>> all = new ArrayList<>();
      for (int i = 0; i < jobs / BATCH; i++) {
        all.add(threads.submit(() -> blocking().submitBatch(request)));
      }
      for (Future<SubmitBatchResponse> each : all) {
        if (each.get().getResultsList().stream().anyMatch(result -> !result.hasAccepted())) {
          throw new IOException("a job was not accepted: " + each.get());
        }
      }
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    }
  }

  private WorkerPoolBlockingStub blocking() {
    return WorkerPoolGrpc.newBlockingStub(channel);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
