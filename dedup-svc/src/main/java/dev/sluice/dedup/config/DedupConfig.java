package dev.sluice.dedup.config;

import dev.sluice.dedup.store.KeyForm;
import dev.sluice.dedup.store.MemorySeenStore;
import dev.sluice.dedup.store.WhenFull;
import dev.sluice.service.DurationRange;
import dev.sluice.service.DurationSetting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.OptionalInt;

/** What can be set of the deduplicator. */
@ConfigMapping(prefix = "sluice.dedup")
public interface DedupConfig {

  /** How many processes share the keys; by default one for every four processors. */
  @Min(1)
  OptionalInt shards();

  /** How many requests may wait in front of each shard; more are answered 503. */
  @WithDefault("8192")
  @Min(1)
  @Max(1_000_000)
  int inbox();

  /**
   * How many keys whose window has not ended the service keeps in memory, divided evenly among the
   * shards.
   */
  @WithDefault("1000000")
  @Min(1)
  @Max(MemorySeenStore.LARGEST)
  int maxEntries();

  /** What becomes of a new key when there are so many. */
  @WithDefault("refuse")
  WhenFull whenFull();

  /** What is kept of a key. */
  @WithDefault("hashed")
  KeyForm keys();

  /** The longest {@code ttl} that a request may ask for. */
  @WithDefault("7d")
  @WithConverter(DurationSetting.class)
  @DurationRange(min = "1ms", max = "366d")
  Duration maxTtl();

  /** How Redis is used, when {@code sluice.store} names one. */
  Redis redis();

  /** How Redis is used. */
  interface Redis {
    /** Within which it must answer. */
    @WithDefault("250ms")
    @WithConverter(DurationSetting.class)
    Duration timeout();

    /** After how many error answers in a row a node counts as down. */
    @WithDefault("5")
    int failures();

    /** How often a node that is down is tried again. */
    @WithDefault("200ms")
    @WithConverter(DurationSetting.class)
    Duration probeEvery();

    /** How often those who wait look whether a claim has ended through another instance. */
    @WithDefault("100ms")
    @WithConverter(DurationSetting.class)
    @DurationRange(min = "1ms", max = "1m")
    Duration lookAgain();
  }
}
