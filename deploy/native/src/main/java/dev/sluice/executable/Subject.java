package dev.sluice.executable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A service, and the request that it is measured with: what it is there for, over HTTP. */
enum Subject {
  LIMITER(
      "rate-limiter-svc",
      "/acquire",
      "{\"key\":\"user:#\",\"policy\":\"bench\"}",
      "sluice.store=memory",
      "sluice.limiter.policies.bench.rate=1000000000",
      "sluice.limiter.policies.bench.per=1s"),
  DEDUP(
      "dedup-svc",
      "/dedup",
      "{\"namespace\":\"orders\",\"key\":\"evt-#\",\"ttl\":\"10m\"}",
      "sluice.store=memory"),
  POOL(
      "worker-pool-svc",
      "/submit",
      "{\"queue\":\"bench\",\"payload\":{\"order\":#,\"text\":\"" + "x".repeat(60) + "\"}}",
      "sluice.store=sqlite:@/pool.db",
      "sluice.pool.queue.capacity=10000000",
      "sluice.pool.queue.capacity-bytes=50G"),
  MESH(
      "mesh-svc",
      "/requests",
      "{\"key\":\"account-#\",\"op\":\"echo\",\"payload\":{\"text\":\""
          + "x".repeat(60)
          + "\"},\"wait\":\"10s\"}",
      "sluice.mesh.log=sqlite:@/mesh.db");

  /** How many numbers take the place of {@code #} in a body, one after the other. */
  static final int NUMBERS = 10_000;

  private final String module;
  private final String path;
  private final String body;
  private final List<String> settings;

  /**
   * @param body in which {@code #} stands for a number
   * @param settings in which {@code @} stands for a folder of its own
   */
  Subject(String module, String path, String body, String... settings) {
    this.module = module;
    this.path = path;
    this.body = body;
    this.settings = List.of(settings);
  }

  /**
   * @throws IllegalArgumentException there is no such module
   */
  static Subject of(String module) {
    for (Subject subject : values()) {
      if (subject.module.equals(module)) {
        return subject;
      }
    }
    throw new IllegalArgumentException("there is no service " + module);
  }

  String module() {
    return module;
  }

  String path() {
    return path;
  }

  /** One request's body. */
  String firstBody() {
    return body.replace("#", "0");
  }

  List<String> settings(Path folder) {
    return settings.stream().map(each -> each.replace("@", folder.toString())).toList();
  }

  /** What {@code wrk} is to send. */
  String script() {
    String[] around = body.split("#", -1);
    return String.format(
        Locale.ROOT,
        """
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        local n = 0
        request = function()
          n = (n + 1) %% %d
          return wrk.format(nil, nil, nil, '%s' .. n .. '%s')
        end
        """,
        NUMBERS,
        around[0],
        around[1]);
  }

  /** What the JVM runs, as Maven has built it. */
  Path application(Path root) throws IOException {
    Path app = root.resolve(module).resolve("target").resolve("quarkus-app");
    if (!Files.exists(app.resolve("quarkus-run.jar"))) {
      throw new IOException(app + " has no application: package the service first");
    }
    return app;
  }

  Path executable(Path root) throws IOException {
    List<Path> found = inTarget(root, "*-runner");
    if (found.isEmpty()) {
      throw new IOException(module + " has no native executable: ./sluice native makes it");
    }
    return found.getFirst();
  }

  /** What is in its target directory. */
  List<Path> inTarget(Path root, String glob) throws IOException {
    var all = new ArrayList<Path>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(root.resolve(module).resolve("target"), glob)) {
      found.forEach(all::add);
    }
    return all;
  }
}
