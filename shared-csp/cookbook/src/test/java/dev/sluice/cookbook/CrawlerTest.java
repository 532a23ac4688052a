package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.cookbook.Crawler.Site;
import dev.sluice.csp.Channel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Semaphore;
import dev.sluice.csp.patterns.Semaphore.Permit;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NoLeaks
@Timeout(60)
class CrawlerTest {

  @Test
  void theProgramFetchesEachPageOnceEightAtATime() throws Exception {
    List<String> printed = Printed.by(Crawler::run);

    assertEquals(List.of("41 pages in 41 requests, at most 8 of them in flight"), printed);
  }

  /** The server lets nobody go before so many are in, so less would hang, and more be counted. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 13})
  void theServerCountsExactlyAsManyInFlightAsThereArePermits(int permits) throws Exception {
    try (var scope = Scope.open("test");
        var site = Site.open(scope, Crawler.PAGES, permits)) {
      assertEquals(Crawler.PAGES + 1, Crawler.crawl(site.start(), permits).size());
      assertEquals(new Site.Count(Crawler.PAGES + 1, permits), site.count());
    }
  }

  @Test
  void aPermitIsReleasedWhenItsHolderFails() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      var semaphore = Semaphore.in(scope, "permits", 1);
      assertThrows(
          IOException.class,
          () -> {
            try (var _ = semaphore.acquire()) {
              throw new IOException("no answer");
            }
          });
      assertEquals(0, semaphore.held());
    }
  }

  @Test
  void releasingAPermitThatIsNotHeldIsAnError() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      var semaphore = Semaphore.in(scope, "permits", 2);
      Permit other = semaphore.acquire();
      Permit permit = semaphore.acquire();
      permit.release();

      assertThrows(IllegalStateException.class, permit::release);
      assertThrows(IllegalStateException.class, permit::close);
      assertEquals(1, semaphore.held(), "the other's permit is not touched");
      other.release();
      assertEquals(0, semaphore.held());
    }
  }

  @Test
  void whoWaitsIsServedFirstComeFirstServed() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      var semaphore = Semaphore.in(scope, "permits", 1);
      Channel<?> permits = Eventually.channel(scope, "permits");
      Channel<Integer> served = scope.channel("served", 3);
      Permit first = semaphore.acquire();
      for (int waiter = 1; waiter <= 3; waiter++) {
        int number = waiter;
        scope.start(
            "waiter-" + number,
            () -> {
              try (var _ = semaphore.acquire()) {
                served.send(number);
              }
            });
        Eventually.that(() -> permits.stats().waitingSenders() == number);
      }
      first.release();
      for (int waiter = 1; waiter <= 3; waiter++) {
        assertEquals(waiter, served.receive());
      }
      scope.join();
    }
  }

  @Test
  void aPermitIsHandedOnOverAChannel() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      var semaphore = Semaphore.in(scope, "permits", 1);
      Channel<Permit> permits = scope.channel("handed on", 0);
      scope.start("heir", () -> permits.receive().release());
      permits.send(semaphore.acquire());
      scope.join();
      assertEquals(0, semaphore.held());
    }
  }

  @Test
  void tryingDoesNotWaitOrWaitsSoLong() throws InterruptedException {
    var clock = new VirtualClock();
    try (var scope = Scope.open("test", clock)) {
      var semaphore = Semaphore.in(scope, "permits", 1);
      var permit = semaphore.tryAcquire();
      assertNotNull(permit);
      assertNull(semaphore.tryAcquire());
      assertNull(semaphore.tryAcquire(Duration.ZERO));

      var waited = new Reply<Boolean>();
      scope.start(
          "waiter", () -> waited.complete(semaphore.tryAcquire(Duration.ofSeconds(1)) != null));
      clock.awaitAlarms(1);
      clock.advance(Duration.ofSeconds(1));
      assertFalse(waited.await());

      permit.release();
      assertTrue(semaphore.tryAcquire(Duration.ofSeconds(1)) != null);
      scope.join();
    }
  }

  @Test
  void whoIsInterruptedHasAcquiredNothing() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      var semaphore = Semaphore.in(scope, "permits", 1);
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, semaphore::acquire);
      assertEquals(0, semaphore.held());
    }
  }

  @Test
  void thereIsAtLeastOnePermit() {
    try (var scope = Scope.open("test")) {
      assertEquals(
          "the number of permits is 0, must be 1 or more",
          assertThrows(IllegalArgumentException.class, () -> Semaphore.in(scope, "permits", 0))
              .getMessage());
    }
  }
}
