package dev.sluice.mesh.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged application as a supervisor, two routers and three workers, hurt by real signals.
 */
@Timeout(900)
class MeshProcessesIT {
  private static final int WORKERS = 3;
  private static final int ROUTERS = 2;

  @TempDir Path folder;

  @Test
  void healsWhateverOfItDies() throws Exception {
    try (var mesh = new RealMesh(folder, WORKERS, ROUTERS, Duration.ofSeconds(3))) {
      JsonNode view = mesh.await("serving", RealMesh.isServing(WORKERS, ROUTERS));
      askAll(mesh, "calm");

      long killed = RealMesh.pid(view, "workers", "worker-1");
      RealMesh.signal("KILL", killed);
      askAll(mesh, "killed");

      long stalled = RealMesh.pid(view, "workers", "worker-2");
      RealMesh.signal("STOP", stalled);
      askAll(mesh, "stalled");
      view = mesh.await("healed", RealMesh.isServing(WORKERS, ROUTERS));
      assertNotEquals(killed, RealMesh.pid(view, "workers", "worker-1"));
      assertNotEquals(stalled, RealMesh.pid(view, "workers", "worker-2"));

      RealMesh.signal("KILL", RealMesh.pid(view, "routers", "router-0"));
      askAll(mesh, "router");

      mesh.killSupervisor();
      List<ProcessHandle> orphans = mesh.members();
      mesh.startSupervisor();
      mesh.await("taken over", RealMesh.isServing(WORKERS, ROUTERS));
      assertEquals(pids(orphans), pids(mesh.members()));
      askAll(mesh, "supervisor");

      assertEquals(0, mesh.stop());
      assertEquals(List.of(), mesh.members());
    }
  }

  /** Over both routers; what is repeated is answered the same. */
  private static void askAll(RealMesh mesh, String round) throws Exception {
    for (int i = 0; i < 40; i++) {
      String id = round + "-" + i;
      JsonNode first = mesh.ask(i % ROUTERS, id, "key-" + i, "echo", "{\"n\":" + i + "}");
      assertEquals(i, first.path("reply").path("n").asInt(), first.toString());
      assertEquals(id, first.path("id").asText());
    }
  }

  private static List<Long> pids(List<ProcessHandle> processes) {
    return processes.stream().map(ProcessHandle::pid).sorted().toList();
  }
}
