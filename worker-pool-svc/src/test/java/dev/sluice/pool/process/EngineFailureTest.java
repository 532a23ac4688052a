package dev.sluice.pool.process;

import static dev.sluice.pool.process.PoolFixture.SECOND;
import static dev.sluice.pool.process.PoolFixture.call;
import static dev.sluice.pool.process.PoolFixture.job;
import static dev.sluice.pool.process.PoolFixture.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.process.ScriptedTarget.Incoming;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of those who wait, and of calls, while the engine does not answer. */
@NoLeaks
@Timeout(60)
class EngineFailureTest {
  private static final RefusedException.Reason DOWN =
      new RefusedException.Reason.Store(
          new StoreFailure.Unavailable("down", FailingEngine.RETRY_AFTER));

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
  void whoAsksIsTold() {
    all.engine.fail();
    for (Reply<?> asked :
        List.of(
            all.submit(job("q", "a")),
            all.lease("q", 1, SECOND),
            all.pool.find(new UUID(0, 1)),
            all.pool.awaitEnd(new UUID(0, 1), SECOND),
            all.pool.watchJob(new UUID(0, 1)),
            all.pool.purge("q", true),
            all.pool.queues())) {
      assertEquals(DOWN, assertThrows(RefusedException.class, asked::await).reason());
    }
  }

  @Test
  void anOutcomeIsNotLostAndNoCallIsMadeTwice() throws InterruptedException {
    UUID id = all.accepted(call("job"));
    Incoming call = all.target.calls().receive();
    all.settle();
    all.engine.fail();
    call.answer(ScriptedTarget.result(200, "1"));
    while (all.pool.counts().await().unsaved() == 0) {
      Thread.onSpinWait();
    }
    all.clock.awaitAlarms(PoolFixture.ALARMS);
    all.clock.advance(SECOND);
    assertEquals(1, all.pool.counts().await().unsaved());

    all.engine.recover();
    all.advance(SECOND);
    JobView job = all.get(id);
    assertEquals(JobState.SUCCEEDED, job.state());
    assertEquals(1, job.attempts().size());
    assertNull(all.target.calls().tryReceive());
    assertEquals(0, all.pool.counts().await().unsaved());
  }

  @Test
  void noCallIsBegunBeforeTheOutcomesAreSavedAndThenAllGoesOn() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      all.accepted(call("job"));
    }
    Incoming first = all.target.calls().receive();
    Incoming second = all.target.calls().receive();
    all.settle();
    all.engine.fail();
    first.answer(200);
    second.answer(200);
    while (all.pool.counts().await().unsaved() < 2) {
      Thread.onSpinWait();
    }
    assertNull(all.target.calls().tryReceive());

    all.clock.awaitAlarms(PoolFixture.ALARMS);
    all.engine.recover();
    all.advance(SECOND);
    Incoming third = all.target.calls().receive();
    third.answer(200);
    all.awaitState(third.job().id(), JobState.SUCCEEDED);
  }

  @Test
  void thoseWhoWaitForRoomAreToldWhenItIsTried() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      all.accepted(job("q", "f"));
    }
    Reply<Submitted> first = all.pool.submit(job("q", "first"), SECOND.multipliedBy(9));
    all.settle();
    all.engine.fail();
    Reply<Submitted> second = all.pool.submit(job("q", "second"), SECOND);
    assertEquals(2, all.pool.counts().await().waitingSubmits());
    all.clock.awaitAlarms(PoolFixture.ALARMS);
    all.clock.advance(SECOND);
    assertInstanceOf(Submitted.Full.class, second.await());
    assertEquals(DOWN, assertThrows(RefusedException.class, first::await).reason());
    all.engine.recover();
    assertEquals(List.of("f", "f", "f"), names(all.lease("q", 9, Duration.ZERO).await()));
  }
}
