package dev.sluice.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.csp.Clock;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The four services as the demo uses them: a method a call. */
final class Suite {

  /** How often the pool is to try to deliver an event. */
  static final int ATTEMPTS = 3;

  /** How long an acquire and a submit wait inside their service before it refuses. */
  private static final String WAIT = "250ms";

  private final Service limiter;
  private final Service dedup;
  private final Service pool;
  private final Service mesh;
  private final String run;
  private final Duration patience;
  private final Clock clock;

  /**
   * The services where {@code options} says.
   *
   * @param run goes into every key, so that the keys of one run are not those of another
   */
  Suite(Options options, HttpClient client, String run, Clock clock) {
    this.limiter = new Service("rate-limiter-svc", "--limiter", options.limiter(), client);
    this.dedup = new Service("dedup-svc", "--dedup", options.dedup(), client);
    this.pool = new Service("worker-pool-svc", "--pool", options.pool(), client);
    this.mesh = new Service("mesh-svc", "--mesh", options.mesh(), client);
    this.run = run;
    this.patience = options.patience();
    this.clock = clock;
  }

  /** Returns when all four are there and take work; fails with what to do when one is not. */
  void requireReady() throws InterruptedException {
    for (Service service : List.of(limiter, dedup, pool, mesh)) {
      service.requireReady();
    }
  }

  /** Whether dedup-svc sees the event for the first time. */
  boolean isFirst(Webhook event) throws InterruptedException {
    var body = Service.json().put("key", run + ":" + event.id()).put("ttl", "10m");
    return dedup.insist("/dedup", body, 200, patience()).at("/first").asBoolean();
  }

  /**
   * Has the worker that owns the event's account count it.
   *
   * @param turn which of the account's events this is, from 1
   */
  Fact.Sharded count(Webhook event, int turn) throws InterruptedException {
    var body =
        Service.json().put("key", run + ":" + event.account()).put("op", "count").put("wait", "2s");
    body.putObject("payload").put("event", event.id());
    Service.Answer answer = mesh.insist("/requests", body, 200, patience());
    return new Fact.Sharded(
        event,
        turn,
        answer.at("/reply/count").asInt(),
        answer.at("/shard").asInt(),
        answer.at("/worker").asText());
  }

  /**
   * Waits until the event's sender may: a hundred events at once, then forty a second.
   *
   * @param standing runs since the event stands there
   */
  Fact.Granted acquire(Webhook event, Stopwatch standing) throws InterruptedException {
    var body =
        Service.json().put("key", run + ":" + event.sender()).put("permits", 1).put("wait", WAIT);
    body.putObject("limit").put("rate", 40).put("per", "1s").put("burst", 100);
    Service.Answer granted = limiter.insist("/acquire", body, 200, patience());
    boolean waited = !granted.at("/waited").asText().matches("0[a-z]*|PT0S");
    return new Fact.Granted(event, waited || granted.refusals() > 0, standing.elapsed());
  }

  /** Hands the event to the pool, which is to bring it to its path at {@code target}. */
  Fact.Accepted submit(Webhook event, URI target) throws InterruptedException {
    var asking = Stopwatch.start(clock);
    ObjectNode body = Service.json();
    ObjectNode call =
        body.putObject("target").put("method", "POST").put("url", target + event.path());
    call.putObject("headers")
        .put(Target.EVENT, event.id())
        .put("Webhook-Timestamp", event.created());
    call.putObject("body")
        .put("id", event.id())
        .put("type", event.type())
        .put("created", event.created())
        .put("sender", event.sender())
        .set("data", event.data());
    body.put("attempts", ATTEMPTS).put("timeout", "5s").put("backoff", "100ms").put("wait", WAIT);
    Service.Answer accepted = pool.insist("/submit", body, 202, patience());
    return new Fact.Accepted(
        event, accepted.at("/id").asText(), accepted.refusals(), asking.elapsed());
  }

  /** How the job ended, or null when it has not, or the pool does not know it. */
  Fact.@Nullable Ending ending(String job) throws InterruptedException {
    Service.Answer answer = pool.get("/jobs/" + job);
    if (answer.isRefusal() || answer.status() == 404) {
      return null;
    }
    if (answer.status() != 200) {
      throw pool.unexpected("GET /jobs/" + job, answer);
    }
    return switch (answer.at("/state").asText()) {
      case "queued", "running", "retrying" -> null;
      case "succeeded" -> ending(job, true, answer.at("/attempts"));
      case "failed" -> ending(job, false, answer.at("/attempts"));
      default -> throw pool.unexpected("GET /jobs/" + job, answer);
    };
  }

  private static Fact.Ending ending(String job, boolean delivered, JsonNode attempts) {
    int answered = 0;
    String reason = "never tried";
    for (JsonNode attempt : attempts) {
      boolean isAnswered = attempt.hasNonNull("status");
      answered += isAnswered ? 1 : 0;
      reason = attempt.path(isAnswered ? "status" : "error").asText("no answer");
    }
    return new Fact.Ending(job, delivered, attempts.size(), answered, reason);
  }

  private Patience patience() {
    return new Patience(patience, Stopwatch.start(clock));
  }
}
