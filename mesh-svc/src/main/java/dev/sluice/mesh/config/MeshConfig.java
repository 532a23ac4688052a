package dev.sluice.mesh.config;

import dev.sluice.service.DurationSetting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** What can be set of the mesh. */
@ConfigMapping(prefix = "sluice.mesh")
public interface MeshConfig {

  /** Into how many shards the keys fall; at least as many as workers. */
  @WithDefault("32")
  @Min(1)
  int shards();

  /** How many workers own them. */
  @WithDefault("4")
  @Min(1)
  int workers();

  /** How often a worker gives a sign of life; two missed, and it is stuck. */
  @WithDefault("1s")
  @WithConverter(DurationSetting.class)
  Duration heartbeat();

  /** How long a caller waits that does not say. */
  @WithDefault("2s")
  @WithConverter(DurationSetting.class)
  Duration usualWait();

  /** The longest {@code wait} that a request may ask for. */
  @WithDefault("30s")
  @WithConverter(DurationSetting.class)
  Duration maxWait();

  /** How many requests may wait in front of the router; more are answered 503. */
  @WithDefault("8192")
  @Min(1)
  int inbox();

  /** How many requests may be with one worker, unanswered. */
  @WithDefault("64")
  @Min(1)
  int window();

  /** How many requests may be unanswered at all; more are answered 503. */
  @WithDefault("16384")
  @Min(1)
  int inFlight();

  /** How many requests of one shard may be unanswered; more are answered 503. */
  @WithDefault("4096")
  @Min(1)
  int inFlightPerShard();

  /** How many characters the payloads in flight may have together. */
  @WithDefault("67108864")
  @Min(1)
  long inFlightChars();

  /** How often a request is delivered again after its worker got stuck or died running it. */
  @WithDefault("3")
  @Min(0)
  int redeliveries();

  /** How many ids of requests are remembered, to tell an id that is used twice. */
  @WithDefault("100000")
  @Min(1)
  int knownIds();

  /** How many keys' states the service keeps; a further key is answered 503. */
  @WithDefault("1000000")
  @Min(1)
  int maxKeys();

  /** How many answers the service keeps for repeated ids; the oldest are forgotten. */
  @WithDefault("100000")
  @Min(1)
  int maxAnswered();

  /** How many characters these answers may have together. */
  @WithDefault("67108864")
  @Min(1)
  long maxAnsweredChars();

  /** How stuck and dead workers are restarted. */
  Restarts restarts();

  /** How stuck and dead workers are restarted. */
  interface Restarts {

    /** The pause before the first restart; it doubles with every failure in the window. */
    @WithDefault("100ms")
    @WithConverter(DurationSetting.class)
    Duration backoff();

    /** The longest pause. */
    @WithDefault("10s")
    @WithConverter(DurationSetting.class)
    Duration maxBackoff();

    /** So many failures within the window, and a worker is out of service. */
    @WithDefault("10")
    @Min(1)
    int failures();

    /** Over which failures count. */
    @WithDefault("5m")
    @WithConverter(DurationSetting.class)
    Duration window();
  }
}
