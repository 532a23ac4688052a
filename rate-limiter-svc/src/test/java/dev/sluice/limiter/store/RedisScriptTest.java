package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.redis.RedisRequest;
import dev.sluice.store.testing.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
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
 * The scripts in a real server, step by step beside the memory engine, whose arithmetic has been
 * held against a model in numbers without end. The scripts are the real ones, but for two lines:
 * the time is what the test says, and nothing expires by the server's own.
 *
 * <p>The clock goes forward with operations of every kind, or also back, then without releases: who
 * gives all back leaves no trace in Redis, but in memory an instant that an earlier clock would
 * wait for.
 */
class RedisScriptTest {
  private static final long MICRO = 1000;
  private static RedisProcess server;
  private static RedisClient client;
  private static RedisCommands<String, String> redis;

  /**
   * One step.
   *
   * @param share of the limit that is asked for
   * @param time by which the clock moves, of the time that this share takes to come back
   */
  record Step(Kind kind, double share, double time) {}

  @BeforeContainer
  static void start() {
    server = RedisProcess.start();
    client = RedisClient.create(RedisURI.create("127.0.0.1", server.port()));
    redis = client.connect().sync();
  }

  @AfterContainer
  static void stop() {
    client.shutdown();
    server.close();
  }

  @Property(tries = 200)
  void tokenBuckets(@ForAll("buckets") Limit.TokenBucket limit, @ForAll("runs") List<Step> steps) {
    bothAnswerTheSame(limit, steps, Instant.parse("2026-11-24T20:00:00.123456Z"));
  }

  @Property(tries = 100)
  void slidingWindows(
      @ForAll("slidings") Limit.SlidingWindow limit, @ForAll("runs") List<Step> steps) {
    bothAnswerTheSame(limit, steps, Instant.parse("2026-11-24T20:00:00.123456Z"));
  }

  @Property(tries = 200)
  void fixedWindows(
      @ForAll("fixeds") Limit.FixedWindow limit,
      @ForAll("instants") Instant start,
      @ForAll("runs") List<Step> steps) {
    bothAnswerTheSame(limit, steps, start);
  }

  private static void bothAnswerTheSame(Limit limit, List<Step> steps, Instant start) {
    redis.flushall();
    var memory = new MemoryLimitStore(10);
    LimitKey key =
        LimitKey.of("p", "k", limit, Fingerprint.of(new Fingerprint.Secret(1, 2), "p", "k"));
    long now = start.getEpochSecond() * 1_000_000_000 + start.getNano();
    now -= now % MICRO;
    boolean forward = steps.stream().anyMatch(step -> step.kind == Kind.RELEASE);
    for (Step step : steps) {
      long permits = Math.max(1, (long) (step.share * limit.permits()));
      double whole = limit.window().toNanos() * Math.min(1, step.share + 1e-9);
      double time = forward ? Math.abs(step.time) : step.time;
      now += (long) (whole * time) / MICRO * MICRO;
      var operation = new Operation(key, step.kind, permits);
      var expected = new ArrayList<Outcome>();
      memory.submit(operation, now, expected::add);
      assertEquals(expected.getFirst(), byScript(operation, now), operation + " at " + now);
    }
  }

  private static Outcome byScript(Operation operation, long now) {
    RedisOperation request = RedisOperation.of(operation);
    RedisRequest.Call call = request.call(true);
    long micros = now / MICRO;
    String text =
        replaced(
            replaced(
                call.script().text(),
                "redis.call('TIME')",
                "{'" + micros / 1_000_000 + "', '" + micros % 1_000_000 + "'}"),
            "string.format('%d', millis)",
            "string.format('%d', math.max(millis, 3600000))");
    List<Long> answer =
        redis.eval(
            text,
            ScriptOutputType.MULTI,
            call.keys().toArray(String[]::new),
            call.arguments().toArray(String[]::new));
    assertEquals(micros, answer.getFirst());
    Cell cell = request.terms().cellOf(answer.subList(1, answer.size()));
    return request.done(cell, now);
  }

  private static String replaced(String text, String what, String by) {
    assertEquals(true, text.contains(what), what);
    return text.replace(what, by);
  }

  @Provide
  Arbitrary<Limit.TokenBucket> buckets() {
    Arbitrary<Long> numbers =
        Arbitraries.oneOf(
            Arbitraries.longs().between(1, 20), Arbitraries.longs().between(1, Limit.MAX_PERMITS));
    Arbitrary<Long> pers =
        Arbitraries.oneOf(
            Arbitraries.longs().between(1, 1_000_000),
            Arbitraries.longs().between(1, Limit.MAX_PER.toNanos()));
    return Combinators.combine(numbers, pers, numbers)
        .as((rate, per, burst) -> {
          long most =
              dev.sluice.csp.patterns.RateLimit.MAX_FILL.toNanos() / 2 / Math.max(1, per / rate);
          return new Limit.TokenBucket(rate, Duration.ofNanos(per), Math.clamp(most, 1, burst));
        });
  }

  @Provide
  Arbitrary<Limit.SlidingWindow> slidings() {
    return Combinators.combine(
            Arbitraries.longs().between(1, Limit.MAX_PERMITS),
            Arbitraries.longs().between(1, Limit.MAX_PER.toNanos() / 10_000))
        .as((permits, tens) ->
            new Limit.SlidingWindow(permits, Duration.ofNanos(tens * 10_000))); // whole slices
  }

  @Provide
  Arbitrary<Limit.FixedWindow> fixeds() {
    return Combinators.combine(
            Arbitraries.longs().between(1, Limit.MAX_PERMITS), Arbitraries.of(CalendarUnit.class))
        .as(Limit.FixedWindow::new);
  }

  @Provide
  Arbitrary<Instant> instants() {
    return Arbitraries.longs()
        .between(
            Instant.parse("1980-01-01T00:00:00Z").getEpochSecond(),
            Instant.parse("2120-01-01T00:00:00Z").getEpochSecond())
        .map(Instant::ofEpochSecond);
  }

  @Provide
  Arbitrary<List<Step>> runs() {
    return Arbitraries.oneOf(
        steps(Kind.ACQUIRE, Kind.ACQUIRE, Kind.ACQUIRE, Kind.RELEASE, Kind.PEEK, Kind.RESET),
        steps(Kind.ACQUIRE, Kind.ACQUIRE, Kind.ACQUIRE, Kind.PEEK));
  }

  private static Arbitrary<List<Step>> steps(Kind... kinds) {
    return Combinators.combine(
            Arbitraries.of(kinds),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.oneOf(
                Arbitraries.just(0.0),
                Arbitraries.doubles().between(0, 1.2),
                Arbitraries.doubles().between(-0.3, 0)))
        .as(Step::new)
        .list()
        .ofMinSize(10)
        .ofMaxSize(40);
  }
}
