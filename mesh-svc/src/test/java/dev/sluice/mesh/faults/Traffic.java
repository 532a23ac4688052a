package dev.sluice.mesh.faults;

import com.google.protobuf.Duration;
import com.google.rpc.Code;
import dev.sluice.mesh.grpc.MeshGrpc;
import dev.sluice.mesh.grpc.MeshRequest;
import dev.sluice.mesh.grpc.PipelineAnswer;
import dev.sluice.mesh.grpc.PipelineEntry;
import dev.sluice.mesh.grpc.PipelineRequest;
import dev.sluice.mesh.grpc.PipelineResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A careful client: requests at a steady rate, many in flight on one stream; what a broken stream
 * leaves unanswered is sent again, with its id and in its order, and so is what is refused for now.
 */
final class Traffic {
  private static final int WINDOW = 256;
  private static final int AGAIN_MILLIS = 100;
  private static final int TICK_MILLIS = 5;
  private static final Duration WAIT = Duration.newBuilder().setSeconds(30).build();

  /** What a stream tells; of the streams before the present one nothing counts. */
  private record Heard(int stream, List<PipelineAnswer> answers, Status ended) {}

  private final MeshProcesses mesh;
  private final List<MeshRequest> requests;
  private final int perSecond;
  private final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final TreeMap<Integer, PipelineAnswer> answers = new TreeMap<>();
  private final Set<Integer> refused = new HashSet<>();
  private final TreeSet<Integer> unanswered = new TreeSet<>();
  private final TreeSet<Integer> again = new TreeSet<>();
  private StreamObserver<PipelineRequest> stream;
  private int streams;
  private int next;
  private long againAt;

  /**
   * Makes one.
   *
   * @param requests in the order in which they are to be sent
   * @param perSecond how many are sent, as long as those in flight are not too many
   */
  Traffic(MeshProcesses mesh, List<MeshRequest> requests, int perSecond) {
    this.mesh = mesh;
    this.requests = requests;
    this.perSecond = perSecond;
  }

  static MeshRequest request(String id, String key, String op) {
    return MeshRequest.newBuilder()
        .setId(id)
        .setKey(key)
        .setOp(op)
        .setPayload("{\"n\":1}")
        .setWait(WAIT)
        .build();
  }

  /** The answers, by the number of the request. */
  TreeMap<Integer, PipelineAnswer> answers() {
    return answers;
  }

  /** Whether it was refused once, and so may have been accepted after those behind it. */
  boolean wasRefused(int request) {
    return refused.contains(request);
  }

  /**
   * Sends all, and takes all answers; the test's time limit bounds it.
   *
   * @param at after how many answers something happens
   * @param fault what happens
   */
  void run(int at, Runnable fault) throws InterruptedException {
    open();
    boolean over = false;
    long begin = System.nanoTime();
    while (answers.size() < requests.size()) {
      send((System.nanoTime() - begin) * perSecond / 1_000_000_000L);
      take();
      if (!over && answers.size() >= at) {
        over = true;
        fault.run();
      }
    }
    stream.onCompleted();
  }

  private void send(long due) {
    var entries = new ArrayList<Integer>();
    while (next < Math.min(due, requests.size()) && unanswered.size() < WINDOW) {
      unanswered.add(next);
      entries.add(next++);
    }
    send(entries.stream());
  }

  private void send(Stream<Integer> numbers) {
    PipelineRequest.Builder batch = PipelineRequest.newBuilder();
    numbers.forEach(number ->
        batch.addEntries(
            PipelineEntry.newBuilder().setNumber(number).setRequest(requests.get(number))));
    if (batch.getEntriesCount() > 0) {
      stream.onNext(batch.build());
    }
  }

  private void take() throws InterruptedException {
    Heard first = heard.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
    if (!again.isEmpty() && System.nanoTime() - againAt > 0) {
      List<Integer> numbers = List.copyOf(again);
      again.clear();
      send(numbers.stream());
    }
    for (Heard each = first; each != null; each = heard.poll()) {
      if (each.stream() == streams) {
        each.answers().forEach(this::take);
        if (each.ended() != null) {
          reopen();
        }
      }
    }
  }

  private void take(PipelineAnswer answer) {
    int number = (int) answer.getNumber();
    switch (answer.getResultCase()) {
      case REPLY -> {
        answers.put(number, answer);
        unanswered.remove(number);
      }
      case PROBLEM -> {
        int code = answer.getProblem().getCode();
        if (code != Code.UNAVAILABLE_VALUE && code != Code.DEADLINE_EXCEEDED_VALUE) {
          throw new AssertionError(requests.get(number) + " was answered " + answer);
        }
        refused.add(number);
        againAt = again.isEmpty() ? System.nanoTime() + AGAIN_MILLIS * 1_000_000L : againAt;
        again.add(number);
      }
      case IN_FLIGHT, RESULT_NOT_SET -> throw new AssertionError("it waits for the reply");
    }
  }

  private void reopen() {
    mesh.awaitRouter();
    open();
    again.clear();
    send(unanswered.stream());
  }

  private void open() {
    int number = ++streams;
    stream =
        MeshGrpc.newStub(mesh.router())
            .pipeline(
                new StreamObserver<>() {
                  @Override
                  public void onNext(PipelineResponse response) {
                    heard.add(new Heard(number, response.getAnswersList(), null));
                  }

                  @Override
                  public void onError(Throwable broken) {
                    heard.add(new Heard(number, List.of(), Status.fromThrowable(broken)));
                  }

                  @Override
                  public void onCompleted() {
                    heard.add(new Heard(number, List.of(), Status.OK));
                  }
                });
  }
}
