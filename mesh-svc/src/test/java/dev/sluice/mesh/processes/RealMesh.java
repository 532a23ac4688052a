package dev.sluice.mesh.processes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.service.testing.BuiltService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The mesh as built, as processes of this machine on free ports: a supervisor, and what it starts.
 */
final class RealMesh implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of a machine that does much else. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration DIAL_AGAIN = Duration.ofMillis(100);

  private static final String CHILD = "-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  private final Path folder;
  private final List<String> options;
  private final int http = freePorts(8);
  private final HttpClient client = HttpClient.newHttpClient();
  private Process supervisor;

  /**
   * Starts it.
   *
   * @param folder where they put what they write
   */
  RealMesh(Path folder, int workers, int routers, Duration heartbeat) throws IOException {
    this.folder = folder;
    this.options =
        List.of(
            "-Dsluice.mesh.workers=" + workers,
            "-Dsluice.mesh.routers=" + routers,
            "-Dsluice.mesh.heartbeat=" + heartbeat.toMillis() + "ms",
            "-Dsluice.mesh.events.heartbeat=1s");
    this.supervisor = start();
  }

  private Process start() throws IOException {
    var settings = new ArrayList<>(options);
    settings.addAll(
        List.of(
            "-Dquarkus.http.host=127.0.0.1",
            "-Dquarkus.grpc.server.host=127.0.0.1",
            "-Dquarkus.http.port=" + http,
            "-Dquarkus.grpc.server.port=" + (http + 4),
            "-Dsluice.mesh.processes.router-http=" + (http + 1),
            "-Dsluice.mesh.processes.router-grpc=" + (http + 5),
            "-Dsluice.mesh.processes.logs=" + folder,
            "-Dsluice.mesh.processes.worker-options=" + CHILD,
            "-Dsluice.mesh.processes.router-options=" + CHILD));
    List<String> command = BuiltService.command(Path.of(""), List.of(CHILD.split(" ")), settings);
    command.add("--role=supervisor");
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("supervisor.log").toFile()))
        .start();
  }

  /** So many in a row, so that one number says them all. */
  private static int freePorts(int count) {
    while (true) {
      int first = freePort();
      var held = new ArrayList<ServerSocket>();
      try {
        for (int port = first; port < first + count; port++) {
          held.add(new ServerSocket(port));
        }
        return first;
      } catch (IOException taken) {
        // another one
      } finally {
        held.forEach(RealMesh::close);
      }
    }
  }

  private static int freePort() {
    try (ServerSocket any = new ServerSocket(0)) {
      return any.getLocalPort();
    } catch (IOException none) {
      throw new IllegalStateException(none);
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  String supervisorTarget() {
    return "127.0.0.1:" + (http + 4);
  }

  /** Waits until the supervisor's view is as wanted. */
  JsonNode await(String what, Predicate<JsonNode> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      JsonNode view = watch(wanted, deadline);
      if (view != null) {
        return view;
      }
    }
    throw new AssertionError("not " + what + ": " + view() + "\n" + logs());
  }

  /** Looks whenever the supervisor says something; null when it ends before it is as wanted. */
  private JsonNode watch(Predicate<JsonNode> wanted, long deadline) throws InterruptedException {
    try {
      HttpResponse<Stream<String>> events =
          client.send(get("/mesh/events"), BodyHandlers.ofLines());
      try (Stream<String> lines = events.body()) {
        for (var line = lines.iterator();
            events.statusCode() == 200 && line.hasNext() && System.nanoTime() < deadline;
            line.next()) {
          JsonNode view = view();
          if (view != null && wanted.test(view)) {
            return view;
          }
        }
      }
    } catch (IOException | UncheckedIOException away) {
      // it starts, or has been killed
    }
    LockSupport.parkNanos(DIAL_AGAIN.toNanos()); // a process that starts tells nobody
    return null;
  }

  private HttpRequest get(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
        .timeout(Duration.ofSeconds(5))
        .build();
  }

  private JsonNode view() throws InterruptedException {
    try {
      HttpResponse<String> answer = client.send(get("/mesh"), BodyHandlers.ofString());
      return answer.statusCode() == 200 ? JSON.readTree(answer.body()) : null;
    } catch (IOException notThere) {
      return null;
    }
  }

  static Predicate<JsonNode> isServing(int workers, int routers) {
    return view ->
        live(view).size() == workers
            && linked(view).size() == routers
            && StreamSupport.stream(view.path("shards").spliterator(), false)
                .allMatch(shard -> shard.path("worker").isTextual());
  }

  static List<JsonNode> live(JsonNode view) {
    return StreamSupport.stream(view.path("workers").spliterator(), false)
        .filter(worker -> worker.path("state").asText().equals("live"))
        .toList();
  }

  static List<JsonNode> linked(JsonNode view) {
    return StreamSupport.stream(view.path("routers").spliterator(), false)
        .filter(router -> router.path("linked").asBoolean())
        .toList();
  }

  private static Predicate<JsonNode> isNamed(String name) {
    return member -> member.path("name").asText().equals(name);
  }

  static long pid(JsonNode view, String members, String name) {
    return StreamSupport.stream(view.path(members).spliterator(), false)
        .filter(isNamed(name))
        .findFirst()
        .orElseThrow()
        .path("pid")
        .asLong();
  }

  /** Asks until there is an answer: what a caller does who gives his request an id. */
  JsonNode ask(int router, String id, String key, String op, String payload)
      throws InterruptedException {
    String body =
        "{\"id\":\"%s\",\"key\":\"%s\",\"op\":\"%s\",\"payload\":%s,\"wait\":\"20s\"}"
            .formatted(id, key, op, payload);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String name = "router-" + router;
    String last = "";
    while (System.nanoTime() < deadline) {
      try {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + (http + 1 + router) + "/requests"))
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(30))
                    .POST(BodyPublishers.ofString(body))
                    .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          return JSON.readTree(answer.body());
        }
        last = answer.statusCode() + " " + answer.body();
        if (answer.statusCode() < 500) {
          throw new AssertionError(last);
        }
      } catch (ConnectException away) {
        last = "nobody listens";
      } catch (IOException broken) {
        last = broken.toString();
      }
      await("linked with " + name, view -> linked(view).stream().anyMatch(isNamed(name)));
    }
    throw new AssertionError(id + " has no answer: " + last + "\n" + logs());
  }

  /** Sends a signal, as {@code kill} does. */
  static void signal(String signal, long pid) throws IOException, InterruptedException {
    int code = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid).start().waitFor();
    if (code != 0) {
      throw new AssertionError("kill -" + signal + " " + pid + " ended with " + code);
    }
  }

  void killSupervisor() throws InterruptedException {
    supervisor.destroyForcibly().waitFor();
  }

  void startSupervisor() throws IOException {
    supervisor = start();
  }

  /** Ends it in good order. */
  int stop() throws InterruptedException {
    supervisor.destroy();
    return supervisor.waitFor();
  }

  /** Those that run, by what only they have on their command line. */
  List<ProcessHandle> members() {
    return ProcessHandle.allProcesses()
        .filter(process ->
            List.of(process.info().arguments().orElse(new String[0]))
                .contains("-Dsluice.mesh.processes.logs=" + folder))
        .filter(process -> process.pid() != supervisor.pid())
        .toList();
  }

  private String logs() {
    var all = new StringBuilder();
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".log")).toList()) {
        List<String> lines = Files.readAllLines(file);
        all.append("== ").append(file.getFileName()).append('\n');
        lines
            .subList(Math.max(0, lines.size() - 40), lines.size())
            .forEach(line -> all.append(line).append('\n'));
      }
    } catch (IOException failure) {
      all.append(failure);
    }
    return all.toString();
  }

  @Override
  public void close() throws InterruptedException {
    supervisor.destroyForcibly().waitFor();
    for (ProcessHandle member : members()) {
      member.destroyForcibly();
      member.onExit().join();
    }
    client.close();
  }
}
