package dev.sluice.mesh.api;

import static dev.sluice.mesh.api.Calls.get;
import static dev.sluice.mesh.api.Calls.postTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import dev.sluice.mesh.grpc.KillWorkerRequest;
import dev.sluice.mesh.grpc.MeshEvent;
import dev.sluice.mesh.grpc.MeshGrpc.MeshBlockingStub;
import dev.sluice.mesh.grpc.StallWorkerRequest;
import dev.sluice.mesh.grpc.WatchMeshRequest;
import dev.sluice.mesh.grpc.WorkerState;
import io.grpc.Context;
import io.grpc.Status;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of {@code /mesh/events} and {@code /mesh/chaos}, and of both over gRPC. */
@QuarkusTest
@TestProfile(Chaos.class)
@Timeout(120)
class MeshEventsTest {

  @GrpcClient("mesh")
  MeshBlockingStub mesh;

  private final HttpClient client = HttpClient.newHttpClient();

  /** One event of a stream. */
  private record Told(String name, JsonPath data) {}

  /** Reads server-sent events. */
  private static final class Stream implements AutoCloseable {
    private final BufferedReader lines;

    Stream(HttpResponse<InputStream> response) {
      assertEquals(200, response.statusCode());
      assertTrue(
          response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream"));
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    Told next() throws IOException {
      String name = "";
      String data = "";
      while (true) {
        String line = lines.readLine();
        assertNotNull(line, "the stream has ended");
        if (line.startsWith("event:")) {
          name = line.substring("event:".length()).strip();
        } else if (line.startsWith("data:")) {
          data += line.substring("data:".length()).strip();
        } else if (line.isEmpty() && !data.isEmpty()) {
          return new Told(name, JsonPath.from(data));
        }
      }
    }

    /** The next of that name. */
    Told next(String name) throws IOException {
      Told told = next();
      while (!told.name().equals(name)) {
        told = next();
      }
      return told;
    }

    void awaitComment() throws IOException {
      String line = lines.readLine();
      while (!line.startsWith(":")) {
        line = lines.readLine();
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  @BeforeEach
  void awaitWorkers() {
    Calls.getUntil(
        "/mesh",
        view -> {
          JsonPath now = view.extract().jsonPath();
          return now.getList("workers.state").stream().allMatch("live"::equals)
              && now.getList("workers").size() == 4
              && now.getList("shards.worker").stream().allMatch(owner -> owner != null)
              && !now.getList("shards").isEmpty();
        });
  }

  @Test
  void tellsHowTheMeshIsThenWhatHappens() throws Exception {
    try (Stream events = watch()) {
      Told first = events.next();
      assertEquals("mesh", first.name());
      assertEquals(4, first.data().getList("workers").size());
      assertEquals(32, first.data().getList("shards").size());

      postTo("/mesh/chaos/kill", "{'worker':'worker-1'}").statusCode(204);
      Told fenced = events.next("worker_fenced");
      assertEquals("worker-1", fenced.data().getString("worker"));
      assertEquals("restarting", fenced.data().getString("state"));
      assertNotNull(fenced.data().getString("reason"));
      assertNotNull(fenced.data().getString("silent"));
      Told owned = events.next("shard_owned");
      assertEquals("built-in", owned.data().getString("group"));
      assertTrue(owned.data().getLong("epoch") > 0);
      Told joined = events.next("worker_joined");
      assertEquals("worker-1", joined.data().getString("worker"));
      assertTrue(joined.data().getLong("incarnation") > fenced.data().getLong("incarnation"));
    }
    get("/q/metrics").body(containsString("sluice_mesh_workers_fenced_total"));
    assertTrue(Calls.metric("sluice_mesh_workers_fenced_total") >= 1);
    assertTrue(Calls.metric("sluice_mesh_restarts_total{kind=\"worker\"") >= 1);
  }

  @Test
  void aStalledWorkerIsFencedAndItsShardsAreServedByOthers() throws Exception {
    try (Stream events = watch()) {
      events.next("mesh");
      postTo("/mesh/chaos/stall", "{'worker':'worker-2','for':'10s'}").statusCode(204);
      assertEquals("worker-2", events.next("worker_fenced").data().getString("worker"));
    }
    for (int i = 0; i < 50; i++) {
      Calls.post("{'key':'k" + i + "','op':'echo','wait':'30s'}").statusCode(200);
    }
  }

  @Test
  void saysWhenThereIsNothingToTell() throws Exception {
    try (Stream events = watch()) {
      events.next("mesh");
      events.awaitComment();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          stall | {}                              | 400 | worker: is required; for: is required
          stall | {'worker':'worker-0'}           | 400 | for: is required
          stall | {'worker':'worker-0','for':'0s'}  | 400 | for: 0s is not allowed, must be more than 0 and at most 1h
          stall | {'worker':'worker-0','for':'2h'}  | 400 | for: 2h is not allowed
          stall | {'worker':'worker-0','for':'5'}   | 400 | for
          stall | {'worker':'','for':'1s'}          | 400 | worker
          stall | {'worker':'w','for':'1s','x':1}   | 400 | x
          stall | {'worker':'nobody','for':'1s'}    | 404 | there is no live worker "nobody"
          kill  | {}                              | 400 | worker: is required
          kill  | {'worker':7}                    | 400 | worker
          kill  | {'worker':'nobody'}             | 404 | there is no live worker "nobody"
          """)
  void badInputIsAProblemThatNamesIt(String what, String body, int status, String named) {
    var answer =
        RestAssured.given()
            .contentType("application/json")
            .body(body.replace('\'', '"'))
            .post("/mesh/chaos/" + what)
            .then();
    answer
        .statusCode(status)
        .contentType("application/problem+json")
        .body("status", equalTo(status))
        .body("detail", containsString(named));
  }

  @Test
  void overGrpcTheSame() throws Exception {
    try (var watching = Context.current().withCancellation()) {
      Iterator<MeshEvent> events =
          watching.call(() -> mesh.watchMesh(WatchMeshRequest.getDefaultInstance()));
      assertEquals(4, events.next().getMesh().getWorkersCount());

      mesh.killWorker(KillWorkerRequest.newBuilder().setWorker("worker-3").build());
      MeshEvent event = events.next();
      while (!event.hasWorkerFenced()) {
        event = events.next();
      }
      assertEquals("worker-3", event.getWorkerFenced().getWorker());
      assertEquals(WorkerState.WORKER_STATE_RESTARTING, event.getWorkerFenced().getNext());
      while (!event.hasWorkerJoined()) {
        event = events.next();
      }
      assertEquals("worker-3", event.getWorkerJoined().getWorker());
    }
    awaitWorkers();
    mesh.stallWorker(
        StallWorkerRequest.newBuilder()
            .setWorker("worker-0")
            .setTime(Duration.newBuilder().setNanos(1_000_000))
            .build());
    RequestGrpcTest.assertRefused(
        Status.Code.NOT_FOUND,
        "nobody",
        () -> mesh.killWorker(KillWorkerRequest.newBuilder().setWorker("nobody").build()));
    RequestGrpcTest.assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "for",
        () -> mesh.stallWorker(StallWorkerRequest.newBuilder().setWorker("worker-0").build()));
  }

  private Stream watch() throws Exception {
    return new Stream(
        client.send(
            HttpRequest.newBuilder(
                    URI.create("http://localhost:" + RestAssured.port + "/mesh/events"))
                .build(),
            HttpResponse.BodyHandlers.ofInputStream()));
  }
}
