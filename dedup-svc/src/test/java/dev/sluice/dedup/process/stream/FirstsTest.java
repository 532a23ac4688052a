package dev.sluice.dedup.process.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.dedup.process.DedupSettings;
import dev.sluice.dedup.process.Deduplicator;
import dev.sluice.dedup.store.SeenOperation;
import dev.sluice.dedup.store.SeenOutcome;
import dev.sluice.dedup.store.SeenStore;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On real shards; a thread of its own is the owner of each stream. */
@NoLeaks
@Timeout(120)
class FirstsTest {
  private static final Duration BEAT = Duration.ofSeconds(1);

  @Test
  void alsoWithoutRoomEveryStreamIsAnsweredInOrderAndItsFirstPass() throws Exception {
    int streams = 8;
    try (var scope = Scope.open("test", Clock.system())) {
      Deduplicator deduplicator =
          start(scope, 2, 1, (_, _) -> new SetStore(Set.of())); // one message fits an inbox
      var calls = new ArrayList<Call>();
      for (int i = 0; i < streams; i++) {
        calls.add(new Call(deduplicator, "ns-" + i, 20_000, i));
      }
      for (Call call : calls) {
        call.run();
      }
      for (Call call : calls) {
        call.await();
        assertEquals(call.expected, call.passed);
        assertEquals(20_000, call.upTo);
      }
      deduplicator.close();
    }
  }

  @Test
  void whatTheStoreHasNotDecidedIsNamedAndTheRestPasses() throws Exception {
    try (var scope = Scope.open("test", Clock.system())) {
      Deduplicator deduplicator = start(scope, 1, 16, (_, _) -> new SetStore(Set.of("k3", "k5")));
      var call = new Call(deduplicator, "ns", 0, 0);
      call.own(() -> {
        for (int i = 1; i <= 6; i++) {
          assertTrue(call.firsts.offer(new Item<>(i, "k" + i, "k" + i, 2)));
        }
        call.firsts.flush();
      });
      call.await();
      assertEquals(List.of("k1", "k2", "k4", "k6"), call.passed);
      assertEquals(6, call.upTo);
      assertEquals(List.of(3L, 5L), call.stops.getFirst().undecided());
      assertInstanceOf(Stop.Refused.class, call.stops.getFirst().why());
      deduplicator.close();
    }
  }

  @Test
  void aClosedDeduplicatorStopsTheStreamBeforeWhatItHasNotSeen() throws Exception {
    try (var scope = Scope.open("test", Clock.system())) {
      Deduplicator deduplicator = start(scope, 1, 16, (_, _) -> new SetStore(Set.of()));
      deduplicator.close();
      var call = new Call(deduplicator, "ns", 0, 0);
      call.own(() -> {
        call.firsts.offer(new Item<>(1, "k", "k", 1));
        call.firsts.flush();
      });
      call.await();
      assertEquals(List.of(), call.passed);
      assertEquals(0, call.upTo);
      assertEquals(new Stop(new Stop.Closed(), List.of()), call.stops.getFirst());
    }
  }

  private static Deduplicator start(Scope scope, int shards, int inbox, SeenStore.Factory stores)
      throws InterruptedException {
    return Deduplicator.start(
        scope,
        HeartbeatMonitor.start(scope, "hearts", BEAT),
        new DedupSettings(shards, inbox, Duration.ofDays(1), new Fingerprint.Secret(1, 2)),
        stores);
  }

  /** Knows keys for ever, and is full for some. */
  private static final class SetStore implements SeenStore {
    private final Set<String> refused;
    private final Set<Fingerprint> seen = new HashSet<>();

    SetStore(Set<String> refused) {
      this.refused = refused;
    }

    @Override
    public void submit(SeenOperation operation, long now, Consumer<? super SeenOutcome> answer) {
      if (!(operation instanceof SeenOperation.See see)) {
        throw new AssertionError("not asked here: " + operation);
      }
      answer.accept(
          refused.contains(see.key().key())
              ? new SeenOutcome.Failed(new StoreFailure.Full("full", Duration.ofSeconds(1)))
              : new SeenOutcome.Seen(seen.add(see.key().fingerprint()) ? 1 : 2, now, now + 1));
    }

    @Override
    public long sweep(long now) {
      return Long.MAX_VALUE;
    }
  }

  /** A stream of random keys. */
  private static final class Call implements Sieve.Outlet<String> {
    final List<String> passed = new ArrayList<>();
    final List<String> expected = new ArrayList<>();
    final List<Stop> stops = new ArrayList<>();
    final Firsts<String> firsts;
    long upTo;

    private final ExecutorService owner =
        Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
    private final List<Item<String>> items;
    private int next;

    Call(Deduplicator deduplicator, String namespace, int count, long seed) {
      var random = new Random(seed);
      Set<String> seen = new HashSet<>();
      items =
          IntStream.rangeClosed(1, count)
              .mapToObj(i -> {
                String key = "k" + random.nextInt(count / 4);
                if (seen.add(key)) {
                  expected.add(key + "-" + i);
                }
                return new Item<>(i, key, key + "-" + i, 10);
              })
              .toList();
      firsts =
          new Firsts<>(
              deduplicator,
              new Firsts.Window(namespace, Duration.ofDays(1), false),
              owner,
              Clock.system(),
              this);
    }

    void own(Runnable step) throws InterruptedException, ExecutionException {
      Future<?> done = owner.submit(step);
      done.get();
    }

    void run() throws InterruptedException, ExecutionException {
      own(this::readOn);
    }

    void await() throws InterruptedException {
      assertTrue(owner.awaitTermination(100, java.util.concurrent.TimeUnit.SECONDS));
    }

    @Override
    public void pass(List<Item<String>> items, long upTo) {
      assertTrue(upTo >= this.upTo);
      this.upTo = upTo;
      items.forEach(item -> passed.add(item.payload()));
    }

    @Override
    public void readOn() {
      while (next < items.size() && firsts.offer(items.get(next))) {
        next++;
      }
      if (next == items.size()) {
        firsts.end();
      } else {
        firsts.flush();
      }
    }

    @Override
    public void ended() {
      owner.shutdown();
    }

    @Override
    public void stopped(Stop stop) {
      stops.add(stop);
      owner.shutdown();
    }
  }
}
