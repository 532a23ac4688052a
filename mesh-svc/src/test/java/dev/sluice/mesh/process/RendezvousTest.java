package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final int SHARDS = 30_000;

  @Test
  void isTheSameForeverAndWhateverTheOrderOfTheWorkers() {
    var workers = names(4);
    assertEquals(
        List.of("worker-0", "worker-2", "worker-0", "worker-2"),
        IntStream.range(0, 4).mapToObj(shard -> owner(shard, workers)).toList());
    assertEquals(owners(workers), owners(workers.reversed()));
  }

  @Test
  void nobodyOwnsWhatNobodyIsThereFor() {
    assertEquals(Optional.empty(), Rendezvous.owner(3, List.of()));
  }

  @Test
  void onlyTheShardsOfALostWorkerMoveAndEvenly() {
    for (int count = 2; count <= 16; count++) {
      var workers = names(count);
      var before = owners(workers);
      for (String lost : workers) {
        var left = new ArrayList<>(workers);
        left.remove(lost);
        var after = owners(left);
        var inherited = new HashMap<String, Integer>();
        for (int shard = 0; shard < SHARDS; shard++) {
          if (before.get(shard).equals(lost)) {
            inherited.merge(after.get(shard), 1, Integer::sum);
          } else {
            assertEquals(before.get(shard), after.get(shard), "shard " + shard + " has moved");
          }
        }
        if (count > 2) {
          assertEvenly(inherited, left, 0.5); // few shards, so more scatter
        }
      }
    }
  }

  @Test
  void workersOwnTheSameNumberOfShardsWithinAFewPercent() {
    for (int count = 1; count <= 16; count++) {
      var sizes = new HashMap<String, Integer>();
      owners(names(count)).forEach(owner -> sizes.merge(owner, 1, Integer::sum));
      assertEvenly(sizes, names(count), 0.15);
    }
  }

  @Test
  void keysFallIntoAllShardsEvenlyAndAlwaysIntoTheSame() {
    assertEquals(List.of(12, 53, 61), List.of(shard("acct-7"), shard("user:42"), shard("")));
    var sizes = new int[64];
    for (int i = 0; i < 64_000; i++) {
      sizes[shard("acct-" + i)]++;
    }
    for (int size : sizes) {
      assertTrue(size > 850 && size < 1_150, "a shard has " + size + " of 1,000 keys");
    }
    assertNotEquals(shard("acct-7"), shard("acct-8"));
  }

  private static int shard(String key) {
    return KeyHash.shard(key, 64);
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "worker-" + i).toList();
  }

  private static List<String> owners(List<String> workers) {
    return IntStream.range(0, SHARDS).mapToObj(shard -> owner(shard, workers)).toList();
  }

  private static String owner(int shard, List<String> workers) {
    return Rendezvous.owner(shard, workers).orElseThrow();
  }

  private static void assertEvenly(Map<String, Integer> sizes, List<String> among, double scatter) {
    double mean = sizes.values().stream().mapToInt(size -> size).sum() / (double) among.size();
    for (String worker : among) {
      int size = sizes.getOrDefault(worker, 0);
      assertTrue(
          Math.abs(size - mean) <= mean * scatter,
          worker + " has " + size + ", the mean is " + mean);
    }
  }
}
