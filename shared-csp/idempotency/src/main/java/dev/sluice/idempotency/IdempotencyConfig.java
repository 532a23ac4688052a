package dev.sluice.idempotency;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What can be set of the filter. */
@ConfigMapping(prefix = "sluice.idempotency")
public interface IdempotencyConfig {

  /** Where dedup-svc is, for example {@code http://localhost:8082}; without it nothing is done. */
  Optional<URI> url();

  /** How long a claim outlives a service that dies; while the method runs it is renewed. */
  @WithDefault("30s")
  Duration lease();

  /** For how long responses are replayed. */
  @WithDefault("24h")
  Duration ttl();

  /** How long a repetition waits for the first to be answered, before it is answered 409. */
  @WithName("wait")
  @WithDefault("0s")
  Duration maxWait();

  /** How long dedup-svc may take to answer, beside what it is to wait. */
  @WithDefault("2s")
  Duration timeout();

  /** Whose keys they are; by default the application's name. */
  Optional<String> namespace();

  /** The largest body: a larger request is answered 413, a larger response is not kept. */
  @WithDefault("192K")
  MemorySize maxBody();

  /** What becomes of requests with a key when dedup-svc does not answer. */
  @WithDefault("REFUSE")
  WhenUnavailable whenUnavailable();

  /** How many connections there may be to dedup-svc. */
  @WithDefault("64")
  int connections();

  /** Headers that are not kept, because they belong to one answer only. */
  @WithDefault("Date,Content-Length,Transfer-Encoding,Connection,Set-Cookie")
  Set<String> droppedHeaders();

  /** What becomes of requests with a key when dedup-svc does not answer. */
  enum WhenUnavailable {
    /** They are answered 503. */
    REFUSE,
    /** They are carried out as if they had none, perhaps twice. */
    PASS
  }
}
