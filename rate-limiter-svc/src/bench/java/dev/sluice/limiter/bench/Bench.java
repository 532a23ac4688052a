package dev.sluice.limiter.bench;

import com.google.protobuf.Message;
import dev.sluice.limiter.grpc.AcquireRequest;
import dev.sluice.limiter.store.RedisFloor;
import dev.sluice.load.Duel;
import dev.sluice.load.Goal;
import dev.sluice.load.Load;
import dev.sluice.load.RedisServer;
import dev.sluice.load.Report;
import dev.sluice.load.Service;
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
  private static final Goal BESIDE_BARE = new Goal(0.9, 1.3);
  private static final String BARE_HTTP = "bare endpoint";
  private static final String BARE_GRPC = "bare gRPC method";
  private static final String BARE_REDIS = "redis-benchmark";

  private static final String POLICY = "sluice.limiter.policies.bench.";
  private static final List<String> SETTINGS =
      List.of(POLICY + "rate=" + RATE, POLICY + "per=1s", "sluice.limiter.max-keys=2000000");

  /** About what one redis-server answers of these scripts. */
  private static final int REDIS_PER_SECOND = 60_000;

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

  /** Takes APP, RESULTS and perhaps {@code --quick}. */
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
    Results found =
        new Bench(Path.of(args[0]), scratch, quick ? Effort.QUICK : Effort.WHOLE).measure();
    found.write(results.resolve("limiter.json"));
    new Report("limiter", found.effort().rounds(), found.duels(), found.facts(), results).write();
  }

  private Results measure() throws IOException, InterruptedException {
    Path rules = Files.createDirectories(scratch.resolve("rules"));
    Files.writeString(rules.resolve("bench.yaml"), ENVOY_RULES);
    String envoy = "sluice.limiter.envoy.config=" + rules;
    Crowd crowd;
    try (Service service = start(envoy, "sluice.store=memory")) {
      inMemory(service);
      crowd = Crowd.ask(service.http("/acquire"), effort.exactRuns());
    }
    try (RedisServer redis = RedisServer.start(scratch, RedisFloor.SCRIPTS);
        Service service = start(envoy, "sluice.store=redis://127.0.0.1:" + redis.port())) {
      onRedis(service, redis);
    }
    return new Results(effort, duels, crowd, ManyKeys.inOwnJvm(effort, scratch));
  }

  private void inMemory(Service service) throws IOException, InterruptedException {
    fight(
        "HTTP, one key", BARE_HTTP, BESIDE_BARE, bare(service, ONE_KEY), acquire(service, ONE_KEY));
    fight(
        "HTTP, a million keys",
        BARE_HTTP,
        BESIDE_BARE,
        bare(service, MANY_KEYS),
        acquire(service, MANY_KEYS));
    fight(
        "gRPC, one key",
        BARE_GRPC,
        BESIDE_BARE,
        bareGrpc(service),
        call(service, "sluice.limiter.v1.RateLimiter/Acquire", acquireMessage()));
    fight("Envoy, one descriptor", BARE_GRPC, Goal.NONE, bareGrpc(service), envoy(service));
  }

  private void onRedis(Service service, RedisServer redis)
      throws IOException, InterruptedException {
    fight(
        "HTTP on Redis, a million keys",
        BARE_REDIS,
        Goal.NONE,
        bareRedis(redis, RedisFloor.permit(RATE)),
        acquire(service, MANY_KEYS));
    fight(
        "Envoy on Redis, one descriptor",
        BARE_REDIS,
        Goal.NONE,
        bareRedis(redis, RedisFloor.hit()),
        envoy(service));
  }

  private void fight(String name, String floor, Goal goal, Load floorLoad, Load ownLoad)
      throws IOException, InterruptedException {
    duels.add(Duel.fight(name, floor, goal, floorLoad, ownLoad, effort.rounds()));
  }

  private Service start(String... further) throws IOException, InterruptedException {
    var settings = new ArrayList<>(SETTINGS);
    settings.addAll(List.of(further));
    return Service.start(app, scratch, settings);
  }

  private Load bare(Service service, String script) throws IOException {
    return Load.wrk(service.http("/bare"), file(script));
  }

  private Load acquire(Service service, String script) throws IOException {
    return Load.wrk(service.http("/acquire"), file(script));
  }

  private Path file(String script) throws IOException {
    return Files.writeString(Files.createTempFile(scratch, "wrk", ".lua"), script);
  }

  private Load bareRedis(RedisServer redis, List<String> command) {
    return Load.redisBenchmark(redis.port(), REDIS_PER_SECOND, command);
  }

  private Load envoy(Service service) throws IOException {
    return call(
        service,
        "envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit",
        shouldRateLimitMessage());
  }

  private Load bareGrpc(Service service) throws IOException {
    return call(service, "sluice.limiter.bench.Bare/Acquire", acquireMessage());
  }

  private Load call(Service service, String method, Message message) throws IOException {
    Path file = scratch.resolve(message.getDescriptorForType().getName() + ".grpc");
    Files.write(file, framed(message));
    return Load.h2load(service.grpc(method), file, scratch.resolve("h2load.log"));
  }

  private static Message acquireMessage() {
    return AcquireRequest.newBuilder().setKey("user:42").setPolicy("bench").build();
  }

  private static Message shouldRateLimitMessage() {
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
