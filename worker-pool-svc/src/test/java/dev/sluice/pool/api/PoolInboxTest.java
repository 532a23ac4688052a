package dev.sluice.pool.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.Channel;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.process.GetQueue;
import dev.sluice.pool.process.PoolSettings;
import dev.sluice.pool.process.QueueSnapshot;
import dev.sluice.pool.process.Target;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.pool.store.Call;
import dev.sluice.pool.store.Job;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.UnfinishedJob;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the edge says when the queue cannot take a message. */
@NoLeaks
@Timeout(60)
class PoolInboxTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final PoolSettings INBOX_OF_ONE =
      new PoolSettings(1, 1, 1, 1_000, LONG, 1, LONG, 1, LONG, LONG, LONG, LONG);

  /** Holds the queue's process up in the middle of its work. */
  private static final class SlowStore implements JobStore {
    private final Channel<String> clearing = Channel.buffered(1);
    private final Channel<Void> release = Channel.rendezvous();

    @Override
    public List<UnfinishedJob> load() {
      var call = new Call("GET", URI.create("http://target.example/"), Map.of(), null);
      var job = new Job(new UUID(0, 1), call, 1, LONG, LONG, Instant.EPOCH);
      return List.of(new UnfinishedJob(job, 0, List.of(), null));
    }

    @Override
    public void save(List<UnfinishedJob> jobs) {
      throw new AssertionError("nothing is to be saved, but " + jobs);
    }

    @Override
    public void clear() {
      try {
        clearing.send("now");
        release.receiveOrNull();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void refusesAsOverloadedWhenItIsFullAndAsDrainingWhenItIsClosed() throws InterruptedException {
    var store = new SlowStore();
    try (var root = Scope.open("test")) {
      Scope processes = root.child("processes");
      WorkerPool pool =
          WorkerPool.start(
              processes,
              HeartbeatMonitor.start(root, "heartbeats", LONG),
              INBOX_OF_ONE,
              (_, _) -> new Target.Answer(200, null),
              store,
              new SplittableRandom(1));
      var inbox = new PoolInbox(pool);
      store.clearing.receive(); // the queue's process does not look at its inbox now
      var first = new Reply<QueueSnapshot>();
      inbox.send(new GetQueue(first));
      assertRefused(ProblemType.OVERLOADED, inbox);

      store.release.close();
      assertEquals(1, first.await().succeeded());
      pool.drain();
      processes.join();
      assertRefused(ProblemType.DRAINING, inbox);
    }
  }

  private static void assertRefused(ProblemType type, PoolInbox inbox) {
    var refused =
        assertThrows(
            ProblemException.class, () -> inbox.send(new GetQueue(new Reply<QueueSnapshot>())));
    assertEquals(type, refused.type());
    assertEquals(Duration.ofSeconds(1), refused.retryAfter());
  }
}
