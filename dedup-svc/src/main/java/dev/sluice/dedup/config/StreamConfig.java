package dev.sluice.dedup.config;

import dev.sluice.service.DurationRange;
import dev.sluice.service.DurationSetting;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** What can be set of streams. */
@ConfigMapping(prefix = "sluice.dedup.stream")
public interface StreamConfig {

  /** How many streams, over HTTP and gRPC, may be open at once; a further one is answered 503. */
  @WithDefault("64")
  @Min(1)
  @Max(100_000)
  int maxStreams();

  /** The longest line, in bytes without its end. */
  @WithDefault("64K")
  MemorySize maxLine();

  /** How long nothing may come and nothing be sent, before a stream is ended. */
  @WithDefault("5m")
  @WithConverter(DurationSetting.class)
  @DurationRange(min = "1s", max = "24h")
  Duration idle();

  /** How many keys a debouncing stream holds; when it has as many, it reads no further. */
  @WithDefault("20000")
  @Min(1)
  int maxPending();

  /** How many bytes of keys and lines it holds, likewise. */
  @WithDefault("2M")
  MemorySize maxPendingBytes();

  /**
   * How many items of one gRPC stream may be under way: fewer when they could have more than 1 MiB
   * together.
   */
  @WithDefault("256")
  @Min(1)
  @Max(100_000)
  int window();
}
