package dev.sluice.limiter.bench;

import com.google.protobuf.Message;
import dev.sluice.limiter.grpc.AcquireRequest;
import dev.sluice.limiter.store.RedisFloor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the limiter: {@code Bench APP RESULTS [--quick]}. APP is the directory of the
 * application that was built with the bare endpoints; into RESULTS come figures, tables and plots.
 */
public final class Bench {
  private static final long RATE = 1_000_000_000;
  private static final double MOST_P99 = 1.3;
  private static final String BARE_HTTP = "bare endpoint";
  private static final String BARE_GRPC = "bare gRPC method";

  private static final String POLICY = "sluice.limiter.policies.bench.";
  private static final String[] SETTINGS = {
    POLICY + "rate=" + RATE, POLICY + "per=1s", "sluice.limiter.max-keys=2000000"
  };

  /** wrk's scripts: one key, or one of a million after the other in an order that jumps about. */
  private static final String ONE_KEY =
      """
      wrk.method = "POST"
      wrk.headers["Content-Type"] = "application/json"
      wrk.body = '{"key":"user:42","policy":"bench"}'
      """;

  private static final String MANY_KEYS =
      """
      wrk.method = "POST"
      wrk.headers["Content-Type"] = "application/json"
      local n = 0
      request = function()
        n = (n + 611953) % 1000003
        return wrk.format(nil, nil, nil, '{"key":"user:' .. n .. '","policy":"bench"}')
      end
      """;

  private static final String ENVOY_RULES =
      """
      domain: bench
      descriptors:
        - key: user
          rate_limit:
            unit: second
            requests_per_unit: 1000000000
      """;

  private final Path app;
  private final Path scratch;
  private final Effort effort;
  private final List<Duel> duels = new ArrayList<>();

  private Bench(Path app, Path scratch, Effort effort) {
    this.app = app;
    this.scratch = scratch;
    this.effort = effort;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> missing = Load.missing();
    if (!missing.isEmpty()) {
      System.err.println(
          "not on PATH: "
              + String.join(", ", missing)
              + " (Debian's packages are wrk, nghttp2-client, redis-server and redis-tools)");
      System.exit(1);
    }
    Path results = Path.of(args[1]);
    boolean quick = args.length > 2 && args[2].equals("--quick");
    Path scratch = Files.createTempDirectory("sluice-bench");
    new Bench(Path.of(args[0]), scratch, quick ? Effort.QUICK : Effort.WHOLE)
        .measure()
        .write(results.resolve("limiter.json"));
    Report.main(results.toString());
  }

  private Results measure() throws IOException, InterruptedException {
    Path oneKey = Files.writeString(scratch.resolve("one-key.lua"), ONE_KEY);
    Path manyKeys = Files.writeString(scratch.resolve("many-keys.lua"), MANY_KEYS);
    Crowd crowd;
    try (Service service = Service.start(app, scratch, withEnvoy())) {
      Load bare = Load.wrk(service.http("/bare"), oneKey);
      fight("HTTP, one key", BARE_HTTP, bare, Load.wrk(service.http("/acquire"), oneKey));
      Load bareMany = Load.wrk(service.http("/bare"), manyKeys);
      fight(
          "HTTP, a million keys",
          BARE_HTTP,
          bareMany,
          Load.wrk(service.http("/acquire"), manyKeys));
      fight(
          "gRPC, one key",
          BARE_GRPC,
          bareGrpc(service),
          call(service, "sluice.limiter.v1.RateLimiter/Acquire", acquire()));
      duels.add(
          Duel.fight(
              "Envoy, one descriptor",
              BARE_GRPC,
              0,
              bareGrpc(service),
              call(
                  service,
                  "envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit",
                  shouldRateLimit()),
              effort));
      crowd = Crowd.ask(service.http("/acquire"), effort.exactRuns());
    }
    try (RedisServer redis = RedisServer.start(scratch);
        Service service = Service.start(app, scratch, onRedis(redis))) {
      duels.add(
          Duel.fight(
              "HTTP on Redis, a million keys",
              "redis-benchmark",
              0,
              Load.redisBenchmark(
                  redis.port(), 20_000 * effort.seconds(), RedisFloor.command(RATE)),
              Load.wrk(service.http("/acquire"), manyKeys),
              effort));
    }
    return new Results(effort, duels, crowd, ManyKeys.inOwnJvm(effort, scratch));
  }

  private void fight(String name, String floor, Load floorLoad, Load ownLoad)
      throws IOException, InterruptedException {
    duels.add(Duel.fight(name, floor, MOST_P99, floorLoad, ownLoad, effort));
  }

  private String[] withEnvoy() throws IOException {
    Path rules = Files.createDirectories(scratch.resolve("rules"));
    Files.writeString(rules.resolve("bench.yaml"), ENVOY_RULES);
    return settings("sluice.limiter.envoy.config=" + rules);
  }

  private static String[] onRedis(RedisServer redis) {
    return settings("sluice.store=redis://127.0.0.1:" + redis.port());
  }

  private static String[] settings(String further) {
    var all = new ArrayList<>(List.of(SETTINGS));
    all.add(further);
    return all.toArray(String[]::new);
  }

  private Load bareGrpc(Service service) throws IOException {
    return call(service, "sluice.limiter.bench.Bare/Acquire", acquire());
  }

  private Load call(Service service, String method, Message message) throws IOException {
    Path file = scratch.resolve(message.getDescriptorForType().getName() + ".grpc");
    Files.write(file, framed(message));
    return Load.h2load(service.grpc(method), file, scratch.resolve("h2load.log"));
  }

  private static Message acquire() {
    return AcquireRequest.newBuilder().setKey("user:42").setPolicy("bench").build();
  }

  private static Message shouldRateLimit() {
    return RateLimitRequest.newBuilder()
        .setDomain("bench")
        .addDescriptors(
            RateLimitDescriptor.newBuilder()
                .addEntries(RateLimitDescriptor.Entry.newBuilder().setKey("user").setValue("42")))
        .build();
  }

  /** As gRPC sends a message: not compressed, its length, itself. */
  private static byte[] framed(Message message) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeByte(0);
    out.writeInt(message.getSerializedSize());
    message.writeTo(out);
    return bytes.toByteArray();
  }
}
