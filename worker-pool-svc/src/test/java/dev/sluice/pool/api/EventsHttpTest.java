package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.accepted;
import static dev.sluice.pool.api.Pool.awaitMetric;
import static dev.sluice.pool.api.Pool.leased;
import static dev.sluice.pool.api.Pool.newQueue;
import static dev.sluice.pool.api.Pool.post;
import static dev.sluice.pool.api.Pool.tell;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of {@code /jobs/{id}/events} and {@code /queues/{q}/events}. */
@QuarkusTest
@TestProfile(EventsHttpTest.FewWatches.class)
@Timeout(120)
class EventsHttpTest {

  /** Two may watch, and are told every second that there is nothing to tell. */
  public static final class FewWatches implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.pool.max-watches", "2", "sluice.pool.streams.heartbeat", "1s");
    }
  }

  private final String queue = newQueue();
  private final HttpClient client = HttpClient.newHttpClient();

  /** One event of a stream. */
  private record Told(String name, JsonPath data) {}

  /** Reads events. */
  private static final class Stream implements AutoCloseable {
    private final BufferedReader lines;

    Stream(HttpResponse<InputStream> response) {
      assertEquals(200, response.statusCode());
      assertTrue(
          response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream"));
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The next event; null at the end. */
    Told next() throws IOException {
      String name = "";
      String data = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event:")) {
          name = line.substring("event:".length()).strip();
        } else if (line.startsWith("data:")) {
          data += line.substring("data:".length()).strip();
        } else if (line.isEmpty() && !data.isEmpty()) {
          return new Told(name, JsonPath.from(data));
        } else {
          assertTrue(line.isEmpty() || line.startsWith(":"), line);
        }
      }
      return null;
    }

    /** Waits for a comment. */
    void awaitComment() throws IOException {
      for (String line = lines.readLine(); !line.startsWith(":"); line = lines.readLine()) {
        assertTrue(line.isEmpty(), line);
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  @Test
  void tellsWhatHappensToAJobUntilItIsFinished() throws Exception {
    String id = accepted("{'queue':'" + queue + "'}");
    try (Stream events = watch("/jobs/" + id + "/events")) {
      Told first = events.next();
      assertEquals("queued", first.name());
      assertEquals(id, first.data().getString("id"));
      assertEquals(queue, first.data().getString("queue"));
      assertEquals("queued", first.data().getString("state"));
      assertEquals(0, first.data().getInt("attempt"));

      JsonPath leased = leased(queue);
      Told running = events.next();
      assertEquals("running", running.name());
      assertEquals(1, running.data().getInt("attempt"));

      tell(leased, "extend", ",'progress':{'done':1}").statusCode(200);
      Told progress = events.next();
      assertEquals("progress", progress.name());
      assertEquals(1, progress.data().getInt("progress.done"));

      tell(leased, "nack", ",'error':'no luck','retry':false").statusCode(200);
      Told failed = events.next();
      assertEquals("failed", failed.name());
      assertEquals("no luck", failed.data().getString("error"));
      assertNull(events.next());
    }
  }

  @Test
  void aFinishedJobIsToldOnce() throws Exception {
    String id = accepted("{'queue':'" + queue + "'}");
    post("/jobs/" + id + "/cancel").statusCode(200);
    try (Stream events = watch("/jobs/" + id + "/events")) {
      assertEquals("cancelled", events.next().name());
      assertNull(events.next());
    }
  }

  @Test
  void tellsWhatHappensInAQueueAndSaysWhenThereIsNothing() throws Exception {
    try (Stream events = watch("/queues/" + queue + "/events")) {
      events.awaitComment();
      String id = accepted("{'queue':'" + queue + "'}");
      assertEquals(id, events.next().data().getString("id"));
      post("/jobs/" + id + "/cancel").statusCode(200);
      assertEquals("cancelled", events.next().name());
      events.awaitComment();
    }
  }

  @Test
  void oneTooManyIsRefusedAndWhoHangsUpMakesRoom() throws Exception {
    try (Stream first = watch("/queues/" + queue + "/events")) {
      try (var second = new Socket("localhost", RestAssured.port)) {
        second
            .getOutputStream()
            .write(
                ("GET /queues/" + queue + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        assertTrue(second.getInputStream().read() > 0);
        first.awaitComment();
        given()
            .get("/queues/" + queue + "/events")
            .then()
            .statusCode(503)
            .contentType("application/problem+json")
            .body("detail", containsString("watch"));
      }
      awaitRoom();
    }
  }

  @Test
  void aReaderThatTakesNothingIsHungUpOn() throws Exception {
    accepted("{'queue':'" + queue + "'}");
    JsonPath leased = leased(queue);
    String large = ",'progress':'" + "x".repeat(200_000) + "'";
    try (var slow = new Socket()) {
      slow.setReceiveBufferSize(1_024);
      slow.connect(new InetSocketAddress("localhost", RestAssured.port));
      slow.getOutputStream()
          .write(
              ("GET /queues/" + queue + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertEquals('H', slow.getInputStream().read());
      for (int i = 0; i < 50; i++) {
        tell(leased, "extend", large).statusCode(200);
      }
      awaitMetric("sluice_pool_watches", 0); // hung up on; one that reads sooner may get all
      long came = readAll(slow);
      assertTrue(came < 50 * 200_000, came + " bytes");
    }
    tell(leased, "ack", "").statusCode(200);
  }

  /** Until the other side has hung up. */
  private static long readAll(Socket socket) {
    long came = 0;
    try {
      var buffer = new byte[65_536];
      for (int n = 0; n >= 0; n = socket.getInputStream().read(buffer)) {
        came += n;
      }
    } catch (IOException reset) {
      // that is an end too
    }
    return came;
  }

  /** Until a watch that was hung up on is seen to be. */
  private void awaitRoom() throws Exception {
    while (true) {
      HttpResponse<InputStream> response = open("/queues/" + queue + "/events");
      response.body().close();
      if (response.statusCode() == 200) {
        return;
      }
      assertEquals(503, response.statusCode());
    }
  }

  private Stream watch(String path) throws Exception {
    while (true) {
      HttpResponse<InputStream> response = open(path);
      if (response.statusCode() != 503) {
        return new Stream(response);
      }
      response.body().close(); // of another test's that are not seen to be gone yet
    }
  }

  private HttpResponse<InputStream> open(String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
  }
}
