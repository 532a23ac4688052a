package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoOpenScopes.class)
class SnapshotTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** All that a line of the charts may be. */
  private static final Pattern CHART_LINE =
      Pattern.compile(
          """
          flowchart LR|\
          \\s+end|\
          \\s+subgraph s\\d+\\["scope [^"]*"]|\
          \\s+c\\d+\\(\\["[^"]+"]\\)|\
          \\s+p\\d+\\["[^"]+"]|\
          \\s+p\\d+ -\\. send \\.-> c\\d+|\
          \\s+c\\d+ -\\. receive \\.-> p\\d+|\
          \\s+classDef deadlock stroke:#c00,stroke-width:3px|\
          \\s+class p\\d+(,p\\d+)* deadlock\
          """);

  /** Entities, letters, digits and spaces, and our own line breaks. */
  private static final Pattern LABEL = Pattern.compile("(#\\d+;|<br/>|[\\p{L}\\p{Nd} ])*");

  @Test
  void anEmptyWorld() {
    var empty = Processes.snapshot();
    assertEquals("", empty.toText());
    assertEquals("{\"scopes\":[],\"stalls\":[]}", empty.toJson());
    assertEquals("flowchart LR\n", empty.toMermaid());
  }

  @Test
  void allThreeFormsTellTheSame() throws Exception {
    Channel<Integer> anybodys = new Channel<>(0, "anybody's", Noon.CLOCK);
    var latch = new CountDownLatch(1);
    try (var owner =
        Owner.does(scope -> {
          Channel<Integer> orders = scope.port("orders", 2);
          Channel<Integer> results = scope.channel("results", 1);
          results.send(1);
          results.close();
          scope.start(
              "waiter",
              () -> {
                var select = Select.fair(Noon.CLOCK);
                select.receive(orders);
                select.send(anybodys).value(1);
                select.after(Duration.ofHours(1));
                select.await();
              });
          scope.start("till", latch::await);
          var cellar = scope.child("cellar");
          Channel<Integer> crates = cellar.channel("crates", 0);
          cellar.start("cook", crates::receive);
          scope.start("boss", cellar::join);
          crates.receiveOrNull();
        })) {
      var seen = owner.settled(4);
      assertEquals(
          """
          scope tree (since 2026-11-23T12:00:00Z)
            port orders: 0/2, sent 0, received 0, waiting 0 to send, 1 to receive
            channel results (closed): 1/1, sent 1, received 0, waiting 0 to send, 0 to receive
            process waiter (since 2026-11-23T12:00:00Z): select send on anybody's (0/0) or receive from orders (0/2), with a time limit
            process till (since 2026-11-23T12:00:00Z): CountDownLatch
            process boss (since 2026-11-23T12:00:00Z): the end of scope cellar
            scope cellar (since 2026-11-23T12:00:00Z)
              channel crates: 0/0, sent 0, received 0, waiting 0 to send, 2 to receive
              process cook (since 2026-11-23T12:00:00Z): receive from crates (0/0)
          stalled: only process waiter of scope tree, process till of scope tree can wake boss, cook, owner
            process boss of scope tree: the end of scope cellar
            process cook of scope cellar: receive from crates (0/0)
            thread owner: receive from crates (0/0)
          """,
          seen.toText());
      assertEquals(
          JSON.readTree(
              """
              {"scopes": [{
                "id": "s1", "name": "tree", "since": "2026-11-23T12:00:00Z", "cancelled": false,
                "channels": [
                  {"id": "c1", "name": "orders", "port": true, "capacity": 2, "depth": 0, "sent": 0,
                   "received": 0, "waitingSenders": 0, "waitingReceivers": 1, "closed": false},
                  {"id": "c2", "name": "results", "port": false, "capacity": 1, "depth": 1, "sent": 1,
                   "received": 0, "waitingSenders": 0, "waitingReceivers": 0, "closed": true}],
                "processes": [
                  {"id": "p1", "name": "waiter", "since": "2026-11-23T12:00:00Z",
                   "state": "communicates", "limited": true, "on": [
                    {"direction": "send", "channel": "c4", "name": "anybody's", "depth": 0, "capacity": 0},
                    {"direction": "receive", "channel": "c1", "name": "orders", "depth": 0, "capacity": 2}]},
                  {"id": "p2", "name": "till", "since": "2026-11-23T12:00:00Z",
                   "state": "waits", "what": "CountDownLatch"},
                  {"id": "p3", "name": "boss", "since": "2026-11-23T12:00:00Z",
                   "state": "joins", "scopeJoined": "cellar"}],
                "scopes": [{
                  "id": "s2", "name": "cellar", "since": "2026-11-23T12:00:00Z", "cancelled": false,
                  "channels": [
                    {"id": "c3", "name": "crates", "port": false, "capacity": 0, "depth": 0, "sent": 0,
                     "received": 0, "waitingSenders": 0, "waitingReceivers": 2, "closed": false}],
                  "processes": [
                    {"id": "p4", "name": "cook", "since": "2026-11-23T12:00:00Z",
                     "state": "communicates", "limited": false, "on": [
                      {"direction": "receive", "channel": "c3", "name": "crates", "depth": 0, "capacity": 0}]}],
                  "scopes": []}]}],
               "stalls": [{
                 "deadlock": false,
                 "stuck": [
                   {"name": "boss", "scope": "tree", "id": "p3", "state": "joins", "scopeJoined": "cellar"},
                   {"name": "cook", "scope": "cellar", "id": "p4", "state": "communicates", "limited": false,
                    "on": [{"direction": "receive", "channel": "c3", "name": "crates", "depth": 0, "capacity": 0}]},
                   {"name": "owner", "scope": null, "id": null, "state": "communicates", "limited": false,
                    "on": [{"direction": "receive", "channel": "c3", "name": "crates", "depth": 0, "capacity": 0}]}],
                 "wakers": ["process waiter of scope tree", "process till of scope tree"]}]}
              """),
          JSON.readTree(seen.toJson()));
      assertEquals(
          """
          flowchart LR
            subgraph s1["scope tree"]
              c1(["port orders<br/>0#47;2"])
              c2(["results<br/>1#47;1#44; closed"])
              p1["waiter<br/>since 2026#45;11#45;23T12#58;00#58;00Z<br/>waits#44; with a time limit"]
              p2["till<br/>since 2026#45;11#45;23T12#58;00#58;00Z<br/>waits for CountDownLatch"]
              p3["boss<br/>since 2026#45;11#45;23T12#58;00#58;00Z<br/>waits for the end of scope cellar"]
              subgraph s2["scope cellar"]
                c3(["crates<br/>0#47;0"])
                p4["cook<br/>since 2026#45;11#45;23T12#58;00#58;00Z<br/>waits"]
              end
            end
            c4(["anybody#39;s<br/>0#47;0"])
            p1 -. send .-> c4
            c1 -. receive .-> p1
            c3 -. receive .-> p4
          """,
          seen.toMermaid());
    }
  }

  @Test
  void aDeadlockIsMarkedInAllForms() throws Exception {
    try (var owner =
        Owner.joins(scope -> {
          Channel<Integer> a = scope.channel("a", 0);
          scope.start("first", a::receive);
          scope.start("second", a::receive);
        })) {
      var seen = owner.settled(2);
      assertTrue(seen.toText().contains("deadlock: nothing can wake first, second, owner\n"));
      assertTrue(JSON.readTree(seen.toJson()).at("/stalls/0/deadlock").asBoolean());
      assertTrue(
          seen.toMermaid()
              .endsWith(
                  """
                    classDef deadlock stroke:#c00,stroke-width:3px
                    class p1,p2 deadlock
                  """),
          seen.toMermaid());
    }
  }

  @Test
  void oneThatRunsDoesSoInAllForms() throws Exception {
    try (var scope = Scope.open("scope", Noon.CLOCK)) {
      var looked = new Reply<Snapshot>();
      scope.start("looks", () -> looked.complete(Processes.snapshot()));
      var seen = looked.await();
      assertTrue(seen.toText().contains("  process looks (since 2026-11-23T12:00:00Z): runs\n"));
      assertEquals("runs", JSON.readTree(seen.toJson()).at("/scopes/0/processes/0/state").asText());
      assertTrue(seen.toMermaid().contains("p1[\"looks<br/>"), seen.toMermaid());
      assertTrue(seen.toMermaid().contains("<br/>runs\"]\n"), seen.toMermaid());
      scope.join();
    }
  }

  @Test
  void whatWouldNotShowIsShown() {
    try (var _ = Scope.open("one\ntwo\tthree\0", Noon.CLOCK)) {
      assertEquals(
          "scope one␊two␉three␀ (since 2026-11-23T12:00:00Z)\n", Processes.snapshot().toText());
    }
  }

  @Test
  void anyNamesAreToldAsTheyAre() throws Exception {
    var random = new Random(7);
    for (int round = 0; round < 200; round++) {
      var names = names(random);
      try (var scope = Scope.open(names.get(0), Noon.CLOCK)) {
        Channel<Integer> channel = scope.channel(names.get(1), 0);
        scope.start(names.get(2), channel::receive);
        Await.waitingReceivers(channel, 1);
        var seen = Processes.snapshot();
        assertTellsNames(seen, names);
        assertIsChart(seen.toMermaid());
        assertEquals(
            3, seen.toText().lines().takeWhile(line -> !line.startsWith("stalled")).count());
      }
    }
  }

  private static void assertTellsNames(Snapshot seen, List<String> names) throws Exception {
    JsonNode scope = JSON.readTree(seen.toJson()).at("/scopes/0");
    assertEquals(names.get(0), scope.get("name").asText());
    assertEquals(names.get(1), scope.at("/channels/0/name").asText());
    assertEquals(names.get(2), scope.at("/processes/0/name").asText());
  }

  private static void assertIsChart(String chart) {
    var label = Pattern.compile("\"([^\"]*)\"");
    for (String line : chart.split("\n", -1)) {
      assertTrue(line.isEmpty() || CHART_LINE.matcher(line).matches(), line);
      label
          .matcher(line)
          .results()
          .forEach(each -> assertTrue(LABEL.matcher(each.group(1)).matches(), line));
    }
  }

  /** Three names of quotes, brackets, control characters, half surrogate pairs and the rest. */
  private static List<String> names(Random random) {
    String odd =
        "\"'\\`#;:&<>[](){}|%-.*_~/\n\r\t\0\u0001\u001f\u007f\u0085\u2028\u2029\ud800\udc00é漢 ";
    var names = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      var name = new StringBuilder(random.nextBoolean() ? "end" : "");
      for (int length = random.nextInt(12); length > 0; length--) {
        name.append(
            random.nextBoolean()
                ? odd.charAt(random.nextInt(odd.length()))
                : (char) random.nextInt(1 << Character.SIZE));
      }
      names.add(name.toString());
    }
    return names;
  }
}
