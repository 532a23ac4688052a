package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The target, called over HTTP as the pool calls it. */
@NoLeaks
class TargetTest {

  private final VirtualClock clock = new VirtualClock();
  private final HttpClient client = HttpClient.newHttpClient();
  private Scope scope;
  private Target target;

  @BeforeEach
  void start() throws Exception {
    scope = Scope.open("test", clock);
    target = Target.start(scope);
  }

  @AfterEach
  void stop() {
    target.close();
    scope.close();
    client.close();
  }

  @Test
  void fastTakesEverything() throws Exception {
    assertEquals(200, call("/fast/orders", "e1", "job-1"));
    assertEquals(200, call("/fast/orders", "e1", "job-1"));

    assertEquals(new Received.Calls(Map.of("job-1", 2), 2), target.received().of("e1"));
  }

  @Test
  void slowTakesEverythingInItsTime() throws Exception {
    CompletableFuture<Integer> status = start("/slow/warehouse", "e1", "job-1");
    clock.awaitAlarms(1);

    clock.advance(Duration.ofMillis(49));
    assertEquals(1, clock.alarms(), "nothing takes it in less than 50 ms");
    assertFalse(status.isDone());

    clock.advance(Duration.ofMillis(251));
    assertEquals(200, status.get());
  }

  @Test
  void slowOnesAreServedAtTheSameTime() throws Exception {
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(start("/slow/warehouse", "e" + i, "job-" + i));
    }
    clock.awaitAlarms(50);
    clock.advance(Duration.ofMillis(300));

    for (CompletableFuture<Integer> each : all) {
      assertEquals(200, each.get());
    }
  }

  @Test
  void flakyTakesAnEventAfterOneOrTwoRefusals() throws Exception {
    List<String> answers = new ArrayList<>();
    for (String event : List.of("e1", "e2")) {
      for (int i = 0; i < 3; i++) {
        answers.add(event + " " + call("/flaky/crm", event, "job-of-" + event));
      }
    }
    assertEquals(List.of("e1 503", "e1 200", "e1 200", "e2 503", "e2 503", "e2 200"), answers);
    assertEquals(new Received.Calls(Map.of("job-of-e1", 3), 2), target.received().of("e1"));
    assertEquals(new Received.Calls(Map.of("job-of-e2", 3), 1), target.received().of("e2"));
  }

  @Test
  void rejectingAndFailingTakeNothing() throws Exception {
    assertEquals(422, call("/rejecting/erp", "e1", "job-1"));
    assertEquals(500, call("/failing/fax", "e2", "job-2"));
    assertEquals(500, call("/failing/fax", "e2", "job-2"));

    Received received = target.received();
    assertEquals(2, received.distinct());
    assertEquals(0, received.delivered());
    assertEquals(2, received.failed());
    assertEquals(1, received.retried());
    assertEquals(3, received.calls());
  }

  @Test
  void callsOfTwoJobsForOneEventAreTold() throws Exception {
    call("/fast/orders", "e1", "job-1");
    call("/fast/orders", "e1", "job-2");

    assertEquals(Map.of("job-1", 1, "job-2", 1), target.received().of("e1").byKey());
  }

  @Test
  void whatCannotBeCountedIsAStray() throws Exception {
    assertEquals(404, call("/elsewhere", "e1", "job-1"));
    assertEquals(404, call("/fast", "e1", "job-1"));
    assertEquals(400, send(request("/fast/x").header(Target.EVENT, "e1"), "{\"id\":\"e1\"}"));
    assertEquals(400, send(request("/fast/x").header(Target.KEY, "job-1"), "{\"id\":\"e1\"}"));
    assertEquals(400, send(whole("e1", "job-1"), "{\"id\":\"e2\"}"));
    assertEquals(400, send(whole("e1", "job-1"), "{\"id\":"));
    assertEquals(400, send(whole("e1", "job-1"), ""));

    assertEquals(new Received(Map.of(), 7), target.received());
  }

  @Test
  void callsAtTheSameTimeAreAllCounted() throws Exception {
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(start("/fast/orders", "e" + i % 10, "job-" + i % 10));
    }
    for (CompletableFuture<Integer> each : all) {
      assertEquals(200, each.get());
    }
    Received received = target.received();
    assertEquals(10, received.distinct());
    assertEquals(200, received.calls());
    assertEquals(new Received.Calls(Map.of("job-3", 20), 20), received.of("e3"));
  }

  @Test
  void aCallThatComesWhenTheDemoIsCancelledIsBrokenOff() throws Exception {
    CompletableFuture<Integer> waiting = start("/slow/warehouse", "e1", "job-1");
    clock.awaitAlarms(1);

    scope.cancel();

    assertThrows(ExecutionException.class, waiting::get);
    assertThrows(ExecutionException.class, () -> call("/fast/orders", "e2", "job-2"));
  }

  private int call(String path, String event, String job) throws Exception {
    return start(path, event, job).get();
  }

  private CompletableFuture<Integer> start(String path, String event, String job) {
    var call = request(path).header(Target.EVENT, event).header(Target.KEY, job);
    return client
        .sendAsync(
            call.POST(BodyPublishers.ofString("{\"id\":\"" + event + "\"}")).build(),
            BodyHandlers.discarding())
        .thenApply(response -> response.statusCode());
  }

  private int send(HttpRequest.Builder request, String body) throws Exception {
    return client
        .send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private HttpRequest.Builder whole(String event, String job) {
    return request("/fast/x").header(Target.EVENT, event).header(Target.KEY, job);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(target.uri() + path));
  }
}
