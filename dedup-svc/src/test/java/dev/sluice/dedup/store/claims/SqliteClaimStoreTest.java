package dev.sluice.dedup.store.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.dedup.store.SqliteFixture;
import dev.sluice.dedup.store.claims.ClaimOperation.Abort;
import dev.sluice.dedup.store.claims.ClaimOperation.Claim;
import dev.sluice.dedup.store.claims.ClaimOperation.Complete;
import dev.sluice.dedup.store.claims.ClaimOperation.Renew;
import dev.sluice.dedup.store.claims.ClaimOutcome.Aborted;
import dev.sluice.dedup.store.claims.ClaimOutcome.Claimed;
import dev.sluice.dedup.store.claims.ClaimOutcome.Completed;
import dev.sluice.dedup.store.claims.ClaimOutcome.Failed;
import dev.sluice.dedup.store.claims.ClaimOutcome.InProgress;
import dev.sluice.dedup.store.claims.ClaimOutcome.Lost;
import dev.sluice.dedup.store.claims.ClaimOutcome.OtherRequest;
import dev.sluice.dedup.store.sqlite.WriterControl;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.sqlite.SqliteSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NoLeaks
@Timeout(120)
class SqliteClaimStoreTest extends ClaimStoreContract {
  private static final long DAY = Duration.ofDays(1).toNanos();
  private static final int MAX_CLAIMS = 20;
  private static final int MAX_BYTES = 1_000_000;

  @TempDir Path directory;

  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private SqliteFixture file;
  private ClaimStore store;
  private long ahead; // of the time of day

  @BeforeEach
  void open() {
    file = new SqliteFixture(directory.resolve("dedup.db"));
    store = file.engine().claimStores(MAX_CLAIMS, MAX_BYTES).open(0, () -> wakes.add(true));
  }

  @AfterEach
  void close() {
    file.close();
  }

  @Override
  protected ClaimStore store() {
    return store;
  }

  @Override
  protected long now() {
    return System.currentTimeMillis() * 1_000_000 + ahead;
  }

  @Override
  protected void awaitAnswers() {
    try {
      while (store.isWaiting()) {
        wakes.take();
        store.collect();
        store.flush();
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  protected void awaitInstant(long nanos) {
    ahead += Math.max(0, nanos - now());
  }

  @Test
  void aRestartForgetsNothing() {
    Claimed running = claimed(claim(1, LONG, "request 1"));
    claimed(claim(2, LONG, null));
    ClaimOutcome completed = complete(2, "done");
    claimed(claim(3, LONG, null));
    assertEquals(new Aborted(), ask(new Abort(name(3), token(3))));
    claimed(claim(4, LONG, null));
    Claimed renewed = claimed(ask(new Renew(name(4), token(4), 2 * LONG)));

    restart();

    assertEquals(new InProgress(running.leaseEnds()), ask(again(1, null)));
    assertEquals(new OtherRequest(), ask(again(1, "request 2")));
    assertEquals(completed, ask(again(2, null)));
    assertEquals(completed, complete(2, "done"));
    assertEquals(new InProgress(renewed.leaseEnds()), ask(again(4, null)));
    Claimed anew = claimed(ask(again(3, null)));
    assertTrue(anew.fence() > renewed.fence(), anew + " after " + renewed);
    assertInstanceOf(Completed.class, complete(1, "by who had it before the restart"));
  }

  @Test
  void aLeaseRunsOutAtItsInstantThoughTheServiceWasDown() {
    Claimed claimed = claimed(claim(1, LONG, null));
    close();
    awaitInstant(claimed.leaseEnds());
    open();

    assertEquals(new Lost(), complete(1, "late"));
    claimed(ask(again(1, null)));
  }

  @Test
  void fencesGrowThoughTheClockWasPutBack() {
    Claimed before = claimed(claim(1, LONG, null));
    ask(new Abort(name(1), token(1)));
    ahead -= 30 * DAY;
    restart();
    Claimed after = claimed(claim(1, LONG, null));
    assertTrue(after.fence() > before.fence(), after + " after " + before);
  }

  @Test
  void refusesAClaimTooManyUntilOthersHaveEnded() {
    Claimed first = claimed(claim(0, LONG, null));
    for (int i = 1; i < MAX_CLAIMS; i++) {
      claimed(claim(i, 2 * LONG, null));
    }
    assertEquals("all 20 claims are in use", full(claim(MAX_CLAIMS, LONG, null)).reason());
    assertInstanceOf(InProgress.class, ask(again(1, null)));

    awaitInstant(first.leaseEnds());
    claimed(claim(MAX_CLAIMS, LONG, null));
  }

  @Test
  void refusesAResponseTooManyAndTheClaimGoesOn() {
    claimed(claim(0, LONG, null));
    claimed(claim(1, LONG, null));
    String most = "x".repeat(MAX_BYTES - (int) response(200, "").size());
    assertInstanceOf(Completed.class, complete(0, most));
    assertEquals("the responses have 1000000 of 1000000 bytes", full(complete(1, "y")).reason());
    restart();
    full(complete(1, "y"));
    assertInstanceOf(InProgress.class, ask(again(1, null)));

    claimed(ask(new Renew(name(1), token(1), 2 * DAY)));
    ahead += DAY; // the ttl of the first
    assertInstanceOf(Completed.class, complete(1, "y"));
  }

  @Test
  void whenTheDiskIsFullNothingIsSaidToBeDone() throws InterruptedException {
    claimed(claim(1, LONG, null));
    var control = new WriterControl(file.engine());
    control.fillDisk();

    String large = "x".repeat(100_000);
    var failed = assertInstanceOf(Failed.class, complete(1, large));
    var why = assertInstanceOf(StoreFailure.Unavailable.class, failed.why());
    assertTrue(why.reason().contains("FULL"), why.reason());
    assertInstanceOf(InProgress.class, ask(again(1, null)));

    control.emptyDisk();
    assertInstanceOf(Completed.class, complete(1, large));
  }

  @Test
  void whoComesWhileTooMuchWaitsForTheDiskIsToldThatNothingWasDone() throws InterruptedException {
    var gate = new CountDownLatch(1);
    new WriterControl(file.engine()).hold(gate);
    for (int i = 0; i < SqliteSession.MAX_TASKS; i++) {
      store.submit(new Abort(name(1), token(1)), now(), _ -> {});
    }
    var told = new ArrayList<ClaimOutcome>();
    store.submit(again(1, null), now(), told::add);
    assertEquals(
        List.of(new Failed(new StoreFailure.Busy("too many answers wait for the disk"))), told);

    gate.countDown();
    store.flush();
    awaitAnswers();
    claimed(ask(again(1, null)));
  }

  @Test
  void aDamagedResponseIsTheMatterOfThoseWhoAskForIt() throws InterruptedException {
    for (String damage :
        List.of("x'00'", "substr(response, 1, 20)", "x'000000c80100000000000000007f'")) {
      int number = damage.length();
      claimed(claim(number, LONG, null));
      complete(number, "whole");
      new WriterControl(file.engine()).damageResponses(damage);

      var told = new ArrayList<ClaimOutcome>();
      store.submit(again(number, null), now(), told::add);
      store.submit(again(0, null), now(), told::add);
      store.submit(new Abort(name(0), token(1_000)), now(), told::add);
      store.flush();
      awaitAnswers();
      assertEquals(
          new Failed(
              new StoreFailure.Unavailable(
                  "the stored response is damaged", Duration.ofSeconds(1))),
          told.get(0));
      claimed(told.get(1));
      restart(); // for another session of the control
    }
  }

  private void restart() {
    close();
    open();
  }

  private static StoreFailure.Full full(ClaimOutcome outcome) {
    return assertInstanceOf(StoreFailure.Full.class, assertInstanceOf(Failed.class, outcome).why());
  }

  private ClaimOutcome claim(int number, long lease, String request) {
    return ask(new Claim(name(number), token(number), lease, DAY, request));
  }

  private static Claim again(int number, String request) {
    return new Claim(name(number), token(1_000 + number), LONG, DAY, request);
  }

  private ClaimOutcome complete(int number, String body) {
    return ask(new Complete(name(number), token(number), response(200, body)));
  }

  private static ClaimKey name(int number) {
    return key("payments", "k" + number);
  }

  private static ClaimToken token(int number) {
    return new ClaimToken(number, number);
  }
}
