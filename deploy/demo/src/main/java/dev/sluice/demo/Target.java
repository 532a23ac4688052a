package dev.sluice.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Timer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the webhooks go: a real HTTP server on a port of its own that treats each path after its
 * {@link Behaviour} and counts what it gets, by event and by {@code Idempotency-Key}.
 *
 * <pre>
 *   call --\
 *   call ---> counter, which owns the counts: "this is the event's third call"
 *   call --/
 * </pre>
 *
 * <p>Every call is a process of the scope, the counter too.
 */
final class Target implements AutoCloseable {

  /** The header in which the event's id travels. */
  static final String EVENT = "Webhook-Id";

  static final String KEY = "Idempotency-Key";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private sealed interface Message {}

  /** An event has come; the answer is how the target responds to it. */
  private record Came(String event, String key, Behaviour to, Reply<Behaviour.Response> reply)
      implements Message {}

  private record Strayed() implements Message {}

  private record Asked(Reply<Received> reply) implements Message {}

  private final Clock clock;
  private final Channel<Message> inbox;
  private final HttpServer server;

  private Target(Clock clock, Channel<Message> inbox, HttpServer server) {
    this.clock = clock;
    this.inbox = inbox;
    this.server = server;
  }

  /** Opens the server on this machine, for this machine only. */
  static Target start(Scope scope) throws IOException {
    Channel<Message> inbox = scope.port("target", 256);
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 1_024);
    var target = new Target(scope.clock(), inbox, server);
    scope.start("target", () -> count(inbox));
    server.setExecutor(call -> scope.start("target-call", call::run));
    server.createContext("/", target::handle);
    server.start();
    return target;
  }

  /** Where it listens. */
  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** All that has come so far. */
  Received received() throws InterruptedException {
    var reply = new Reply<Received>();
    inbox.send(new Asked(reply));
    return reply.await();
  }

  /** Closes the port, breaking off what is under way, and lets the processes end. */
  @Override
  public void close() {
    server.stop(0);
    inbox.close();
  }

  private void handle(HttpExchange call) throws IOException {
    try (call) {
      byte[] body = call.getRequestBody().readAllBytes();
      call.sendResponseHeaders(status(call, body), -1);
    } catch (InterruptedException e) {
      throw new InterruptedIOException("the demo ends"); // the caller sees the connection break
    }
  }

  private int status(HttpExchange call, byte[] body) throws InterruptedException {
    String event = call.getRequestHeaders().getFirst(EVENT);
    String key = call.getRequestHeaders().getFirst(KEY);
    Behaviour behaviour = Behaviour.at(call.getRequestURI().getPath());
    if (event == null || key == null || behaviour == null || !event.equals(idIn(body))) {
      inbox.send(new Strayed());
      return behaviour == null ? 404 : 400;
    }
    var reply = new Reply<Behaviour.Response>();
    inbox.send(new Came(event, key, behaviour, reply));
    Behaviour.Response response = reply.await();
    Timer.after(response.delay(), clock).receive();
    return response.status();
  }

  /** The event's id in the content, or null when that is not the JSON that was sent. */
  private static @Nullable String idIn(byte[] body) {
    try {
      return JSON.readTree(body).path("id").asText();
    } catch (IOException e) {
      return null;
    }
  }

  /** The counter. */
  private static void count(Iterable<Message> inbox) {
    Map<String, Received.Calls> events = new HashMap<>();
    int strays = 0;
    for (Message message : inbox) {
      switch (message) {
        case Came came -> {
          Received.Calls before = events.getOrDefault(came.event(), Received.Calls.NONE);
          var response = came.to().response(came.event(), before.count() + 1);
          events.put(came.event(), before.plus(came.key(), response.takesIt()));
          came.reply().complete(response);
        }
        case Strayed ignored -> strays++;
        case Asked(Reply<Received> reply) -> reply.complete(new Received(events, strays));
      }
    }
  }
}
