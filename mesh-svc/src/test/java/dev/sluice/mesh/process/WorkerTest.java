package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.csp.Channel;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.mesh.process.Answer.Result;
import dev.sluice.mesh.store.MemoryShardStore;
import dev.sluice.mesh.store.ShardState;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerTest {
  private static final int SHARD = 3;
  private static final Duration HEARTBEAT = Duration.ofMillis(100);

  private final VirtualClock clock = new VirtualClock();
  private final Channel<Answer> answers = Channel.buffered(1);
  private final Channel<Report> reports = Channel.buffered(1);
  private final Channel<Beat> beats = Channel.buffered(2);
  private final Worker worker = worker(1);
  private long deliveries;

  private static final RuntimeException FAULT = new IllegalStateException("a fault");

  /** Fails on one payload, and has a fault that another one brings to light. */
  private static final class Picky implements Operation {
    @Override
    public String name() {
      return "picky";
    }

    @Override
    public Ran run(Call call) {
      if (call.payload().equals("13")) {
        throw new IllegalArgumentException("13 is an unlucky number");
      }
      if (call.payload().equals("14.5")) {
        throw FAULT;
      }
      return new Ran(call.payload(), call.payload());
    }
  }

  @BeforeEach
  void owns() throws InterruptedException {
    worker.handle(new WorkerCommand.Own(SHARD, 5, ShardState.EMPTY));
    assertEquals(new Report.Owned("worker-1", 1, SHARD, 5), reports.receive());
  }

  @Test
  void runsWhatItOwnsAndKeepsTheStateOfEachKey() throws InterruptedException {
    assertEquals(new Result.Replied("{\"count\":1}"), run(5, request("r-1", "a", "count", "null")));
    assertEquals(new Result.Replied("{\"count\":2}"), run(5, request("r-2", "a", "count", "null")));
    assertEquals(new Result.Replied("{\"count\":1}"), run(5, request("r-3", "b", "count", "null")));
    assertEquals(new Result.Replied("[1,2]"), run(5, request("r-4", "a", "echo", "[1,2]")));
  }

  @Test
  void refusesEveryEpochButItsOwn() throws InterruptedException {
    var request = request("r-1", "a", "count", "null");
    assertEquals(new Result.Stale(), run(4, request));
    assertEquals(new Result.Stale(), run(6, request));

    worker.handle(new WorkerCommand.Release(SHARD, 5));
    reports.receive();
    assertEquals(new Result.Stale(), run(5, request));

    worker.handle(new WorkerCommand.Own(SHARD, 9, ShardState.EMPTY));
    reports.receive();
    assertEquals(new Result.Replied("{\"count\":1}"), run(9, request), "nothing had been run");
  }

  @Test
  void answersARepetitionFromMemory() throws InterruptedException {
    var request = request("r-1", "a", "count", "null");
    assertEquals(new Result.Replied("{\"count\":1}"), run(5, request));
    assertEquals(new Result.Replied("{\"count\":1}"), run(5, request));
    assertEquals(new Result.Replied("{\"count\":2}"), run(5, request("r-2", "a", "count", "null")));
  }

  @Test
  void refusesAnIdThatStandsForSomethingElse() throws InterruptedException {
    run(5, request("r-1", "a", "echo", "1"));
    assertEquals(new Result.Conflicts(), run(5, request("r-1", "b", "echo", "1")));
    assertEquals(new Result.Conflicts(), run(5, request("r-1", "a", "count", "1")));
    assertEquals(new Result.Conflicts(), run(5, request("r-1", "a", "echo", "2")));
    assertEquals(new Result.Replied("1"), run(5, request("r-1", "a", "echo", "1")));
  }

  @Test
  void handsOverWhatItKnows() throws InterruptedException {
    run(5, request("r-1", "a", "count", "null"));
    worker.handle(new WorkerCommand.Release(SHARD, 5));
    var released = assertInstanceOf(Report.Released.class, reports.receive());

    var next = worker(2);
    next.handle(new WorkerCommand.Own(SHARD, 6, released.state()));
    reports.receive();

    assertEquals(
        new Result.Replied("{\"count\":1}"), run(next, 6, request("r-1", "a", "count", "null")));
    assertEquals(
        new Result.Replied("{\"count\":2}"), run(next, 6, request("r-2", "a", "count", "null")));
  }

  @Test
  void doesNotLetGoOfAnotherEpoch() throws InterruptedException {
    worker.handle(new WorkerCommand.Release(SHARD, 4));
    assertNull(reports.tryReceive());
    assertEquals(new Result.Replied("1"), run(5, request("r-1", "a", "echo", "1")));
  }

  @Test
  void tellsOfAnOperationThatFailsAndGoesOn() throws InterruptedException {
    assertEquals(
        new Result.Failed("13 is an unlucky number"), run(5, request("r-1", "a", "picky", "13")));
    assertEquals(new Result.Replied("14"), run(5, request("r-2", "a", "picky", "14")));
  }

  @Test
  void tellsAFaultOfAnOperationApartFromWhatItCannotRun() throws InterruptedException {
    assertEquals(new Result.Faulty(FAULT), run(5, request("r-1", "a", "picky", "14.5")));
    assertEquals(new Result.Replied("14"), run(5, request("r-2", "a", "picky", "14")));
  }

  @Test
  void tellsOfAnOperationThatItDoesNotKnow() throws InterruptedException {
    assertEquals(
        new Result.Failed("worker-1 does not know this operation"),
        run(5, request("r-1", "a", "nonsense", "1")));
  }

  @Test
  void refusesAKeyForWhichThereIsNoRoom() throws InterruptedException {
    run(5, request("r-1", "a", "count", "null"));
    run(5, request("r-2", "b", "count", "null"));
    assertEquals(
        new Result.Full("the shard keeps the state of 2 keys, which is the most"),
        run(5, request("r-3", "c", "count", "null")));
    assertEquals(new Result.Replied("{\"count\":2}"), run(5, request("r-4", "b", "count", "null")));
  }

  @Test
  void beatsOnceAnIntervalAndSaysWhenTheNextIsDue() {
    assertEquals(HEARTBEAT, worker.beatIfDue());
    assertEquals(new Beat("worker-1", 1), beats.tryReceive());

    clock.advance(Duration.ofMillis(30));
    assertEquals(Duration.ofMillis(70), worker.beatIfDue());
    assertNull(beats.tryReceive());

    clock.advance(Duration.ofMillis(70));
    worker.beatIfDue();
    assertEquals(new Beat("worker-1", 1), beats.tryReceive());
  }

  private Worker worker(int incarnation) {
    return new Worker(
        "worker-1",
        incarnation,
        new WorkerLinks(Channel.buffered(1), Channel.buffered(1), answers, reports, beats),
        Operations.of(new Echo(), new Count(), new Picky()),
        from -> new MemoryShardStore(2, 100, 100, from),
        HEARTBEAT,
        clock);
  }

  private static Request request(String id, String key, String op, String payload) {
    return new Request(id, key, op, payload);
  }

  private Result run(long epoch, Request request) throws InterruptedException {
    return run(worker, epoch, request);
  }

  private Result run(Worker by, long epoch, Request request) throws InterruptedException {
    long number = ++deliveries;
    by.handle(new RouterToWorker.Deliver(number, SHARD, epoch, request));
    Answer answer = answers.receive();
    assertEquals(number, answer.number());
    return answer.result();
  }
}
