package dev.sluice.mesh.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.mesh.grpc.GetRequestRequest;
import dev.sluice.mesh.grpc.MeshGrpc;
import dev.sluice.mesh.grpc.MeshRequest;
import dev.sluice.mesh.grpc.PipelineAnswer;
import dev.sluice.mesh.grpc.RequestState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests under faults: each is answered, its outcome is found by its id, and those of one key are
 * run in the order in which they were accepted.
 */
@Timeout(600)
class FaultsIT {
  private static final int REQUESTS = Boolean.getBoolean("deep") ? 10_000 : 1_000;

  /** So that they go on for longer than a fault lasts. */
  private static final int PER_SECOND = REQUESTS / (Boolean.getBoolean("deep") ? 15 : 6);

  private static final int KEYS = 50;
  private static final int WORKERS = 4;
  private static final int CUT_SECONDS = 5;
  private static final Pattern COUNT = Pattern.compile("\\{\"count\":(\\d+)}");

  private static MeshProcesses mesh;

  private String test;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    mesh = MeshProcesses.start(folder, WORKERS);
  }

  @AfterAll
  static void end() throws IOException {
    mesh.close();
  }

  @BeforeEach
  void awaitWell(TestInfo info) {
    test = info.getDisplayName().replace("()", "");
    mesh.awaitWell();
  }

  @Test
  void steady() throws InterruptedException {
    run(() -> {});
  }

  @Test
  void aWorkerIsStalled() throws InterruptedException {
    run(() -> MeshProcesses.signal("STOP", mesh.busiest()));
  }

  @Test
  void aWorkerIsKilled() throws InterruptedException {
    run(() -> MeshProcesses.signal("KILL", mesh.busiest()));
  }

  @Test
  void theRouterIsKilledAndStartedAgain() throws InterruptedException {
    run(() -> {
      mesh.killRouter();
      mesh.startRouter();
    });
  }

  @Test
  void theSupervisorIsKilledAndStartedAgain() throws InterruptedException {
    run(() -> {
      mesh.killSupervisor();
      mesh.startSupervisor();
    });
  }

  @Test
  void theNetworkBetweenRouterAndWorkersIsCut() throws InterruptedException {
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
      run(() -> {
        mesh.network().cut();
        timer.schedule(mesh.network()::heal, CUT_SECONDS, TimeUnit.SECONDS);
      });
    }
  }

  private void run(Runnable fault) throws InterruptedException {
    List<MeshRequest> requests = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      requests.add(Traffic.request(test + "-" + i, test + "-" + i % KEYS, "count"));
    }
    var traffic = new Traffic(mesh, requests, PER_SECOND);
    long begin = System.nanoTime();
    traffic.run(REQUESTS / 6, fault);
    double seconds = (System.nanoTime() - begin) / 1e9;
    assertFound(requests, traffic);
    int changed = assertOrder(requests, traffic);
    System.out.printf(
        "%s: %d requests answered and found by id in %.1f s; %d of %d keys changed their owner%n",
        test, REQUESTS, seconds, changed, KEYS);
  }

  /** What is found is what was told. */
  private static void assertFound(List<MeshRequest> requests, Traffic traffic) {
    var stub = MeshGrpc.newBlockingStub(mesh.router());
    assertEquals(requests.size(), traffic.answers().size());
    for (int i = 0; i < requests.size(); i++) {
      String id = requests.get(i).getId();
      RequestState found = stub.getRequest(GetRequestRequest.newBuilder().setId(id).build());
      assertEquals(traffic.answers().get(i).getReply(), found.getReply().getReply(), id);
    }
  }

  /**
   * Each request that is run adds one to its key's count. As long as the key has one owner, the
   * counts are those of the order of acceptance, none left out and none twice. A new owner begins
   * anew when the state was lost, and goes on when it was handed over; never does a former owner
   * come after a later one.
   *
   * @return how many keys have had several owners
   */
  private static int assertOrder(List<MeshRequest> requests, Traffic traffic) {
    Map<String, PipelineAnswer> before = new HashMap<>();
    Set<String> changed = new HashSet<>();
    Set<String> disordered = new HashSet<>();
    for (int i = 0; i < requests.size(); i++) {
      String key = requests.get(i).getKey();
      if (traffic.wasRefused(i)) {
        disordered.add(key); // it was accepted later than others that were sent later
        continue;
      }
      PipelineAnswer answer = traffic.answers().get(i);
      PipelineAnswer last = before.put(key, answer);
      long expected = last == null ? 1 : count(last) + 1;
      if (last != null && last.getEpoch() != answer.getEpoch()) {
        changed.add(key);
        assertTrue(last.getEpoch() < answer.getEpoch(), () -> last + " before " + answer);
      } else if (disordered.contains(key)) {
        assertTrue(count(answer) >= expected, () -> last + " before " + answer);
      } else {
        assertEquals(expected, count(answer), () -> last + " before " + answer);
      }
    }
    return changed.size();
  }

  private static long count(PipelineAnswer answer) {
    Matcher count = COUNT.matcher(answer.getReply());
    assertTrue(count.matches(), answer::toString);
    return Long.parseLong(count.group(1));
  }
}
