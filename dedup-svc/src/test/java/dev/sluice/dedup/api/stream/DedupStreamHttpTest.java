package dev.sluice.dedup.api.stream;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@code POST /dedup/stream}. */
@QuarkusTest
@Timeout(120)
class DedupStreamHttpTest {
  private final String namespace = "ns-" + UUID.randomUUID();
  private final String first = "namespace=" + namespace + "&ttl=10m";

  @Test
  void whatIsFirstPassesWhileTheInputGoesOn() throws IOException {
    try (var call = new StreamCall(first + "&key=/id")) {
      assertEquals(200, call.status());
      assertEquals("application/x-ndjson", call.field("content-type"));
      call.send("{\"id\":\"a\", \"n\":1}\n");
      assertEquals("{\"id\":\"a\", \"n\":1}", call.line());
      call.send("{\"id\":\"a\",\"n\":2}\n{\"id\":\"b\"}\n");
      assertEquals("{\"id\":\"b\"}", call.line());
      call.end();
      assertNull(call.line());
      assertEquals("3", call.field("sluice-lines"));
      assertEquals("2", call.field("sluice-passed"));
      assertEquals("0", call.field("sluice-skipped"));
      assertNull(call.field("sluice-problem"));
    }
  }

  @Test
  void anyInputInAnyPiecesComesOutAsTheModelSays() throws Exception {
    var random = new Random(6);
    var input = new ByteArrayOutputStream();
    var expected = new ByteArrayOutputStream();
    Set<String> seen = new HashSet<>();
    int lines = 20_000;
    for (int i = 0; i < lines; i++) {
      String line =
          switch (random.nextInt(10)) {
            case 0 -> "";
            case 1 -> " \t";
            case 2 -> "größe €" + random.nextInt(500) + " \uD83D\uDE00";
            case 3 -> "x".repeat(1_000 + random.nextInt(200));
            case 4 -> "\t" + random.nextInt(100) + "\u0001";
            default -> "line-" + random.nextInt(5_000);
          };
      String end = i == lines - 1 ? "" : random.nextInt(3) == 0 ? "\r\n" : "\n";
      input.write((line + end).getBytes(UTF_8));
      if (!line.isBlank() && seen.add(line)) {
        expected.write((line + (end.isEmpty() ? "\n" : end)).getBytes(UTF_8));
      }
    }
    try (var call = new StreamCall(first)) {
      Thread sender = Thread.startVirtualThread(() -> sendInPieces(call, input.toByteArray()));
      assertArrayEquals(expected.toByteArray(), call.rest());
      sender.join();
      assertEquals("" + lines, call.field("sluice-lines"));
      assertEquals("" + seen.size(), call.field("sluice-passed"));
    }
  }

  private static void sendInPieces(StreamCall call, byte[] bytes) {
    var random = new Random(7);
    try {
      for (int at = 0; at < bytes.length; ) {
        int to = Math.min(bytes.length, at + 1 + random.nextInt(random.nextInt(1_000) + 1));
        call.send(bytes, at, to);
        at = to;
      }
      call.end();
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  @Test
  void sharesItsKeysWithDedup() throws IOException {
    dedup("7", true);
    dedup("a b", true);
    try (var call = new StreamCall(first + "&key=/o~1d/1")) {
      call.send("{\"o/d\":[0,7]}\n{\"o/d\":[0,\"7\"]}\n{\"o/d\":[0,\"a\\u0020b\"]}\n")
          .send("{\"o/d\":[0,true]}\n{\"o/d\":[0,1.50]}\n")
          .end();
      assertEquals(List.of("{\"o/d\":[0,true]}", "{\"o/d\":[0,1.50]}"), call.lines());
    }
    dedup("true", false);
    dedup("1.50", false);
    dedup("1.5", true);
  }

  private void dedup(String key, boolean isFirst) {
    given()
        .contentType("application/json")
        .body("{\"key\":\"%s\",\"namespace\":\"%s\",\"ttl\":\"10m\"}".formatted(key, namespace))
        .post("/dedup")
        .then()
        .statusCode(200)
        .body("first", org.hamcrest.Matchers.equalTo(isFirst));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'id':                  | is not JSON
          {'id':1} {'id':2}       | more follows
          {'id':1}]               | is not
          not json                | is not JSON
          {'other':1}             | has nothing at
          [1,2]                   | has nothing at
          7                       | has nothing at
          {'id':null}             | has null at
          {'id':{'id':1}}         | has an object at
          {'id':[1]}              | has an array at
          {'id':''}               | must be 1 to
          {'id':'a\\u0000b'}      | control characters
          {'id':'\\ud800'}        | surrogate
          {'id':1,'id':1}         | twice
          {'id':01}               | is not JSON
          {'id':NaN}              | is not JSON
          """)
  void theFirstLineWithoutAKeyEndsTheStreamAndIsNamed(String line, String why) throws IOException {
    String bad = line.replace('\'', '"');
    try (var call = new StreamCall(first + "&key=/id")) {
      call.send("{\"id\":\"a\"}\n\n" + bad + "\n{\"id\":\"never\"}\n");
      assertEquals("{\"id\":\"a\"}", call.line());
      var problem = JsonPath.from(call.line()).setRootPath("problem");
      assertEquals("/problems/invalid-input", problem.getString("type"));
      assertEquals("/dedup/stream", problem.getString("instance"));
      assertEquals(3, problem.getInt("badLine"));
      assertEquals(2, problem.getInt("lines"));
      assertTrue(problem.getString("detail").startsWith("line 3: "), problem.prettify());
      assertTrue(problem.getString("detail").contains(why), problem.prettify());
      assertNull(call.line());
      assertEquals("/problems/invalid-input", call.field("sluice-problem"));
    }
    dedup("never", true);
  }

  @Test
  void linesWithoutAKeyCanBeSkipped() throws IOException {
    try (var call = new StreamCall(first + "&key=/id&bad=skip&summary=true")) {
      call.send("{\"id\":1}\nnonsense\n{\"id\":1}\n{}\n{\"id\":2}").end();
      assertEquals(
          List.of(
              "{\"id\":1}", "{\"id\":2}", "{\"summary\":{\"lines\":5,\"passed\":2,\"skipped\":2}}"),
          call.lines());
      assertEquals("2", call.field("sluice-skipped"));
    }
  }

  @Test
  void keysAreAsLongAsElsewhere() throws IOException {
    try (var call = new StreamCall(first + "&key=")) {
      String longest = "\"" + "k".repeat(1_024) + "\"";
      call.send(longest + "\n" + "\"" + "k".repeat(1_025) + "\"\n");
      assertEquals(longest, call.line());
      assertTrue(String.valueOf(call.line()).contains("must be 1 to 1024 bytes of UTF-8"));
    }
  }

  @Test
  void aLineIsAsLongAsItMayBe() throws IOException {
    String longest = "x".repeat(65_536);
    try (var call = new StreamCall(first)) {
      call.send(longest + "\r\n" + longest + "\n" + "y" + longest);
      assertEquals(longest + "\r", call.line());
      var problem = JsonPath.from(call.line()).setRootPath("problem");
      assertTrue(problem.getString("detail").contains("longer than 65536 bytes"));
      assertEquals(3, problem.getInt("badLine"));
      assertNull(call.line());
    }
  }

  @Test
  void anEmptyInputHasAnEmptyAnswer() throws IOException {
    try (var call = new StreamCall(first)) {
      call.end();
      assertEquals(200, call.status());
      assertNull(call.line());
      assertEquals("0", call.field("sluice-lines"));
    }
  }

  @Test
  void aWindowSlidesIfAsked() throws IOException {
    try (var call = new StreamCall("namespace=" + namespace + "&ttl=1ns&extend=true")) {
      call.send("a\n").end();
      assertEquals(List.of("a"), call.lines());
    }
    try (var call = new StreamCall("namespace=" + namespace + "&ttl=1h&extend=true")) {
      call.send("a\na\n").end();
      assertEquals(List.of("a"), call.lines());
    }
  }

  @Test
  void aConnectionServesOneStreamAfterTheOther() throws IOException {
    try (var call = new StreamCall(first)) {
      call.send("a\n").end();
      assertEquals(List.of("a"), call.lines());
      call.socket()
          .getOutputStream()
          .write("GET /nosuch HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      byte[] answer = new byte[12];
      assertEquals(12, call.socket().getInputStream().readNBytes(answer, 0, 12));
      assertEquals("HTTP/1.1 404", new String(answer, UTF_8));
    }
  }

  @Test
  void whoDoesNotReadIsNotReadFrom() throws Exception {
    try (var socket = SocketChannel.open()) {
      socket.setOption(java.net.StandardSocketOptions.SO_RCVBUF, 64 * 1024);
      socket.connect(new InetSocketAddress("localhost", RestAssured.port));
      socket.write(
          ByteBuffer.wrap(
              ("POST /dedup/stream?"
                      + first
                      + " HTTP/1.1\r\nHost: localhost\r\n"
                      + "Transfer-Encoding: chunked\r\n\r\n")
                  .getBytes(UTF_8)));
      socket.configureBlocking(false);
      long accepted = 0;
      int refused = 0;
      for (int i = 0; refused < 2_000_000 && accepted < 200_000_000; i++) {
        var chunk = chunk(i);
        while (chunk.hasRemaining() && refused < 2_000_000) {
          int written = socket.write(chunk);
          accepted += written;
          refused = written == 0 ? refused + 1 : 0;
          Thread.onSpinWait(); // the service may be reading still
        }
      }
      assertTrue(accepted < 100_000_000, "taken in without an answer being read: " + accepted);
    }
    awaitOpenStreams(0);
  }

  /** About 10 kB of lines that are all first. */
  private static ByteBuffer chunk(int number) {
    var lines = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      lines.append("%0100d%n".formatted(number * 100 + i));
    }
    return ByteBuffer.wrap(
        (Integer.toHexString(lines.length()) + "\r\n" + lines + "\r\n").getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FIN", "RST"})
  void whoHangsUpLeavesNothingBehind(String how) throws Exception {
    for (String mode : List.of(first, "mode=debounce-trailing&quiet=1h")) {
      try (var call = new StreamCall(mode)) {
        call.status();
        call.send("a\nb\nc");
        awaitOpenStreams(1);
        call.socket().setSoLinger(how.equals("RST"), 0);
      }
      awaitOpenStreams(0);
    }
  }

  private static void awaitOpenStreams(int count) {
    while (openStreams() != count) {
      Thread.onSpinWait();
    }
    assertEquals(count, openStreams());
  }

  private static int openStreams() {
    String metrics = given().get("/q/metrics").asString();
    Matcher depth =
        Pattern.compile("sluice_dedup_channel_depth\\{[^}]*channel=\"streams\"[^}]*} (\\d+)")
            .matcher(metrics);
    assertTrue(depth.find(), metrics);
    return Integer.parseInt(depth.group(1));
  }

  @Test
  void trailingPassesTheLastOfABurstWhenItIsQuiet() throws IOException {
    try (var call = new StreamCall("mode=debounce-trailing&quiet=300ms&key=/id")) {
      call.send("{\"id\":1,\"n\":1}\n{\"id\":2,\"n\":1}\n{\"id\":1,\"n\":2}\n");
      assertEquals("{\"id\":2,\"n\":1}", call.line());
      assertEquals("{\"id\":1,\"n\":2}", call.line());
      call.send("{\"id\":1,\"n\":3}\n{\"id\":1,\"n\":4}\n").end();
      assertEquals(List.of("{\"id\":1,\"n\":4}"), call.lines());
      assertEquals("5", call.field("sluice-lines"));
      assertEquals("3", call.field("sluice-passed"));
    }
  }

  @Test
  void leadingPassesTheFirstOfABurstAtOnce() throws IOException {
    try (var call = new StreamCall("mode=debounce-leading&quiet=1h")) {
      call.send("a\na\nb\n");
      assertEquals("a", call.line());
      assertEquals("b", call.line());
      call.send("a\nc\n").end();
      assertEquals(List.of("c"), call.lines());
    }
    dedup("a", true); // bursts are the stream's own
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -                                         | ttl: is required for mode=first
          ttl=0s                                    | ttl: 0s is not allowed
          ttl=8d                                    | at most 7d
          ttl=soon                                  | is not a duration
          ttl=1m&ttl=2m                             | ttl: is there twice
          ttl=1m&colour=red                         | colour: is not known
          ttl=1m&quiet=1s                           | quiet: 1s is not allowed, is for debouncing
          ttl=1m&mode=last                          | must be one of [first, debounce-trailing, debounce-leading]
          mode=debounce-trailing                    | quiet: is required for debouncing
          mode=debounce-leading&quiet=0s            | quiet: 0s is not allowed
          mode=debounce-leading&quiet=1s&ttl=1m     | ttl: 1m is not allowed, is for mode=first
          mode=debounce-leading&quiet=1s&extend=true| extend: is for mode=first
          ttl=1m&extend=yes                         | must be false or true
          ttl=1m&bad=ignore                         | must be stop or skip
          ttl=1m&summary=1                          | must be false or true
          ttl=1m&namespace=                         | namespace
          ttl=1m&key=id                             | must be a JSON pointer such as /id
          ttl=1m&key=/a~2b                          | after ~ only 0 and 1 may stand
          """)
  void badParametersAreAProblemBeforeAnythingIsRead(String query, String named) throws IOException {
    try (var call = new StreamCall(query == null ? "" : query)) {
      call.send("a\n"); // and no end
      assertEquals(400, call.status());
      assertEquals("application/problem+json", call.field("content-type"));
      var problem = JsonPath.from(new String(call.rest(), UTF_8));
      assertEquals("/problems/invalid-input", problem.getString("type"));
      assertEquals("/dedup/stream", problem.getString("instance"));
      assertTrue(problem.getString("detail").contains(named), problem.prettify());
    }
  }

  @Test
  void otherMediaTypesAndMethodsAreProblems() throws IOException {
    try (var call = new StreamCall(first, "Content-Type: application/xml\r\n")) {
      assertEquals(415, call.status());
    }
    try (var call = new StreamCall(first, "Content-Encoding: gzip\r\n")) {
      assertEquals(415, call.status());
    }
    try (var call = new StreamCall(first, "")) {
      assertEquals(200, call.status());
      call.end();
    }
    given()
        .put("/dedup/stream")
        .then()
        .statusCode(405)
        .contentType("application/problem+json")
        .header("Allow", containsString("POST"));
  }

  @Test
  void oldHttpIsRefusedAndTakesNoPlace() throws IOException {
    for (int i = 0; i < 70; i++) { // more than may be open
      try (var socket = new Socket("localhost", RestAssured.port)) {
        socket
            .getOutputStream()
            .write(
                "POST /dedup/stream?ttl=1m HTTP/1.0\r\nContent-Length: 2\r\n\r\nk\n"
                    .getBytes(UTF_8));
        assertTrue(new String(socket.getInputStream().readAllBytes(), UTF_8).contains(" 400 "));
      }
    }
    try (var call = new StreamCall(first)) {
      assertEquals(200, call.status());
      call.end();
    }
  }

  @Test
  void aKeyMayBeEscapedInTheQuery() throws IOException {
    String pointer = URLEncoder.encode("/a b/~0", UTF_8);
    try (var call = new StreamCall(first + "&key=" + pointer)) {
      call.send("{\"a b\":{\"~\":1}}\n{\"a b\":{\"~\":1},\"c\":2}\n").end();
      assertEquals(List.of("{\"a b\":{\"~\":1}}"), call.lines());
    }
  }

  @Test
  void aBodyOfKnownLengthOverTheLimitOfOthersIsRead() {
    var lines = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      lines.append("%0100d\n".formatted(i)); // 3 MB
    }
    String answer =
        given()
            .contentType("application/x-ndjson")
            .body(lines.toString().getBytes(UTF_8))
            .post("/dedup/stream?" + first)
            .then()
            .statusCode(200)
            .extract()
            .asString();
    assertEquals(lines.toString(), answer);
  }
}
