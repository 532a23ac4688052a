package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.store.Fingerprint;
import dev.sluice.store.redis.RedisAnswer;
import dev.sluice.store.redis.RedisRequest;
import dev.sluice.store.testing.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * The script of leases in a real server, step by step beside the memory engine. It is the real one,
 * but for two lines: the time is what the test says, and nothing expires by the server's own.
 */
class LeaseScriptTest {
  private static final long MICRO = 1000;
  private static final LeaseKey KEY =
      new LeaseKey("p", "k", Fingerprint.of(new Fingerprint.Secret(1, 2), "p", "k"));
  private static RedisProcess server;
  private static RedisClient client;
  private static StatefulRedisConnection<String, String> connection;

  /**
   * One step.
   *
   * @param micros by which the clock moves before
   */
  record Step(LeaseOperation operation, long micros) {}

  @BeforeContainer
  static void start() {
    server = RedisProcess.start();
    client = RedisClient.create(RedisURI.create("127.0.0.1", server.port()));
    connection = client.connect();
  }

  @AfterContainer
  static void stop() {
    client.shutdown();
    server.close();
  }

  @Property(tries = 200)
  void bothAnswerTheSame(@ForAll("runs") List<Step> steps) {
    connection.sync().flushall();
    var memory = new MemoryLeaseStore(1000);
    long now = Instant.parse("2026-11-24T20:00:00Z").getEpochSecond() * 1_000_000_000;
    long expired = 0;
    for (Step step : steps) {
      now += step.micros * MICRO;
      var expected = new ArrayList<LeaseOutcome>();
      memory.submit(step.operation, now, expected::add);
      var request = new RedisLeaseOperation(step.operation);
      RedisAnswer answer = byScript(request.call(true), now / MICRO);

      assertEquals(expected.getFirst(), request.outcome(answer), step + " at " + now);
      expired += RedisLeaseOperation.expired(answer);
      assertEquals(memory.expired(), expired);
    }
  }

  private static RedisAnswer byScript(RedisRequest.Call call, long micros) {
    String text =
        replaced(
            replaced(
                call.script().text(),
                "redis.call('TIME')",
                "{'" + micros / 1_000_000 + "', '" + micros % 1_000_000 + "'}"),
            "whole(math.ceil((last[2] - now) / 1000) + 1)",
            "'3600000'");
    List<Object> parts =
        connection
            .sync()
            .eval(
                text,
                ScriptOutputType.OBJECT,
                call.keys().toArray(String[]::new),
                call.arguments().toArray(String[]::new));
    return new RedisAnswer(
        parts.stream()
            .map(part -> part instanceof String said ? said.getBytes(StandardCharsets.UTF_8) : part)
            .toList());
  }

  private static String replaced(String text, String what, String by) {
    assertEquals(true, text.contains(what), what);
    return text.replace(what, by);
  }

  @Provide
  Arbitrary<List<Step>> runs() {
    Arbitrary<LeaseId> ids = Arbitraries.integers().between(1, 12).map(low -> new LeaseId(7, low));
    Arbitrary<Duration> ttls =
        Arbitraries.of(1_000L, 5_000L, 50_000L, 3_600_000_000L)
            .map(us -> Duration.ofNanos(us * MICRO));
    Arbitrary<LeaseOperation> renewals =
        Combinators.combine(ids, ttls.injectNull(0.3))
            .as((id, ttl) -> new LeaseOperation.Renew(KEY, id, ttl));
    Arbitrary<LeaseOperation> releases = ids.map(id -> new LeaseOperation.Release(KEY, id));
    Arbitrary<LeaseOperation> looks =
        Arbitraries.of(0, 2, 100).map(most -> new LeaseOperation.Look(KEY, most));
    Arbitrary<Step> others =
        Combinators.combine(Arbitraries.oneOf(renewals, releases, looks), times()).as(Step::new);
    return Arbitraries.oneOf(acquires(ttls), others)
        .list()
        .ofMinSize(5)
        .ofMaxSize(60)
        .map(LeaseScriptTest::withFreshIds);
  }

  private static Arbitrary<Step> acquires(Arbitrary<Duration> ttls) {
    return Combinators.combine(
            Arbitraries.longs().between(1, 4),
            Arbitraries.of(4L, 6L, Limit.MAX_PERMITS),
            ttls,
            Arbitraries.of("", "me", "ünïcode 🦀 %d").injectNull(0.5),
            times())
        .as((permits, limit, ttl, holder, time) ->
            new Step(
                new LeaseOperation.Acquire(
                    KEY,
                    new LeaseId(0, 0),
                    permits,
                    limit,
                    ttl,
                    holder == null || holder.isEmpty() ? null : holder),
                time));
  }

  /** Some time always passes, so that a fence is the time for both. */
  private static Arbitrary<Long> times() {
    return Arbitraries.of(1L, 1L, 10L, 1_000L, 4_990L, 60_000L);
  }

  /** The n-th acquire takes the id n; the others mean those. */
  private static List<Step> withFreshIds(List<Step> steps) {
    var numbered = new ArrayList<Step>();
    for (Step step : steps) {
      numbered.add(
          step.operation instanceof LeaseOperation.Acquire acquire
              ? new Step(
                  new LeaseOperation.Acquire(
                      KEY,
                      new LeaseId(7, 1 + numbered.stream().filter(LeaseScriptTest::takes).count()),
                      acquire.permits(),
                      acquire.limit(),
                      acquire.ttl(),
                      acquire.holder()),
                  step.micros)
              : step);
    }
    return numbered;
  }

  private static boolean takes(Step step) {
    return step.operation instanceof LeaseOperation.Acquire;
  }
}
