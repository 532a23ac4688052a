package dev.sluice.mesh.bench;

import com.google.protobuf.Duration;
import dev.sluice.load.Load;
import dev.sluice.load.Sample;
import dev.sluice.mesh.grpc.MeshGrpc;
import dev.sluice.mesh.grpc.MeshRequest;
import dev.sluice.mesh.grpc.PipelineAnswer;
import dev.sluice.mesh.grpc.PipelineEntry;
import dev.sluice.mesh.grpc.PipelineRequest;
import dev.sluice.mesh.grpc.PipelineResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/** Streams of requests to one port: a router's, or the echo's. */
final class Pipelines implements AutoCloseable {
  static final int STREAMS = 4;
  static final int IN_FLIGHT = 256;

  /** A hundred bytes, as a small event has. */
  private static final String PAYLOAD =
      "{\"event\":\"paid\",\"order\":4711,\"amount\":12.50,\"text\":\"" + "x".repeat(46) + "\"}";

  private static final int KEYS = 10_000;
  private static final Duration WAIT = Duration.newBuilder().setSeconds(30).build();
  private static final long TICK_NANOS = 1_000_000;

  private final ManagedChannel channel;
  private final boolean durable;

  Pipelines(int port, boolean durable) {
    this.channel = ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    this.durable = durable;
  }

  /** As many as can be done, with {@link #STREAMS} times {@link #IN_FLIGHT} under way. */
  Load most() {
    return seconds -> {
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      var streams = new ArrayList<Stream>();
      long begin = System.nanoTime();
      for (int i = 0; i < STREAMS; i++) {
        streams.add(new Stream(end, true));
      }
      streams.forEach(stream -> stream.send(IN_FLIGHT, _ -> System.nanoTime()));
      return sample(streams, begin, end);
    };
  }

  /**
   * So many a second, whatever comes back; the time of a request runs from when it was due.
   *
   * @return requests answered a second may be fewer: then it cannot do that
   */
  Sample steady(int perSecond, int seconds) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    long end = begin + seconds * 1_000_000_000L;
    var streams = new ArrayList<Stream>();
    for (int i = 0; i < STREAMS; i++) {
      streams.add(new Stream(end, false));
    }
    long sent = 0;
    for (long now = begin; now < end; now = System.nanoTime()) {
      long due = (now - begin) * perSecond / 1_000_000_000L - sent;
      for (int i = 0; i < STREAMS; i++) {
        int count = (int) (due / STREAMS);
        long first = sent;
        streams.get(i).send(count, n -> begin + (first + n) * 1_000_000_000L / perSecond);
        sent += count;
      }
      LockSupport.parkNanos(TICK_NANOS);
    }
    return sample(streams, begin, end);
  }

  /** Those answered before the end count. */
  private static Sample sample(List<Stream> streams, long begin, long end)
      throws IOException, InterruptedException {
    var micros = new ArrayList<double[]>();
    for (Stream stream : streams) {
      micros.add(stream.await());
    }
    double[] all = micros.stream().flatMapToDouble(Arrays::stream).toArray();
    double seconds = (end - begin) / 1e9;
    return all.length == 0
        ? new Sample(0, seconds * 1e3, seconds * 1e3) // on a machine that has other things to do
        : Load.sample(all, seconds);
  }

  private MeshRequest request(long number) {
    var random = ThreadLocalRandom.current();
    return MeshRequest.newBuilder()
        .setId(Long.toHexString(random.nextLong()) + "-" + number)
        .setKey("account-" + random.nextInt(KEYS))
        .setOp("echo")
        .setPayload(PAYLOAD)
        .setWait(WAIT)
        .setDurable(durable)
        .build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** One stream. Its figures are its observer's, which gRPC calls by one thread at a time. */
  private final class Stream implements StreamObserver<PipelineResponse> {
    private final long end;
    private final boolean goesOn;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final StreamObserver<PipelineRequest> requests;

    /** When each request was sent, or due; a number is used again when its answer has come. */
    private final long[] dues = new long[1 << 20];

    private double[] micros = new double[1 << 16];
    private int answered;
    private long inTime;
    private long next;
    private boolean closed;

    Stream(long end, boolean goesOn) {
      this.end = end;
      this.goesOn = goesOn;
      this.requests = MeshGrpc.newStub(channel).pipeline(this);
    }

    synchronized void send(int count, LongFunction<Long> due) {
      if (count == 0 || closed) {
        return;
      }
      var batch = PipelineRequest.newBuilder();
      for (int i = 0; i < count; i++) {
        long number = next++;
        dues[(int) number & (dues.length - 1)] = due.apply(i);
        batch.addEntries(PipelineEntry.newBuilder().setNumber(number).setRequest(request(number)));
      }
      requests.onNext(batch.build());
    }

    @Override
    public void onNext(PipelineResponse response) {
      long now = System.nanoTime();
      for (PipelineAnswer answer : response.getAnswersList()) {
        if (!answer.hasReply()) {
          over.completeExceptionally(new IOException("not answered well: " + answer));
        }
        answered++;
        if (now - end < 0) {
          note((now - dues[(int) answer.getNumber() & (dues.length - 1)]) / 1e3);
        }
      }
      if (goesOn && now - end < 0) {
        send(response.getAnswersCount(), _ -> now);
      } else if (now - end >= 0) {
        closeIfDone();
      }
    }

    private void note(double each) {
      if (inTime == micros.length) {
        micros = Arrays.copyOf(micros, micros.length * 2);
      }
      micros[(int) inTime++] = each;
    }

    private synchronized void closeIfDone() {
      if (!closed) {
        closed = true;
        requests.onCompleted();
      }
    }

    @Override
    public void onError(Throwable failure) {
      over.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      over.complete(null);
    }

    double[] await() throws IOException, InterruptedException {
      while (System.nanoTime() - end < 0) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      closeIfDone();
      try {
        over.get();
      } catch (ExecutionException failed) {
        throw new IOException(failed.getCause());
      }
      if (answered != next) {
        throw new IOException("of " + next + " requests " + answered + " were answered");
      }
      return Arrays.copyOf(micros, (int) inTime);
    }
  }
}
