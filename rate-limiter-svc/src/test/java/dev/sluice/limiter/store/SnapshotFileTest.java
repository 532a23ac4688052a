package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.Shards;
import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotFileTest {
  private static final Fingerprint.Secret SECRET = new Fingerprint.Secret(123, -456);
  private static final Limit BUCKET = new Limit.TokenBucket(7, Duration.ofHours(1), 10);
  private static final Limit SLIDING = new Limit.SlidingWindow(10, Duration.ofHours(1));
  private static final Limit FIXED = new Limit.FixedWindow(10, CalendarUnit.YEAR);
  private static final List<Limit> LIMITS = List.of(BUCKET, SLIDING, FIXED);
  private static final long NOW = Duration.ofDays(20_000).toNanos();
  private static final long LATER = NOW + Duration.ofMinutes(5).toNanos();

  @TempDir Path directory;
  private Path path;
  private SnapshotFile file;

  @BeforeEach
  void name() {
    path = directory.resolve("limiter.snapshot");
    file = new SnapshotFile(path);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4})
  void everyKeyGoesOnWhereItWasWhateverTheNumberOfShards(int shards) throws IOException {
    var before = new MemoryLimitStores(3, 10_000);
    for (int key = 0; key < 1_000; key++) {
      for (Limit limit : LIMITS) {
        ask(before, "key-" + key, limit, Kind.ACQUIRE, key % 10 + 1, NOW + key);
      }
    }
    assertEquals(3_000, file.write(before, SECRET, LATER));

    var after = new MemoryLimitStores(shards, 10_000);
    assertEquals(SECRET, file.read(after, LATER));

    assertEquals(3_000, after.size());
    for (int key = 0; key < 1_000; key++) {
      for (Limit limit : LIMITS) {
        assertEquals(
            ask(before, "key-" + key, limit, Kind.PEEK, 10, LATER),
            ask(after, "key-" + key, limit, Kind.PEEK, 10, LATER));
      }
    }
  }

  @Test
  void whatIsTheSameAsNothingIsNeitherWrittenNorRead() throws IOException {
    var before = new MemoryLimitStores(2, 100);
    var second = new Limit.TokenBucket(1, Duration.ofSeconds(1), 1);
    var minute = new Limit.TokenBucket(1, Duration.ofMinutes(1), 1);
    ask(before, "a", second, Kind.ACQUIRE, 1, NOW);
    ask(before, "a", minute, Kind.ACQUIRE, 1, NOW);
    ask(before, "a", BUCKET, Kind.ACQUIRE, 10, NOW);
    assertEquals(2, file.write(before, SECRET, NOW + Duration.ofSeconds(2).toNanos()));

    var after = new MemoryLimitStores(2, 100);
    file.read(after, LATER);

    assertEquals(1, after.size());
  }

  @Test
  void withoutAFileThereIsNoSecret() throws IOException {
    assertNull(file.read(new MemoryLimitStores(1, 1), NOW));
  }

  @Test
  void replacesTheFileThatWasThere() throws IOException {
    var stores = new MemoryLimitStores(1, 100);
    file.write(stores, new Fingerprint.Secret(0, 0), NOW);
    ask(stores, "a", BUCKET, Kind.ACQUIRE, 1, NOW);
    file.write(stores, SECRET, NOW);

    assertEquals(SECRET, file.read(new MemoryLimitStores(1, 100), NOW));
    try (var files = Files.list(directory)) {
      assertEquals(List.of(path), files.toList());
    }
  }

  @Test
  void nobodyElseMayReadIt() throws IOException {
    file.write(new MemoryLimitStores(1, 1), SECRET, NOW);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void aDamagedFileIsRefusedAndNothingOfItUsed() throws IOException {
    var stores = new MemoryLimitStores(1, 100);
    for (int key = 0; key < 10; key++) {
      ask(stores, "key-" + key, BUCKET, Kind.ACQUIRE, 1, NOW);
    }
    file.write(stores, SECRET, NOW);
    byte[] whole = Files.readAllBytes(path);
    List<byte[]> damaged = new ArrayList<>();
    for (int length = 0; length < whole.length; length += 7) {
      damaged.add(java.util.Arrays.copyOf(whole, length));
    }
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      damaged.add(flipped);
    }
    damaged.add("not a snapshot, but long enough to be one".getBytes());
    for (byte[] bytes : damaged) {
      Files.write(path, bytes);
      var after = new MemoryLimitStores(1, 100);
      assertThrows(IOException.class, () -> file.read(after, NOW));
      assertEquals(0, after.size());
    }
  }

  @Test
  void aFileThatCannotBeWrittenLeavesTheOldOne() throws IOException {
    var stores = new MemoryLimitStores(1, 100);
    var missing = new SnapshotFile(directory.resolve("nosuch").resolve("file"));
    assertThrows(IOException.class, () -> missing.write(stores, SECRET, NOW));
  }

  private static Outcome ask(
      MemoryLimitStores stores, String key, Limit limit, Kind kind, long permits, long now) {
    var print = Fingerprint.of(SECRET, null, key);
    int shard = Shards.shardOf(print, stores.all().size());
    List<Outcome> outcomes = new ArrayList<>();
    stores
        .all()
        .get(shard)
        .submit(
            new Operation(LimitKey.of(null, key, limit, print), kind, permits), now, outcomes::add);
    return outcomes.getFirst();
  }
}
