package dev.sluice.pool.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.QueueDefaults;
import dev.sluice.pool.store.TestJobs;
import dev.sluice.store.StoreFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kills the server with SIGKILL under load, and starts it again. */
@NoLeaks
@Timeout(300)
class KilledServerTest {
  private static final String QUEUE = "orders";
  private static final int ROUNDS = Boolean.getBoolean("deep") ? 30 : 4;
  private static final QueueDefaults DEFAULTS =
      new QueueDefaults(TestJobs.roomy(Kind.PULL), TestJobs.roomy(Kind.PUSH), 100);

  private final Set<UUID> accepted = new HashSet<>();
  private final Set<UUID> ended = new HashSet<>();
  private final Set<UUID> unknownEnds = new HashSet<>();
  private long number;
  private int unavailable;

  @Test
  void noJobThatWasAcceptedIsLostAndNoneThatWasEndedComesAgain() {
    try (PostgresServer server = PostgresServer.start();
        Instance instance = new Instance(server.createDatabase(), DEFAULTS)) {
      for (int round = 1; round <= ROUNDS; round++) {
        int enough = accepted.size() + 300;
        load(instance, () -> accepted.size() >= enough);
        server.kill();
        int unavailableBefore = unavailable;
        load(instance, () -> unavailable >= unavailableBefore + 50);
        assertFalse(instance.store().status().isReady());
        server.restart();
        instance.await(() -> instance.store().status().isReady());
      }
      instance.awaitAll();
      check(instance);
    }
    assertTrue(ended.size() > 100, () -> "few: " + ended.size());
  }

  /** One that works while it can, with many things under way, until it is so. */
  private void load(Instance instance, BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      for (int i = 0; i < 20; i++) {
        submit(instance);
      }
      instance.submit(
          new Subject.Queue(QUEUE),
          jobs -> jobs.lease(QUEUE, Kind.PULL, 10, null, null),
          outcome -> {
            if (outcome instanceof Outcome.Done<List<LeasedJob>>(List<LeasedJob> leased)) {
              leased.forEach(job -> end(instance, job));
            }
          });
      int before = accepted.size() + unavailable;
      instance.await(() -> accepted.size() + unavailable > before);
    }
  }

  private void submit(Instance instance) {
    UUID id = new UUID(7, number++);
    instance.submit(
        new Subject.Queue(QUEUE),
        jobs -> jobs.submit(TestJobs.job(QUEUE).job(), id),
        outcome -> {
          switch (outcome) {
            case Outcome.Done<Submitted>(Submitted told) -> {
              assertInstanceOf(Submitted.Accepted.class, told);
              accepted.add(id);
            }
            case Outcome.Failed<Submitted>(StoreFailure why) -> {
              assertInstanceOf(StoreFailure.Unavailable.class, why);
              unavailable++;
            }
          }
        });
  }

  private void end(Instance instance, LeasedJob job) {
    assertFalse(ended.contains(job.id()), "it was ended before");
    instance.submit(
        new Subject.Job(job.id()),
        jobs -> jobs.end(job.id(), job.lease(), new Verdict.Succeeded(null, null)),
        outcome -> {
          switch (outcome) {
            case Outcome.Done<Steered>(Steered told) -> {
              assertEquals(new Steered.Done(JobState.SUCCEEDED), told);
              ended.add(job.id());
            }
            case Outcome.Failed<Steered> _ -> unknownEnds.add(job.id());
          }
        });
  }

  private void check(Instance instance) {
    var lost = new ArrayList<UUID>();
    for (UUID id : accepted) {
      JobView view = instance.on(new Subject.Any(), jobs -> jobs.find(id)).orElse(null);
      if (view == null) {
        lost.add(id);
      } else if (ended.contains(id)) {
        assertEquals(JobState.SUCCEEDED, view.state());
      } else if (!unknownEnds.contains(id)) {
        assertFalse(view.state().isFinished(), "nobody has ended it");
      }
    }
    assertEquals(List.of(), lost);
    var counts = instance.on(new Subject.Any(), jobs -> jobs.counts().get(QUEUE));
    var probe = (Submitted.Full) fill(instance);
    assertEquals(counts.depth(), probe.depth());
    assertEquals(counts.bytes(), probe.bytes());
  }

  /** What the queue's row says of it. */
  private static Submitted fill(Instance instance) {
    instance.on(
        new Subject.Queue(QUEUE), jobs -> jobs.configure(QUEUE, TestJobs.settings(Kind.PULL, 1)));
    return instance.on(
        new Subject.Queue(QUEUE), jobs -> jobs.submit(TestJobs.job(QUEUE).job(), new UUID(8, 8)));
  }

  @Test
  void aServerThatIsRestartedWhileNothingIsAskedIsNotNoticed() {
    try (PostgresServer server = PostgresServer.start("fsync=off");
        Instance instance = new Instance(server.createDatabase(), DEFAULTS)) {
      submit(instance);
      instance.awaitAll();
      server.restart();
      instance.await(() -> instance.store().status().isReady());
      submit(instance);
      instance.awaitAll();
      assertEquals(2, accepted.size());
    }
  }
}
