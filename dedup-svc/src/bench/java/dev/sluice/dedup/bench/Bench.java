package dev.sluice.dedup.bench;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import dev.sluice.dedup.grpc.DedupRequest;
import dev.sluice.load.Duel;
import dev.sluice.load.Goal;
import dev.sluice.load.Load;
import dev.sluice.load.RedisServer;
import dev.sluice.load.Report;
import dev.sluice.load.Sample;
import dev.sluice.load.Service;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the deduplicator: {@code Bench APP RESULTS [--quick]}. APP is the directory of the
 * application that was built with the bare endpoints; into RESULTS come figures, tables and plots.
 */
public final class Bench {
  private static final Goal BESIDE_BARE = new Goal(0.9, 1.3);
  private static final Goal BESIDE_MEMORY = new Goal(0.5, 0);
  private static final String BARE_HTTP = "bare endpoint";
  private static final String REDIS = "redis-benchmark SET NX PX";

  private static final int BATCH = 100;
  private static final int MANY_CALLERS = 64;

  /** About what one redis-server answers: one by one, and in pipelines. */
  private static final int REDIS_PER_SECOND = 80_000;

  private static final int REDIS_PIPELINED_PER_SECOND = 500_000;

  private static final List<String> SET_NX_PX =
      List.of("SET", "sluice:bench:user:__rand_int__", "1", "NX", "PX", "600000");

  /** wrk's scripts: one key, or one of a million after the other in an order that jumps about. */
  private static final String ONE_KEY =
      """
      wrk.method = "POST"
      wrk.headers["Content-Type"] = "application/json"
      wrk.body = '{"namespace":"orders","key":"evt-42","ttl":"10m"}'
      """;

  private static final String MANY_KEYS =
      """
      wrk.method = "POST"
      wrk.headers["Content-Type"] = "application/json"
      local n = 0
      request = function()
        n = (n + 611953) % 1000003
        return wrk.format(nil, nil, nil, '{"namespace":"orders","key":"evt-' .. n .. '","ttl":"10m"}')
      end
      """;

  /** A new key each, for as long as the run lasts. */
  private static final String NEW_KEYS =
      """
      wrk.method = "POST"
      wrk.headers["Content-Type"] = "application/json"
      local n = os.time() * 1000000
      request = function()
        n = n + 1
        return wrk.format(nil, nil, nil, '{"namespace":"orders","key":"evt-' .. n .. '","ttl":"1m"}')
      end
      """;

  private static final String BATCHES =
      """
      wrk.method = "POST"
      wrk.headers["Content-Type"] = "application/json"
      local n = 0
      request = function()
        local keys = {}
        for i = 1, %d do
          n = (n + 611953) %% 1000003
          keys[i] = '{"key":"evt-' .. n .. '"}'
        end
        return wrk.format(nil, nil, nil,
          '{"namespace":"orders","ttl":"10m","requests":[' .. table.concat(keys, ",") .. ']}')
      end
      """
          .formatted(BATCH);

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
    found.write(results.resolve("dedup.json"));
    new Report("dedup", found.effort().rounds(), found.duels(), found.facts(), results).write();
  }

  private Results measure() throws IOException, InterruptedException {
    Streams streams;
    try (RedisServer redis = RedisServer.start(scratch, List.of())) {
      try (Service memory = start("memory")) {
        fight(
            "HTTP, one key", BARE_HTTP, BESIDE_BARE, bare(memory, ONE_KEY), dedup(memory, ONE_KEY));
        fight(
            "HTTP, a million keys",
            BARE_HTTP,
            BESIDE_BARE,
            bare(memory, MANY_KEYS),
            dedup(memory, MANY_KEYS));
        fight(
            "gRPC, one key", "bare gRPC method", BESIDE_BARE, bareGrpc(memory), dedupGrpc(memory));
        fight(
            "HTTP batches of " + BATCH + ", keys",
            REDIS + ", pipelines of " + BATCH,
            Goal.NONE,
            Load.redisBenchmark(redis.port(), REDIS_PIPELINED_PER_SECOND, BATCH, SET_NX_PX),
            batches(memory));
        streams = Streams.measure(memory, effort);
      }
      try (Service onRedis = start("redis://127.0.0.1:" + redis.port())) {
        fight(
            "HTTP on Redis, a million keys",
            REDIS,
            Goal.NONE,
            Load.redisBenchmark(redis.port(), REDIS_PER_SECOND, SET_NX_PX),
            dedup(onRedis, MANY_KEYS));
      }
    }
    try (Service memory = start("memory");
        Service durable = start("sqlite:" + scratch.resolve("dedup.db"))) {
      fight(
          "HTTP on SQLite, " + MANY_CALLERS + " callers, new keys",
          "the same in memory",
          BESIDE_MEMORY,
          newKeys(memory),
          newKeys(durable));
    }
    return new Results(effort, duels, streams, InProcess.inOwnJvm(effort, scratch));
  }

  private void fight(String name, String floor, Goal goal, Load floorLoad, Load ownLoad)
      throws IOException, InterruptedException {
    duels.add(Duel.fight(name, floor, goal, floorLoad, ownLoad, effort.rounds()));
  }

  /** As {@code ./sluice up} starts it, but for the room that the keys of a whole run need. */
  private Service start(String store) throws IOException, InterruptedException {
    return Service.start(
        app,
        Files.createTempDirectory(scratch, "service"),
        List.of("sluice.store=" + store, "sluice.dedup.max-entries=5000000"));
  }

  private Load bare(Service service, String script) throws IOException {
    return Load.wrk(service.http("/bare"), file(script));
  }

  private Load dedup(Service service, String script) throws IOException {
    return Load.wrk(service.http("/dedup"), file(script));
  }

  private Load newKeys(Service service) throws IOException {
    return Load.wrk(service.http("/dedup"), file(NEW_KEYS), MANY_CALLERS);
  }

  /** Counts keys, where wrk counts batches. */
  private Load batches(Service service) throws IOException {
    Load load = Load.wrk(service.http("/dedup/batch"), file(BATCHES));
    return seconds -> {
      Sample sample = load.run(seconds);
      return new Sample(sample.perSecond() * BATCH, sample.p50(), sample.p99());
    };
  }

  private Path file(String script) throws IOException {
    return Files.writeString(Files.createTempFile(scratch, "wrk", ".lua"), script);
  }

  private Load bareGrpc(Service service) throws IOException {
    return call(service, "sluice.dedup.bench.Bare/Dedup", message());
  }

  private Load dedupGrpc(Service service) throws IOException {
    return call(service, "sluice.dedup.v1.Deduplicator/Dedup", message());
  }

  private Load call(Service service, String method, Message message) throws IOException {
    Path file = Files.write(scratch.resolve("message.grpc"), framed(message));
    return Load.h2load(service.grpc(method), file, scratch.resolve("h2load.log"));
  }

  private static Message message() {
    return DedupRequest.newBuilder()
        .setNamespace("orders")
        .setKey("evt-42")
        .setTtl(Duration.newBuilder().setSeconds(600))
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
