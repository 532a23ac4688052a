package dev.sluice.pool.process;

import static dev.sluice.pool.process.PoolFixture.job;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.process.ScriptedTarget.Incoming;
import dev.sluice.pool.store.QueueDefaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many who submit and few who work: nothing is lost, nothing grows, and all go at one pace. */
@NoLeaks
@Timeout(120)
class BackpressureTest {
  private static final Duration LONG = Duration.ofDays(1);

  private PoolFixture all;

  @BeforeEach
  void start() throws InterruptedException {
    all = new PoolFixture();
  }

  @AfterEach
  void end() {
    all.close();
  }

  @Test
  void aSubmitIsAcceptedForEachCallThatASlowTargetEnds() throws InterruptedException {
    assertTrue(
        all.pool
            .configure(
                QueueDefaults.PUSH, PoolFixture.settings(PoolFixture.PUSH.kind(), 3, 1_000_000))
            .await());
    List<Reply<Submitted>> submits = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      submits.add(all.pool.submit(PoolFixture.call("job"), LONG));
    }
    for (int ended = 0; ended < 4; ended++) {
      Incoming call = all.target.calls().receive();
      all.settle();
      assertEquals(3 + ended, submits.stream().filter(Reply::isDone).count());
      PoolCounts now = all.pool.counts().await();
      assertEquals(4 - ended, now.waitingSubmits(), "this is where it takes effect");
      assertEquals(2, now.calls());
      call.answer(200);
      assertInstanceOf(Submitted.Accepted.class, submits.get(3 + ended).await());
    }
    for (int i = 0; i < 3; i++) {
      all.target.calls().receive().answer(200);
    }
    for (Reply<Submitted> each : submits) {
      all.awaitState(PoolFixture.accepted(each), JobState.SUCCEEDED);
    }
  }

  @Test
  void whateverManyDoAtOnceEveryAcceptedJobIsDoneOnce() throws InterruptedException {
    int submitters = 4; // as many as may wait
    int each = 300;
    Set<UUID> accepted = ConcurrentHashMap.newKeySet();
    List<UUID> done = Collections.synchronizedList(new ArrayList<>());
    try (var scope = Scope.open("clients")) {
      for (int i = 0; i < submitters; i++) {
        scope.start(
            "submitter-" + i,
            () -> {
              for (int n = 0; n < each; n++) {
                assertTrue(
                    accepted.add(PoolFixture.accepted(all.pool.submit(job("q", "j"), LONG))));
                QueueLook now = all.pool.queue("q").await().orElseThrow();
                assertTrue(now.counts().depth() <= 3, now::toString);
              }
            });
      }
      for (int i = 0; i < 3; i++) {
        scope.start(
            "worker-" + i,
            () -> {
              int turn = 0;
              while (done.size() < submitters * each) {
                Reply<List<LeasedJob>> asked = all.lease("q", 2, LONG);
                if (++turn % 7 == 0 && asked.abandon()) {
                  continue; // somebody is always going away
                }
                for (LeasedJob job : asked.await()) {
                  assertEquals(
                      new Steered.Done(JobState.SUCCEEDED),
                      all.pool
                          .end(job.id(), job.lease(), new Verdict.Succeeded(null, null))
                          .await());
                  done.add(job.id());
                  if (done.size() == submitters * each) {
                    all.pool.drain(); // lets go who waits
                  }
                }
              }
            });
      }
      try {
        scope.join();
      } catch (RefusedException drained) {
        assertEquals(new RefusedException.Reason.Draining(), drained.reason());
      }
    }
    assertEquals(submitters * each, done.size());
    assertEquals(accepted, Set.copyOf(done));
  }
}
