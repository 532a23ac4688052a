package dev.sluice.pool.remote;

import dev.sluice.pool.model.Backoff;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.Terms;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Jobs for tests. */
final class Sample {
  static final UUID ID = UUID.fromString("019b7608-0000-7000-8000-000000000001");

  private Sample() {}

  static LeasedJob job(String method, URI url) {
    return job(new Call(method, url, Map.of()), Payload.NONE);
  }

  static LeasedJob job(Call call, Payload payload) {
    return job(call, payload, 1, Duration.ofMinutes(1));
  }

  static LeasedJob job(Call call, Payload payload, int attempt, Duration timeout) {
    return new LeasedJob(
        ID,
        "push",
        1,
        attempt,
        payload,
        call,
        new Terms(3, timeout, Backoff.DEFAULT),
        null,
        Instant.EPOCH,
        Instant.EPOCH,
        null);
  }

  static LeasedJob within(Duration timeout, URI url) {
    return job(new Call("GET", url, Map.of()), Payload.NONE, 1, timeout);
  }
}
