package dev.sluice.service;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.http.HttpClosedException;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever meets an error first, over HTTP it is a problem document. Spoken by a plain client. */
@QuarkusTest
class HttpErrorsTest {
  private static final byte[] TEN_MEGABYTES = new byte[10_000_000];

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TestHTTPResource URI server;
  @Inject ObjectMapper mapper;

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/samples/a/b", "/q/nothing", "/%C3%28", "/samples%2Fa/b/c"})
  void anUnknownPathIs404(String path) throws Exception {
    var response = send(request(path).GET());
    assertProblem(404, "/problems/not-found", response);
    assertEquals("nothing is at \"" + path + "\"", problem(response).get("detail").asText());
    assertEquals(path, problem(response).get("instance").asText());
  }

  @Test
  void aWrongMethodIs405WithThoseAllowed() throws Exception {
    var response = send(request("/samples").PUT(json("{}")));
    assertProblem(405, "/problems/method-not-allowed", response);
    assertEquals("POST", response.headers().firstValue("Allow").orElse(""));
    assertEquals(
        "PUT is not allowed at \"/samples\", allowed: POST",
        problem(response).get("detail").asText());
  }

  @Test
  void aWrongMethodOnATemplateIs405WithThoseAllowed() throws Exception {
    var response = send(request("/samples/7").PUT(json("{}")));
    assertProblem(405, "/problems/method-not-allowed", response);
    assertEquals("DELETE, GET, HEAD", response.headers().firstValue("Allow").orElse(""));
  }

  @ParameterizedTest
  @CsvSource({"/samples, POST", "/samples/7, 'DELETE, GET, HEAD'"})
  void optionsAreThoseAllowed(String path, String allowed) throws Exception {
    var response = send(request(path).method("OPTIONS", BodyPublishers.noBody()));
    assertEquals(200, response.statusCode());
    assertEquals(allowed, response.headers().firstValue("Allow").orElse(""));
  }

  @Test
  void headIsOnlyWhereGetIs() throws Exception {
    assertEquals(200, send(request("/samples/7").HEAD()).statusCode());
    var response = send(request("/samples").HEAD());
    assertEquals(405, response.statusCode());
    assertEquals("POST", response.headers().firstValue("Allow").orElse(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "gzip, identity"})
  void anotherContentEncodingIs415(String encoding) throws Exception {
    var response =
        send(
            request("/samples").header("Content-Encoding", encoding).POST(json("{\"key\":\"a\"}")));
    assertProblem(415, "/problems/unsupported-media-type", response);
    assertEquals(
        "content-encoding: \"" + encoding + "\" is not read, identity is",
        problem(response).get("detail").asText());
    assertEquals("identity", response.headers().firstValue("Accept-Encoding").orElse(""));
  }

  @Test
  void theContentEncodingIdentityIsNone() throws Exception {
    var request = request("/samples").header("Content-Encoding", "identity");
    assertEquals(200, send(request.POST(json("{\"key\":\"a\"}"))).statusCode());
  }

  /** The test's settings give a body a second; see application.properties. */
  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 100", "Content-Length: 100000", "Transfer-Encoding: chunked"})
  void aBodyThatDoesNotComeIs408(String size) throws Exception {
    try (var socket = new Socket(server.getHost(), server.getPort())) {
      var start =
          lines("POST /samples HTTP/1.1", "Host: x", size, "", size.startsWith("T") ? "6" : "");
      socket.getOutputStream().write(start);
      socket.getOutputStream().write(lines(size.startsWith("T") ? "\r\n{\"key\"" : "{\"key\""));
      // Ends only when the server hangs up.
      var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
      assertTrue(answer.contains("\"type\":\"/problems/body-not-in-time\""), answer);
      assertTrue(answer.contains("body: did not come to its end within 1s"), answer);
    }
  }

  /** It has no body, so none is late. */
  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void aCallWithoutABodyMayTakeAsLongAsItTakes(String method) throws Exception {
    var request = request("/samples/slow/a").method(method, BodyPublishers.noBody());
    assertEquals(200, send(request).statusCode());
  }

  @Test
  void theRestOfARefusedBodyIsWaitedForNoLonger() throws Exception {
    try (var socket = new Socket(server.getHost(), server.getPort())) {
      var size = "Content-Length: 2000000";
      socket.getOutputStream().write(lines("POST /samples HTTP/1.1", "Host: x", size, "", "{"));
      var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
    }
  }

  @Test
  void anUnacceptableAcceptIs406() throws Exception {
    var response = send(request("/samples/7").header("Accept", "text/csv").GET());
    assertProblem(406, "/problems/not-acceptable", response);
    assertEquals(
        "accept: \"text/csv\" cannot be served, application/json can",
        problem(response).get("detail").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/xml", "nonsense", "a/b/c;;"})
  void anotherMediaTypeIs415(String type) throws Exception {
    var response = send(request("/samples").setHeader("Content-Type", type).POST(json("{}")));
    assertProblem(415, "/problems/unsupported-media-type", response);
    assertEquals(
        "content-type: \"" + type + "\" is not read, application/json is",
        problem(response).get("detail").asText());
  }

  @Test
  void aBodyWithoutAMediaTypeIsReadAsJson() throws Exception {
    var answer = speak("POST /samples HTTP/1.1", "Host: x", "Content-Length: 9", "", "{\"key\":5}");
    assertTrue(answer.contains("400 Bad Request"), answer);
    assertTrue(answer.contains("key: 5 is not allowed, must be a string"), answer);
  }

  @Test
  void headersWithoutABodyAreAnEmptyBody() throws Exception {
    var answer =
        speak("POST /samples HTTP/1.1", "Host: x", "Content-Type: application/json", "", "");
    assertTrue(answer.contains("400 Bad Request"), answer);
    assertTrue(answer.contains("body: is empty, a JSON value is required"), answer);
  }

  @Test
  void aBodyThatSaysItIsTooLargeIs413() throws Exception {
    var response = send(request("/samples").POST(BodyPublishers.ofByteArray(TEN_MEGABYTES)));
    assertTooLarge(response);
  }

  @Test
  void aChunkedBodyThatTurnsOutTooLargeIs413() throws Exception {
    var response =
        send(
            request("/samples")
                .POST(BodyPublishers.ofInputStream(HttpErrorsTest::tenMegabytesOfJson)));
    assertTooLarge(response);
  }

  @Test
  void theConnectionIsStillGoodAfterALargeBody() throws Exception {
    assertTooLarge(send(request("/samples").POST(BodyPublishers.ofByteArray(TEN_MEGABYTES))));
    assertEquals(200, send(request("/samples").POST(json("{\"key\":\"a\"}"))).statusCode());
  }

  @Test
  void aBodyOfExactlyTheLimitIsTaken() throws Exception {
    var frame = "{\"key\":\"a\",\"payload\":\"\"}".length();
    var body = "{\"key\":\"a\",\"payload\":\"" + "x".repeat(1024 * 1024 - frame) + "\"}";
    assertEquals(200, send(request("/samples").POST(json(body))).statusCode());
    assertTooLarge(send(request("/samples").POST(json(body + " "))));
  }

  @Test
  void aLargeBodyForNothingIs413Too() throws Exception {
    assertTooLarge(send(request("/nothing").POST(BodyPublishers.ofByteArray(TEN_MEGABYTES))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 100000000000", "Transfer-Encoding: chunked"})
  void aBodyWithoutEndIsHungUpOn(String size) throws Exception {
    try (var socket = new Socket(server.getHost(), server.getPort())) {
      var out = socket.getOutputStream();
      out.write(lines("POST /samples HTTP/1.1", "Host: x", size, "", ""));
      out.write(lines("10000000000", "{\"key\":\"a\",\"payload\":\""));
      assertThrows(IOException.class, () -> writeOneGigabyte(out));
    }
  }

  @Test
  void aFaultIsLoggedOnceUnderItsId() throws Exception {
    var logged = new ConcurrentLinkedQueue<String>();
    var handler = new Recorder(logged);
    var log = Logger.getLogger("dev.sluice.service");
    log.addHandler(handler);
    try {
      var id = problem(send(request("/samples/failures/unexpected").GET())).get("id").asText();
      assertEquals(
          List.of("GET /samples/failures/unexpected failed, id " + id), List.copyOf(logged));
    } finally {
      log.removeHandler(handler);
    }
  }

  @Test
  void aCallerThatHangsUpIsNoFaultAndNotLogged() {
    var logged = new ConcurrentLinkedQueue<String>();
    var handler = new Recorder(logged);
    var log = Logger.getLogger("dev.sluice.service");
    log.addHandler(handler);
    try {
      var hungUp = new CompletionException(new HttpClosedException("Connection was closed"));
      assertEquals(ProblemType.BODY_NOT_IN_TIME, Problems.of(hungUp, "POST /samples").type());
      assertEquals(List.of(), List.copyOf(logged));
    } finally {
      log.removeHandler(handler);
    }
  }

  @Test
  void aProblemCarriesItsHeadersAndMembers() throws Exception {
    var response = send(request("/samples/failures/problem").GET());
    assertLimited(response);
  }

  @Test
  void aStageFailsAsAThrowDoes() throws Exception {
    assertLimited(send(request("/samples/failures/stage").GET()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unexpected", "return"})
  void aFaultOfTheServiceIs500AndTellsNothing(String failure) throws Exception {
    var response = send(request("/samples/failures/" + failure).GET());
    assertProblem(500, "/problems/internal", response);
    var id = problem(response).get("id").asText();
    assertEquals(16, id.length());
    assertTrue(problem(response).get("detail").asText().endsWith("logged as " + id));
    assertFalse(response.body().contains("secret"), response.body());
    assertFalse(response.body().contains("Exception"), response.body());
  }

  @Test
  void aPathParameterIsCheckedByTheSameRules() throws Exception {
    var response = send(request("/samples/a%00b").GET());
    assertProblem(400, "/problems/invalid-input", response);
    assertTrue(problem(response).get("detail").asText().contains("U+0000 at index 1"));
  }

  @Test
  void answersAndHealthAreNotInTheWay() throws Exception {
    assertEquals("{\"rate\":1,\"per\":\"1500ms\"}", send(request("/samples/7").GET()).body());
    assertEquals(200, send(request("/q/health/live").GET()).statusCode());
    assertEquals(200, send(request("/q/metrics").GET()).statusCode());
    assertEquals(200, send(request("/q/openapi").GET()).statusCode());
  }

  private static final class Recorder extends Handler {
    private final Collection<String> to;

    Recorder(Collection<String> to) {
      this.to = to;
    }

    @Override
    public void publish(LogRecord record) {
      to.add(new SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static ByteArrayInputStream tenMegabytesOfJson() {
    return new ByteArrayInputStream(
        ("{\"key\":\"a\",\"payload\":\"" + "x".repeat(10_000_000) + "\"}").getBytes(US_ASCII));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + server.getAuthority() + path))
        .header("Content-Type", "application/json");
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static BodyPublisher json(String body) {
    return BodyPublishers.ofString(body);
  }

  private static void writeOneGigabyte(OutputStream to) throws IOException {
    var block = "x".repeat(1_000_000).getBytes(US_ASCII);
    for (var i = 0; i < 1_000; i++) {
      to.write(block);
    }
  }

  private static byte[] lines(String... lines) {
    return String.join("\r\n", lines).getBytes(US_ASCII);
  }

  /** Sends these lines as they are and returns all that comes back. */
  private String speak(String... lines) throws IOException {
    try (var socket = new Socket(server.getHost(), server.getPort())) {
      socket.getOutputStream().write(lines(lines));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private JsonNode problem(HttpResponse<String> response) throws IOException {
    return mapper.readTree(response.body());
  }

  private void assertProblem(int status, String type, HttpResponse<String> response)
      throws IOException {
    assertEquals(status, response.statusCode(), response.body());
    assertEquals(
        Problem.MEDIA_TYPE,
        response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", ""));
    assertEquals(type, problem(response).get("type").asText());
    assertEquals(status, problem(response).get("status").asInt());
  }

  private void assertTooLarge(HttpResponse<String> response) throws IOException {
    assertProblem(413, "/problems/body-too-large", response);
    assertEquals(1024 * 1024, problem(response).get("limit").asInt());
  }

  private void assertLimited(HttpResponse<String> response) throws IOException {
    assertProblem(429, "/problems/rate-limited", response);
    assertEquals("key \"user:42\" has no permit left", problem(response).get("detail").asText());
    assertEquals(0, problem(response).get("remaining").asInt());
    assertEquals("2", response.headers().firstValue("Retry-After").orElse(""));
    assertEquals("\"default\";r=0;t=1", response.headers().firstValue("RateLimit").orElse(""));
  }
}
