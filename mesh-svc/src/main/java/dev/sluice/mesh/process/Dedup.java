package dev.sluice.mesh.process;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * Tells whether the key is new: not seen within the time that was said when it was first seen.
 *
 * <pre>
 *   {"ttl":"24h"}
 *   {"new":true, "firstSeen":"2026-01-01T00:00:00Z"}
 * </pre>
 *
 * <p>In a shard that was lost within that time, what is new may have been seen before the loss, and
 * been forgotten: then the reply says {@code "since"}, when that was.
 */
final class Dedup implements Operation {
  private static final List<String> FIELDS = List.of("ttl");
  private static final Duration MIN_TTL = Duration.ofMillis(1);
  private static final Duration MAX_TTL = Duration.ofDays(366);

  private final DurationText text;

  Dedup(DurationText text) {
    this.text = text;
  }

  @Override
  public String name() {
    return "dedup";
  }

  @Override
  public Ran run(Call call) {
    var payload = Payload.read(call.payload(), FIELDS);
    Duration ttl = payload.duration("ttl", text, MIN_TTL, MAX_TTL);
    String seen = call.state(); // when the key was first seen; gone when its time is over
    if (seen != null) {
      return new Ran("{\"new\":false,\"firstSeen\":\"" + parse(seen) + "\"}", null);
    }
    Instant now = call.now();
    Instant lostAt = call.lostAt();
    boolean mayHaveForgotten = lostAt != null && lostAt.plus(ttl).isAfter(now);
    String since = mayHaveForgotten ? ",\"since\":\"" + lostAt + "\"" : "";
    return new Ran(
        "{\"new\":true,\"firstSeen\":\"" + now + "\"" + since + "}", now.toString(), now.plus(ttl));
  }

  private static Instant parse(String state) {
    try {
      return Instant.parse(state);
    } catch (DateTimeParseException e) {
      throw new IllegalStateException("a key's state is no instant: " + state, e);
    }
  }
}
